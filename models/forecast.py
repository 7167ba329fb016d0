"""What an announcement will take, before it begins: days, rupiah, and who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audience import Audience, members, why_not
from models.contact import WINDOW, Address, Person
from models.line import Line
from models.quiet import after_quiet
from models.spending import ROLLING, people_left, rupiah_left, shared, spared
from models.template import approved
from models.terms import Terms

ANNOUNCED = "announcement_body"
WINDOWED = "whatsapp"


@dataclass(frozen=True, slots=True)
class Plan:
    """`other`: reached by an app that costs nothing. On WhatsApp: `free` have just written, `outside` get a template where it is paid for,
    `unapproved` cannot get one. Paid for, it takes `days` and at most `rupiah`, and `beyond` of `outside` wait because the month's money
    is used up.
    """

    other: int = 0
    free: int = 0
    outside: int = 0
    unapproved: int = 0
    beyond: int = 0
    days: int = 1
    rupiah: int = 0

    @property
    def windowed(self) -> bool:
        """Whether there is anything to foresee."""
        return bool(self.free or self.outside or self.unapproved)

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Plan:
        return Plan(**{name: int(parts[name]) for name in Plan.__dataclass_fields__ if name in parts})


def forecast(session: Session, audience: Audience, now: datetime, terms: Terms) -> Plan:
    """Of those who would be told now."""
    other = free = unapproved = 0
    outside: dict[str, int] = defaultdict(int)
    for account, channel, locale, opened, count in session.execute(_doors(audience, now)):
        if channel != WINDOWED:
            other += count
        elif opened:
            free += count
        elif approved(session, ANNOUNCED, locale):
            outside[account] += count
        else:
            unapproved += count
    price = terms.prices.get("marketing", 0)
    paid = {account: min(n, rupiah_left(session, account, terms, now) // price if price else n) for account, n in outside.items()}
    days = [days_for(session, account, n, now, terms) for account, n in paid.items()]
    whole = sum(outside.values())
    return Plan(other, free, whole, unapproved, whole - sum(paid.values()), max(days, default=1), sum(paid.values()) * price)


def days_for(session: Session, account: str, people: int, now: datetime, terms: Terms) -> int:
    """How many days it takes to write to so many people first, each next part when the day is over and it is not night."""
    line = session.get(Line, account)
    tier = line.tier if line and line.tier else terms.tier
    people -= max(people_left(session, account, tier, now) - spared(tier), 0)
    if people <= 0:
        return 1  # be it from tomorrow morning on: it is not the platform that makes it longer
    when = after_quiet(now, terms.zone)
    while people > 0:
        when, people = after_quiet(when + ROLLING, terms.zone), people - max(shared(tier), 1)
    began, ended = (one.astimezone(ZoneInfo(terms.zone)).date() for one in (now, when))
    return (ended - began).days + 1


def _doors(audience: Audience, now: datetime) -> Any:
    """(account, channel, locale, whether its window is open, how many) of the address that each is told at; as `models.contact.best`."""
    people = select(col(Person.id), col(Person.channel), col(Person.locale)).where(members(audience), why_not() == "").subquery()
    opened = (col(Address.channel) == WINDOWED) & func.coalesce(col(Address.heard_at) > now - WINDOW, False)
    worth = (
        (col(Address.channel) == people.c.channel).desc(), (col(Address.channel) == "telegram").desc(), opened.desc(),
        func.coalesce(col(Address.heard_at), col(Address.since)).desc(), col(Address.id).desc(),
    )  # fmt: skip
    place = func.row_number().over(partition_by=col(Address.person_id), order_by=worth)
    found = (
        select(col(Address.account), col(Address.channel), people.c.locale, opened.label("opened"), place.label("place"))
        .join(people, people.c.id == col(Address.person_id))
        .where(col(Address.unreachable_at).is_(None), col(Address.until).is_(None))
        .subquery()
    )
    kinds = (found.c.account, found.c.channel, found.c.locale, found.c.opened)
    return select(*kinds, func.count()).where(found.c.place == 1).group_by(*kinds)
