"""At most once a month, instead of silence: nothing fits yet, these calls come nearest, and what brings more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from handlers.calls.digest import BUNDLE
from handlers.calls.wording import line, look
from handlers.visit import command
from messages import Message, joined
from models.alerts import UNIQUE
from models.audience import best_addresses, why_not
from models.business import Business
from models.call import NEAREST, Call, CallNotice, still_open
from models.contact import Address, Person
from models.inserting import insert_all, insert_missing
from models.judging import Asking, Judged, best_of, each_of
from models.matching import FAR
from models.morning import mark
from models.outbox import NOTICE, Outgoing
from models.places import covers, name_of
from models.product import APPROVED, WAITING, Product
from models.quiet import after_quiet
from models.relevance import match
from models.taste import Taste

MONTH = timedelta(days=30)
SHOWN = 3
LOOKED_AT = 300
"""So many of the newest open calls are compared."""
AHEAD = timedelta(days=1)
"""What closes sooner is no use to somebody who has to look at it first."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody with a product on offer, whom nothing was told for a month."""

    person_id: int
    zone: str
    product: str
    product_id: int
    region: str


@dataclass(frozen=True, slots=True)
class Near:
    call: Call
    reasons: Sequence[Mapping[str, Any]]
    score: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """A call held against a person's products. It is put in words only when it is one of the three."""

    asking: Asking
    judged: Judged

    @property
    def score(self) -> float:
        return self.judged.score / 2 if self.judged.why == FAR else self.judged.score

    @property
    def rank(self) -> tuple[float, int]:
        """The best first, of equals the newer."""
        return -self.score, -(self.asking.call.id or 0)

    def near(self) -> Near:
        call = self.asking.call
        reasons = [{"key": reason.key, "params": reason.params} for reason in match(self.asking, self.judged).reasons]
        far = [{"key": FAR, "params": {"place": name_of(call.region)}}] if self.judged.why == FAR and call.region else []
        return Near(call, [*far, *reasons], self.score)


def silent(session: Session, now: datetime) -> dict[int, Silent]:
    """By person, with the product that is there longest."""
    month_ago = now - MONTH
    told = exists().where(
        col(CallNotice.person_id) == col(Person.id), or_(col(CallNotice.told_at).is_(None), col(CallNotice.told_at) > month_ago)
    )
    rows = (
        select(col(Person.id), col(Person.zone), col(Product.name), col(Product.id), col(Business.region))
        .join(Product, col(Product.person_id) == col(Person.id))
        .join(Business, col(Business.id) == col(Product.business_id))
        .outerjoin(Taste, col(Taste.person_id) == col(Person.id))
        .where(col(Product.status).in_((APPROVED, *WAITING)), col(Product.submitted_at) < month_ago)
        .where(or_(col(Taste.nearest_at).is_(None), col(Taste.nearest_at) < month_ago), why_not() == "", ~told)
        .order_by(col(Person.id), col(Product.id).desc())
    )
    return {person: Silent(person, *rest) for person, *rest in session.execute(rows)}


def nearest(session: Session, people: Mapping[int, Silent], now: datetime) -> dict[int, list[Near]]:
    """The three of each: what fits best though not well enough, or too far away; else what is asked for in the own place."""
    if not people:
        return {}
    newest = select(Call).where(still_open(now), or_(col(Call.closes_at).is_(None), col(Call.closes_at) > now + AHEAD))
    calls = session.execute(newest.order_by(col(Call.id).desc()).limit(LOOKED_AT)).scalars().all()
    found: dict[int, list[Fitting]] = defaultdict(list)
    for asking, judged in each_of(session, calls, people):
        for person, one in best_of(asking, judged).items():
            if one.why in ("", FAR):
                found[person] = sorted([*found[person], Fitting(asking, one)], key=lambda fitting: fitting.rank)[:SHOWN]
    filled = {person: _filled([fitting.near() for fitting in found[person]], one, calls) for person, one in people.items()}
    return {person: nears for person, nears in filled.items() if nears}


def _filled(best: list[Near], one: Silent, calls: Collection[Call]) -> list[Near]:
    known = {near.call.id for near in best}
    here = [call for call in calls if call.region and covers(call.region, one.region) and call.id not in known]
    reasons = [{"key": "place", "params": {"place": name_of(one.region)}}] if one.region else []
    return [*best, *(Near(call, reasons, 0.0) for call in here)][:SHOWN]


def tell_nearest(session: Session, found: Mapping[int, Sequence[Near]], people: Mapping[int, Silent], now: datetime) -> int:
    """One message each. Returns how many persons; who was told meanwhile is left out."""
    rows = [
        {
            "call_id": near.call.id, "person_id": person, "kind": NEAREST, "product_id": people[person].product_id, "answer": "",
            "reasons": list(near.reasons), "at": now, "score": near.score, "told_at": now,
        }
        for person, nears in found.items() for near in nears
    ]  # fmt: skip
    new = insert_missing(session, CallNotice, rows, UNIQUE, col(CallNotice.id))
    pairs = select(col(CallNotice.call_id), col(CallNotice.person_id)).where(col(CallNotice.id).in_(new))
    told = {tuple(pair) for pair in session.execute(pairs)}
    addresses = best_addresses(session, found, now)
    queued = []
    for person, nears in found.items():
        mine = [near for near in nears if (near.call.id, person) in told]
        if mine and person in addresses:
            queued.append(_row(people[person], mine, addresses[person], now))
    insert_all(session, Outgoing, queued)
    mark(session, sorted(found), "nearest_at", now)
    return len(queued)


def message(one: Silent, mine: Sequence[Near]) -> Message:
    said = joined([line(place, near.call, one.product, near.reasons) for place, near in enumerate(mine, 1)], "\n\n")
    buttons = [look(near.call.id or 0, place) for place, near in enumerate(mine, 1)]
    return Message("call.nearest", {"n": len(mine), "list": said}, (*buttons, command("register")), category="marketing")


def _row(one: Silent, mine: Sequence[Near], address: Address, now: datetime) -> dict[str, Any]:
    due_at = after_quiet(now, one.zone)
    return {
        "person_id": one.person_id, "address_id": address.id, "account": address.account, "lane": NOTICE, "kind": "call",
        "subject": "", "bundle": BUNDLE, "message": message(one, mine).to_json(), "due_at": due_at,
        "expires_at": min((near.call.closes_at for near in mine if near.call.closes_at), default=None), "created_at": now,
    }  # fmt: skip
