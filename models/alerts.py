"""Who hears of which calls, and when: what fits a person well enough waits as a row until the person's hour, or leaves at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import loads
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, func, select, tuple_, update
from sqlmodel import Session, col

from models.audience import why_not
from models.call import NEW, TYPED, Call, CallNotice, still_open
from models.contact import Person
from models.history import of_plan
from models.inserting import insert_missing, parts
from models.product import Product
from models.quiet import quiet
from models.relevance import ENOUGH, Match, offers
from models.taste import DAILY, INSTANT, Taste

WELL = 0.65
"""From this score on a call that closes soon is told at once, whatever the person's rhythm."""
SOON = 3
"""Days until the closing, as the person's calendar counts them ("3 hari lagi")."""
DIGEST = 5
"""Calls in one message at most, the best first."""


@dataclass(frozen=True, slots=True)
class Share:
    """Messages and the calls in them."""

    messages: int = 0
    calls: int = 0


WEEK = timedelta(days=7)
MOST = Share(messages=5, calls=15)
"""What anybody hears of calls in seven days at most, the best first; the rest waits. What officers typed counts, and is told all the same:
they were promised how many hear of it. Reminders, changes and cancellations of what somebody was told are not counted.
"""
SLICE = 500
"""Persons told in one transaction, so that conversations go on in between."""
DAILY_NOTICES, FEWEST, MOST_PEOPLE = 200_000, 40, 10_000
"""Notices that the calls of a day share, and how few and how many people each of them may go to for that."""
WAITS = "waiting"
"""The reason that says: an officer is still checking the product."""
UNIQUE = ("call_id", "person_id", "kind")


@dataclass(frozen=True, slots=True)
class Fit:
    """A call that a person shall hear of."""

    call: Call
    match: Match
    rhythm: str = DAILY

    def at_once(self, now: datetime) -> bool:
        """By night only what an officer typed leaves, for the morning; all else is in the digest by then."""
        if quiet(now, self.match.zone) and self.call.source != TYPED:
            return False
        return self.rhythm == INSTANT or urgent(self.call, self.match.score, now, self.match.zone)

    def row(self, now: datetime, at: datetime) -> dict[str, Any]:
        reasons = [{"key": reason.key, "params": reason.params} for reason in self.match.reasons]
        return {
            "call_id": self.call.id, "person_id": self.match.person_id, "kind": NEW, "product_id": self.match.product_id, "answer": "",
            "reasons": reasons if self.match.approved else [*reasons, {"key": WAITS, "params": {}}], "at": at,
            "score": self.match.score, "told_at": None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that was not told yet."""

    id: int
    person_id: int
    zone: str
    rhythm: str
    call: Call
    score: float
    product: str
    reasons: Sequence[Mapping[str, Any]]

    @property
    def worth(self) -> tuple[bool, float, int]:
        """What an officer typed first, then what fits best; of equals the older."""
        return self.call.source != TYPED, -self.score, self.id


def days_left(call: Call, now: datetime, zone: str) -> int | None:
    if call.closes_at is None or of_plan(call, "closes_at"):
        return None
    return (call.closes_at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days


def urgent(call: Call, score: float, now: datetime, zone: str) -> bool:
    """Closes within three days and fits well. An officer who types a call has looked at it: it fits well enough."""
    days = days_left(call, now, zone)
    return days is not None and days <= SOON and (score >= WELL or call.source == TYPED)


def share_of_a_call(session: Session, now: datetime) -> int:
    """How many people may hear of each call of these days, the best first and of equals each time others.

    With some thousand vendors that is everybody it could concern. With a hundred thousand of them and thousands of calls it would be more
    than anybody reads, and the share of each week would leave most of it untold: the calls that concern the most then go to fewer.
    """
    offered = offers(session)
    alike = cast(col(Call.etalase), String)
    today = select(alike, func.count()).where(col(Call.created_at) > now - timedelta(days=1), col(Call.source) != TYPED).group_by(alike)
    wide: list[int] = []
    for etalase, calls in session.execute(today):
        wide += [sum(offered.get(code, 0) for code in loads(etalase))] * calls
    wide.sort()
    left = DAILY_NOTICES
    for place, people in enumerate(wide):
        share = left // (len(wide) - place)
        if people > share:
            return max(FEWEST, min(MOST_PEOPLE, share))
        left -= people
    return MOST_PEOPLE


def fits(session: Session, ranked: Sequence[tuple[Call, Sequence[Match]]]) -> list[Fit]:
    """Those who shall hear of a call and do not know it yet."""
    near = [(call, match) for call, matches in ranked for match in matches if not match.why]
    tastes = tastes_of(session, {match.person_id for _, match in near})
    known = _known(session, [call.id for call, _ in ranked if call.id])
    blank = Taste(person_id=0)
    return [
        Fit(call, match, taste.rhythm)
        for call, match in near
        if match.score >= ENOUGH + (taste := tastes.get(match.person_id, blank)).threshold and (call.id, match.person_id) not in known
    ]


def tastes_of(session: Session, people: Collection[int]) -> dict[int, Taste]:
    """By person, of those who chose or taught something."""
    found: dict[int, Taste] = {}
    for part in parts(sorted(people), 5_000):
        rows = select(Taste).where(col(Taste.person_id).in_(part))
        found |= {taste.person_id: taste for taste in session.execute(rows).scalars()}
    return found


def _known(session: Session, calls: Collection[int]) -> set[tuple[int, int]]:
    rows = select(col(CallNotice.call_id), col(CallNotice.person_id)).where(col(CallNotice.call_id).in_(calls))
    return {(call, person) for call, person in session.execute(rows)} if calls else set()


def keep(session: Session, found: Sequence[Fit], now: datetime, at: datetime) -> set[int]:
    """Inserts a notice each that waits, to be told not before `at`. Returns the ids of the new ones."""
    return insert_missing(session, CallNotice, [fit.row(now, at) for fit in found], UNIQUE, col(CallNotice.id))


def waiting(session: Session, now: datetime, *which: ColumnElement[bool]) -> dict[int, list[Waiting]]:
    """What may be told now, by person: open calls, and people who want to hear of them and can be reached. Who says stop meanwhile waits
    for this, and then takes back what was queued.
    """
    rows = (
        select(CallNotice, Call, col(Person.zone), col(Taste.rhythm), col(Product.name))
        .join(Call, col(Call.id) == col(CallNotice.call_id))
        .join(Person, col(Person.id) == col(CallNotice.person_id))
        .outerjoin(Taste, col(Taste.person_id) == col(CallNotice.person_id))
        .outerjoin(Product, col(Product.id) == col(CallNotice.product_id))
        .where(col(CallNotice.told_at).is_(None), still_open(now), why_not() == "", *which)
        .order_by(col(Person.id))
        .with_for_update(read=True, of=Person)
    )
    found: dict[int, list[Waiting]] = defaultdict(list)
    for notice, call, zone, rhythm, product in session.execute(rows):
        one = Waiting(notice.id, notice.person_id, zone, rhythm or DAILY, call, notice.score, product or "", notice.reasons)
        found[notice.person_id].append(one)
    return found


def heard(session: Session, people: Collection[int], now: datetime) -> dict[int, Share]:
    """What each was told of calls in the last seven days. Whatever left together has one moment."""
    rows = select(col(CallNotice.person_id), func.count(func.distinct(col(CallNotice.told_at))), func.count())
    rows = rows.where(col(CallNotice.person_id).in_(people), col(CallNotice.kind) == NEW, col(CallNotice.told_at) > now - WEEK)
    return {person: Share(messages, calls) for person, messages, calls in session.execute(rows.group_by(col(CallNotice.person_id)))}


def choose(waits: Sequence[Waiting], had: Share) -> list[Waiting]:
    """The best of what waits, as far as the week has room."""
    ordered = sorted(waits, key=lambda one: one.worth)
    typed = [one for one in ordered if one.call.source == TYPED][:DIGEST]
    room = min(DIGEST - len(typed), MOST.calls - had.calls - len(typed)) if had.messages < MOST.messages else 0
    others = [one for one in ordered if one.call.source != TYPED]
    return [*typed, *others[: max(room, 0)]]


def claim(session: Session, notices: Sequence[int], now: datetime) -> set[int]:
    """Marks them as told; those that another process was quicker with are left out."""
    rows = update(CallNotice).where(col(CallNotice.id).in_(notices), col(CallNotice.told_at).is_(None)).values(told_at=now)
    told = session.execute(rows.returning(col(CallNotice.id)), execution_options={"synchronize_session": False})
    return set(told.scalars()) if notices else set()


def untell(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """(call, person) whose notice did not leave: it waits again."""
    both = tuple_(col(CallNotice.call_id), col(CallNotice.person_id))
    for part in parts(list(pairs), SLICE):
        session.execute(update(CallNotice).where(both.in_(part), col(CallNotice.kind) == NEW).values(told_at=None))
