"""Who is told of a call or an announcement: the queries against a plain count in Python, on both engines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as every

import pytest
from sqlmodel import Session, select

from bot.store import open_engine
from models.audience import Audience, tally, told_people
from models.business import Business, Membership
from models.contact import Address, Consent, Person
from models.conversation import Conversation
from models.matching import FAR, candidates
from models.product import Product
from tests.databases import patient
from tests.vendors import SINCE, add_business, add_person, add_product, add_vendor

REGIONS = ("64.72", "64.03", "64.71")
STATUSES = ("APPROVED", "SUBMITTED", "IN_REVIEW", "NEEDS_FIX", "REJECTED", "DRAFT")


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine) as made:
        yield made
    engine.dispose()


@dataclass(frozen=True)
class Known:
    """Everything about one person, read row by row."""

    person: Person
    consent: bool
    reachable: bool
    businesses: list[Business]
    products: list[tuple[Product, Business]]
    drafts: list[Conversation]

    @property
    def why(self) -> str:
        if self.person.stopped_at:
            return "stopped"
        return "" if self.consent and self.reachable else "unreachable" if self.consent else "no_consent"


def people(session: Session) -> list[Known]:
    found = []
    for person in session.exec(select(Person).order_by("id")):
        consents = session.exec(select(Consent).where(Consent.person_id == person.id)).all()
        addresses = session.exec(select(Address).where(Address.person_id == person.id)).all()
        own = [
            session.get_one(Business, one.business_id) for one in session.exec(select(Membership).where(Membership.person_id == person.id))
        ]
        products = [
            (product, business) for business in own for product in session.exec(select(Product).where(Product.business_id == business.id))
        ]
        drafts = session.exec(select(Conversation).where(Conversation.person_id == person.id)).all()
        found.append(
            Known(
                person,
                any(one.purpose == "announcements" and one.withdrawn_at is None for one in consents),
                any(one.unreachable_at is None for one in addresses),
                own,
                products,
                [draft for draft in drafts if draft.form == "product" and draft.closed_at is None],
            )
        )
    return found


def town(session: Session, seed: int) -> None:
    """People with one or two businesses, products of every status and scope, withdrawn consents, lost addresses, open drafts."""
    rng = random.Random(seed)
    for n in range(40):
        person = add_person(session, f"p{n}", consent=rng.random() < 0.7, stopped=rng.random() < 0.2, reachable=rng.random() < 0.85)
        if rng.random() < 0.1:
            consent = session.exec(select(Consent).where(Consent.person_id == person, Consent.purpose == "announcements")).first()
            if consent:
                consent.withdrawn_at = SINCE
        for _ in range(rng.choice((0, 1, 1, 1, 2))):
            region = rng.choice(REGIONS)
            business = add_business(session, person, region)
            for _ in range(rng.choice((0, 1, 2, 3))):
                scope = rng.choice((region, region, "64", "", rng.choice(REGIONS)))
                add_product(
                    session, business, person, etalase=rng.choice(("mamin", "atk", "cetak")), status=rng.choice(STATUSES), scope=scope
                )
        if rng.random() < 0.4:
            place = {"place": {"region": rng.choice(REGIONS)}} if rng.random() < 0.5 else {"name": "Amplang"}
            session.add(Conversation(person_id=person, form=rng.choice(("product", "product", "question")), answers=place, started_at=SINCE,
                                     updated_at=SINCE, closed_at=rng.choice((None, None, SINCE)), current=False))  # fmt: skip
    session.flush()


def in_reach(product: Product, business: Business, region: str) -> bool:
    if region == "64":
        return business.region.startswith("64.") or product.scope in ("", "64")
    return business.region == region or product.scope in ("", "64", region)


@pytest.mark.parametrize("seed", range(4))
def test_candidates_of_a_call(session: Session, seed: int) -> None:
    town(session, seed)
    for region, etalase in every((*REGIONS, "64", "64.08"), (("mamin",), ("atk", "cetak"))):
        expected = {}
        for known in people(session):
            fit = [
                (product, business)
                for product, business in known.products
                if product.etalase in etalase and product.status in ("APPROVED", "SUBMITTED", "IN_REVIEW")
            ]
            best = min(
                fit, default=None, key=lambda pair: (not in_reach(pair[0], pair[1], region), pair[0].status != "APPROVED", pair[0].id)
            )
            if best:
                why = known.why if in_reach(best[0], best[1], region) else FAR
                expected[known.person.id] = (best[0].id, best[0].status == "APPROVED", why)
        found = {one.person_id: (one.product_id, one.approved, one.why) for one in candidates(session, etalase, region)}
        assert found == expected
        assert region == "64.08" or any(why == "" for _, _, why in found.values())


def belongs(known: Known, audience: Audience) -> bool:
    def within(region: str) -> bool:
        return region == audience.region or region.startswith(audience.region + ".")

    here = any(within(business.region) for business in known.businesses)
    if audience.state == "drafts":
        places = [draft.answers.get("place", {}).get("region") for draft in known.drafts]
        unknown = not known.businesses and None in places and audience.region == "64"
        return bool(known.drafts) and (here or any(place and within(place) for place in places) or unknown)
    if audience.state == "all" and not audience.etalase:
        return here
    wanted = ("APPROVED",) if audience.state == "approved" else ("APPROVED", "SUBMITTED", "IN_REVIEW", "NEEDS_FIX")
    return any(
        within(business.region) and product.status in wanted and (not audience.etalase or product.etalase in audience.etalase)
        for product, business in known.products
    )


@pytest.mark.parametrize("seed", range(4))
def test_audiences_of_an_announcement(session: Session, seed: int) -> None:
    town(session, seed)
    known = people(session)
    reached = 0
    for region, state, etalase in every(("64", "64.72", "64.08"), ("all", "approved", "drafts"), ((), ("mamin", "cetak"))):
        if state == "drafts" and etalase:
            continue
        audience = Audience(region, state, etalase)
        expected = [one for one in known if belongs(one, audience)]
        assert tally(session, audience) == Counter(one.why for one in expected)
        told = [person for person, _ in session.execute(told_people(audience))]
        assert told == [one.person.id for one in expected if not one.why]
        reached += len(told)
    assert reached


def test_a_person_of_two_businesses_hears_once(session: Session) -> None:
    person = add_vendor(session, "siti", "64.72")
    other = add_business(session, person, "64.03")
    add_product(session, other, person, "Snack box", scope="64.03")
    assert [(one.person_id, one.product) for one in candidates(session, ["mamin"], "64.03")] == [(person, "Snack box")]
    assert [(one.person_id, one.product) for one in candidates(session, ["mamin"], "64")] == [(person, "Nasi kotak")]
    assert tally(session, Audience("64")) == {"": 1}


def test_a_region_whose_code_begins_alike_is_another(session: Session) -> None:
    add_vendor(session, "siti", "64.72")
    assert tally(session, Audience("64.7")) == {}
    assert tally(session, Audience("6")) == {}
