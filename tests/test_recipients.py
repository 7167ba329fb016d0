"""Adding recipients by one statement: the same people, doors and hours as asked one by one, however often and wherever it is cut off."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from random import Random

from sqlmodel import Session, col, select

from bot.store import open_engine
from models.audience import STATES, Audience, best_addresses, tally, told_people
from models.campaign import Campaign, fill
from models.contact import Address
from models.conversation import Conversation
from models.outbox import Outgoing
from models.product import APPROVED, DRAFT, SUBMITTED
from models.quiet import after_quiet
from models.recipients import LOOK, add_next, add_these
from tests.vendors import add_person, add_vendor
from tests.world import MORNING

NIGHT = MORNING + timedelta(hours=10, minutes=30)
"""20.30 in Samarinda, 19.30 in Jakarta."""
ZONES = ("Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin")


def settle(session: Session, dice: Random, persons: int = 60) -> None:
    """People of every kind, with doors of every kind."""
    for n in range(persons):
        person = add_vendor(
            session, f"v{n}", dice.choice(("64.72", "64.74", "64.03")), zone=dice.choice(ZONES), consent=dice.random() < 0.9,
            stopped=dice.random() < 0.1, status=dice.choice((APPROVED, SUBMITTED, DRAFT)), etalase=dice.choice(("mamin", "jasa")),
        )  # fmt: skip
        for channel in dice.sample(("telegram", "whatsapp", "webchat"), dice.randint(0, 3)):
            heard = dice.choice((None, NIGHT - timedelta(hours=1), NIGHT - timedelta(hours=24), NIGHT - timedelta(hours=30)))
            gone, over = (NIGHT if dice.random() < 0.2 else None for _ in range(2))
            session.add(Address(person_id=person, account=channel, channel=channel, address=f"{channel}{n}", since=MORNING, heard_at=heard,
                                unreachable_at=gone, until=over))  # fmt: skip
    for n in range(8):
        person = add_person(session, f"d{n}", zone=dice.choice(ZONES))
        place = {"region": dice.choice(("64.72", "64.74"))} if n % 3 else None
        session.add(Conversation(person_id=person, form="product", answers={"place": place} if place else {}, started_at=MORNING,
                                 updated_at=MORNING))  # fmt: skip
    session.flush()


def announced(session: Session, audience: Audience, now: datetime = NIGHT) -> Campaign:
    campaign = Campaign(officer_id=1, text="Rapat", audience=audience.to_json(), message={"key": "menu.help"}, created_at=now)
    session.add(campaign)
    session.flush()
    return campaign


def rows_of(session: Session, campaign: Campaign) -> list[Outgoing]:
    return list(session.exec(select(Outgoing).where(Outgoing.campaign_id == campaign.id).order_by(col(Outgoing.person_id))))


def test_the_same_as_asked_one_by_one(database: str) -> None:
    engine = open_engine(database)
    with Session(engine) as session:
        settle(session, Random(4))
        for region, state, etalase in product(("64", "64.72"), STATES, ((), ("mamin",))):
            audience = Audience(region, state, etalase)
            people = {int(person): str(zone) for person, zone in session.execute(told_people(audience))}
            doors = best_addresses(session, list(people), NIGHT)
            campaign = announced(session, audience)
            while not campaign.filled_at:
                fill(session, campaign, NIGHT, 7)
            rows = rows_of(session, campaign)
            assert [row.person_id for row in rows] == sorted(people) and len(rows) == tally(session, audience).get("", 0)
            assert [(row.address_id, row.account) for row in rows] == [(doors[one].id, doors[one].account) for one in sorted(people)]
            assert [row.due_at for row in rows] == [after_quiet(NIGHT, people[one]) for one in sorted(people)]
            assert {(row.status, row.lane, row.kind, row.message) for row in rows} <= {("queued", 2, "announcement", None)}
    engine.dispose()


def test_the_first_ones_then_all_that_are_missing(database: str) -> None:
    engine = open_engine(database)
    with Session(engine) as session:
        people = [add_vendor(session, f"v{n}") for n in range(9)]
        stranger = add_vendor(session, "jauh", stopped=True)
        campaign, audience = announced(session, Audience("64")), Audience("64")
        drawn = [people[7], people[2], stranger]
        assert add_these(session, campaign.id or 0, audience, drawn, NIGHT) == 2
        assert add_these(session, campaign.id or 0, audience, drawn, NIGHT) == 0
        assert [fill(session, campaign, NIGHT, 5), fill(session, campaign, NIGHT, 5)] == [5, 2] and campaign.filled_at
        campaign.filled_at, campaign.filled_to = None, 0
        assert fill(session, campaign, NIGHT) == 0 and campaign.filled_at, "run twice it adds only what is missing"
        assert [row.person_id for row in rows_of(session, campaign)] == people
    engine.dispose()


def test_cut_off_in_the_middle_it_goes_on_where_it_was(database: str) -> None:
    engine = open_engine(database)
    with Session(engine) as session:
        people = [add_vendor(session, f"v{n}") for n in range(6)]
        number = announced(session, Audience("64")).id
        session.commit()
    with Session(engine) as session:
        campaign = session.get_one(Campaign, number)
        assert fill(session, campaign, NIGHT, 2) == 2
        session.commit()
        assert fill(session, campaign, NIGHT, 2) == 2  # not committed: as if killed here
    with Session(engine) as session:
        campaign = session.get_one(Campaign, number)
        while not campaign.filled_at:
            fill(session, campaign, NIGHT, 2)
            session.commit()
        assert [row.person_id for row in rows_of(session, campaign)] == people
    engine.dispose()


def test_few_among_many_are_looked_for_a_stretch_at_a_time(sqlite_database: str) -> None:
    engine = open_engine(sqlite_database)
    with Session(engine) as session:
        near = add_vendor(session, "siti")
        campaign = announced(session, Audience("64.72"))
        assert add_next(session, campaign.id or 0, Audience("64.72"), near, 10, NIGHT) == (0, near + LOOK)
        assert add_next(session, campaign.id or 0, Audience("64.72"), 0, 1, NIGHT) == (1, near)
    engine.dispose()
