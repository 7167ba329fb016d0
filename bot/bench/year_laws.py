"""What became of a simulated year, read from the rows that left: how much anybody heard, and how often a law was broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from models.alerts import MOST, WEEK
from models.audience import why_not
from models.call import NEAREST, NEW, Call, CallNotice
from models.contact import Person
from models.matching import shared
from models.outbox import Outgoing
from models.product import Product
from models.quiet import quiet

ALERTS = ("call.new", "call.digest")
SENT = ("sent",)
Figure = tuple[float, str, float | None]


@dataclass(frozen=True, slots=True)
class Sent:
    person: int
    zone: str
    at: datetime
    key: str
    calls: tuple[int, ...]


@dataclass(slots=True)
class Found:
    weeks: int
    people: int
    sent: list[Sent]
    closes: Mapping[int, datetime]
    by_words: int = 0
    fitting: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def alerts(self) -> list[Sent]:
        return [one for one in self.sent if one.key in ALERTS]

    def after_closing(self) -> int:
        return sum(one.at >= self.closes[call] for one in self.sent for call in one.calls if one.key != "call.off" and call in self.closes)

    def twice(self) -> int:
        """Calls that a person was told of as new, in whatever message, more than once."""
        told = Counter((one.person, call) for one in self.sent if one.key in (*ALERTS, "call.nearest") for call in one.calls)
        return sum(count - 1 for count in told.values())

    def in_quiet_hours(self) -> int:
        return sum(quiet(one.at, one.zone) for one in self.sent)

    def over_the_week(self) -> int:
        """Messages beyond what a person may hear in any seven days."""
        by: dict[int, list[Sent]] = defaultdict(list)
        for one in self.alerts():
            by[one.person].append(one)
        return sum(_beyond(ones) for ones in by.values())

    def by_week(self) -> tuple[list[int], list[int]]:
        """Messages, and calls in them, of each person in each week, weeks of silence included."""
        messages, calls = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
        first = min((one.at for one in self.sent), default=None)
        for one in self.alerts():
            week = (one.person, (one.at - first).days // 7 if first else 0)
            messages[week] += 1
            calls[week] += len(one.calls)
        silent = [0] * max(self.weeks * self.people - len(messages), 0)
        return sorted([*silent, *messages.values()]), sorted([*silent, *calls.values()])

    def figures(self) -> dict[str, Figure]:
        messages, calls = self.by_week()
        heard = len({one.person for one in self.alerts()})
        keys = Counter(one.key for one in self.sent)
        shown: dict[str, Figure] = {
            "people who may be told": (self.people, "people", None),
            "people who heard of a call that fits": (heard, "people", self.people),
            "messages a vendor and week, median": (median(messages), "messages", None),
            "messages a vendor and week, p95": (messages[int(len(messages) * 0.95)], "messages", None),
            "messages a vendor and week, most": (messages[-1], "messages", MOST.messages),
            "calls a vendor and week, median": (median(calls), "calls", None),
            "calls a vendor and week, p95": (calls[int(len(calls) * 0.95)], "calls", None),
            "calls a vendor and week, most": (calls[-1], "calls", MOST.calls),
            "share whose title has a word of the product": (self.by_words / max(self.fitting, 1), "share", None),
            "told after closing": (self.after_closing(), "times", None),
            "told twice": (self.twice(), "times", None),
            "told in quiet hours": (self.in_quiet_hours(), "times", None),
            "beyond the week's share": (self.over_the_week(), "messages", None),
        }
        return shown | {f"messages {key}": (count, "messages", None) for key, count in sorted((keys + self.kinds).items())}


def _beyond(ones: list[Sent]) -> int:
    ones.sort(key=lambda one: one.at)
    return sum(sum(other.at > one.at - WEEK for other in ones[:place]) + 1 > MOST.messages for place, one in enumerate(ones))


def look_back(session: Session, began: datetime, days: int) -> Found:
    zones = {row.id: row.zone for row in session.execute(select(col(Person.id), col(Person.zone)))}
    people = len(
        session.execute(
            select(col(Person.id)).join(Product, col(Product.person_id) == col(Person.id)).where(why_not() == "").distinct()
        ).all()
    )
    closes = {call: at for call, at in session.execute(select(col(Call.id), col(Call.closes_at))) if at}
    found = Found(max(days // 7, 1), people, _sent(session, zones), closes)
    rows = select(col(Call.title), col(Product.name)).join(CallNotice, col(CallNotice.call_id) == col(Call.id))
    rows = rows.join(Product, col(Product.id) == col(CallNotice.product_id)).where(
        col(CallNotice.kind) == NEW, col(CallNotice.told_at).is_not(None)
    )
    for title, name in session.execute(rows):
        found.fitting += 1
        found.by_words += shared(title, name)
    kinds = select(col(CallNotice.kind)).where(or_(col(CallNotice.kind).startswith("soon"), col(CallNotice.kind) == NEAREST))
    found.kinds = Counter(f"notices {kind.partition(':')[0]}" for (kind,) in session.execute(kinds))
    return found


def _sent(session: Session, zones: Mapping[int, str]) -> list[Sent]:
    rows = select(col(Outgoing.person_id), col(Outgoing.settled_at), col(Outgoing.message), col(Outgoing.subject))
    rows = rows.where(col(Outgoing.kind) == "call", col(Outgoing.status).in_(SENT)).order_by(col(Outgoing.id))
    return [
        Sent(person, zones[person], at, message["key"], _calls(message, subject)) for person, at, message, subject in session.execute(rows)
    ]


def _calls(message: Mapping[str, Any], subject: str) -> tuple[int, ...]:
    """The calls that a message tells of."""
    opened = [option["press"].split(":") for option in message.get("options", ()) if option["id"] == "call_open"]
    return (int(subject.partition(":")[2]),) if subject else tuple(int(parts[2]) for parts in opened)
