"""What leaves outside of windows: how many people in a day and how much money in a month, reserved in the rows themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, String, bindparam, case, exists, func, or_, select, update
from sqlmodel import Session, SQLModel

from models.campaign import Campaign
from models.contact import Address
from models.line import Line
from models.outbox import PAID, Outgoing
from models.prepared import LISTED, Prepared, listed
from models.terms import Terms

ROLLING = timedelta(hours=24, minutes=10)
"""The platform's day and a little more: it counts from when a message arrives, we from when its row was taken."""
SPARED = 20
"""Announcements leave one of so many people to what others wait for."""
QUOTA, CEILING = "quota", "ceiling"
"""Why a row waits: as many people as the platform allows were written to, or the month's money is used up."""

OUT, PLACE, CAMPAIGN, LINE = (SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Address, Campaign, Line))
EARLIER = OUT.alias("earlier")
_lately = (OUT.c.account == bindparam("account"), PAID, OUT.c.claimed_at > bindparam("since"))
PEOPLE = Prepared(select(func.count(OUT.c.address_id.distinct()).label("n")).where(*_lately))
MONEY = Prepared(select(func.coalesce(func.sum(OUT.c.price), 0).label("n")).where(*_lately))
# By their latest message each, the first to be free again first.
_last = select(func.max(OUT.c.claimed_at).label("at")).where(*_lately).group_by(OUT.c.address_id).subquery()
FREED = Prepared(select(_last.c.at).order_by(_last.c.at).offset(bindparam("place")).limit(1))
_again = exists().where(
    EARLIER.c.address_id == OUT.c.address_id, EARLIER.c.template != "", EARLIER.c.claimed_at > bindparam("since"), EARLIER.c.id != OUT.c.id
)
_cases = (
    select(
        OUT.c.id, OUT.c.campaign_id, CAMPAIGN.c.paid, PLACE.c.heard_at, func.coalesce(LINE.c.tier, 0).label("tier"), _again.label("again")
    )
    .select_from(OUT.join(PLACE, PLACE.c.id == OUT.c.address_id))
    .outerjoin(CAMPAIGN, CAMPAIGN.c.id == OUT.c.campaign_id)
    .outerjoin(LINE, LINE.c.account == OUT.c.account)
)  # fmt: skip
CASES = {name: Prepared(_cases.where(listed(OUT.c.id, name))) for name in LISTED}
_this = (OUT.c.id == bindparam("row"), OUT.c.attempts == bindparam("tries", type_=Integer))
_in_hands = (OUT.c.status == "claimed") & (OUT.c.claimed_by == bindparam("worker", type_=String))
OURS = (*_this, or_(_in_hands, OUT.c.status.in_(("unknown", "queued")) & (OUT.c.reason == "restart")))
"""In the hands that it was given to, at that attempt; also where another sender took it for lost, and has not asked for it yet."""
# What an earlier try may have cost stays: nobody knows yet that it did not arrive. Both say what the price is, not what is added to it:
# where the answer to a commit is lost they are tried again, and nothing counts twice. What was paid back since the claim, because an
# earlier try is now known to have failed, is not booked again; where the new try is refused too, its price may stay: rather too much than
# too little.
_spent = bindparam("spent", type_=Integer)
_still = case((OUT.c.price < _spent, OUT.c.price), else_=_spent)
BOOK = Prepared(
    update(OUT).where(*_this, _in_hands).values(template=bindparam("name"), price=_still + bindparam("cost")).returning(OUT.c.id)
)
GIVE_BACK = Prepared(
    update(OUT)
    .where(*OURS)
    .values(
        template=case((_spent > 0, OUT.c.template), else_=bindparam("nothing", type_=String)),
        price=case((OUT.c.price > _spent, _spent), else_=OUT.c.price),
    )
)


@dataclass(frozen=True, slots=True)
class Case:
    """One row outside of its window: `again` when its person was written to in the same day, so that they count no more."""

    campaign_id: int | None
    paid: bool
    heard_at: datetime | None
    tier: int
    again: bool


def cases_of(session: Session, rows: Collection[int], now: datetime) -> dict[int, Case]:
    """By row; one that is gone has none."""
    name = session.get_bind().dialect.name
    found = CASES[name](session, listed=LISTED[name](rows), since=now - ROLLING)
    return {one.id: Case(one.campaign_id, bool(one.paid), one.heard_at, one.tier, bool(one.again)) for one in found}


def people_left(session: Session, account: str, tier: int, now: datetime) -> int:
    """How many more may be written to first."""
    return max(tier - int(PEOPLE(session, account=account, since=now - ROLLING)[0].n), 0)


def rupiah_left(session: Session, account: str, terms: Terms, now: datetime) -> int:
    spent = int(MONEY(session, account=account, since=month_of(now, terms.zone))[0].n)
    return max(terms.ceiling - spent, 0)


def month_of(now: datetime, zone: str) -> datetime:
    """When the month began, a moment before its first."""
    local = now.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return local.astimezone(now.tzinfo) - timedelta(microseconds=1)


def free_again(session: Session, account: str, tier: int, now: datetime, *, bulk: bool) -> datetime:
    """When it is worth trying again: for announcements once a twentieth of the day's people are free, for others at once when one is."""
    place = shared(tier) // SPARED + spared(tier) if bulk else 0
    found = FREED(session, account=account, since=now - ROLLING, place=place)
    return max(found[0].at + ROLLING if found else now + ROLLING, now + timedelta(minutes=1))


def spared(tier: int) -> int:
    """People of a day that announcements leave to others."""
    return tier // SPARED


def shared(tier: int) -> int:
    """People of a day that announcements may be written to."""
    return tier - spared(tier)


@dataclass(frozen=True, slots=True)
class Hold:
    """A row in somebody's hands at one attempt, and what the earlier ones may have cost."""

    row: int
    worker: str
    tries: int
    spent: int


def book(session: Session, held: Hold, template: str, price: int) -> bool:
    """Reserves it before the request leaves. False when the row is in other hands by now."""
    return bool(BOOK(session, **asdict(held), name=template, cost=price))


def give_back(session: Session, held: Sequence[Hold]) -> None:
    """What nobody was asked for, or what was refused, costs nothing and reached nobody."""
    GIVE_BACK.many(session, [{**asdict(one), "nothing": ""} for one in held])


_cost = bindparam("cost", type_=Integer)
PAY_BACK = Prepared(
    update(OUT)
    .where(OUT.c.id == bindparam("row"))
    .values(
        template=case((OUT.c.price > _cost, OUT.c.template), else_=bindparam("nothing", type_=String)),
        price=case((OUT.c.price > _cost, OUT.c.price - _cost), else_=0),
    )
)


def pay_back(session: Session, row: int, cost: int) -> None:
    """Told later that a message of this cost was not delivered, and only what is delivered is paid for. What another try of the row costs
    stays.
    """
    PAY_BACK(session, row=row, cost=cost, nothing="")
