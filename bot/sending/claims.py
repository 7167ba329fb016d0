"""Which rows of the outbox a sender takes next: answers and notices first, then the announcements that run, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Integer, Select, bindparam, exists, or_, select, update
from sqlmodel import Session, SQLModel

from bot.inbox import where
from bot.sending.hand import Claimed, Hand, Taken
from bot.sending.shortening import Rest, shortened
from messages import Message, Voice
from models.campaign import LIVE, Campaign
from models.contact import Address, Person
from models.outbox import BULK, NOTICE, REPLY, Outgoing
from models.prepared import Prepared
from models.quiet import after_quiet

log = structlog.get_logger()
SPARE = 8
"""So many more of an announcement's rows are looked at than are wanted: the chat of one or another may be busy."""
OUT, PERSON, PLACE, CAMPAIGN = (SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Person, Address, Campaign))
EDITED, TRIED = OUT.alias("edited"), OUT.alias("tried")
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What reading a row that was written otherwise than any release writes may raise."""


# What waits to be tried again keeps its place before the later rows of its chat.
BEHIND = exists().where(
    TRIED.c.address_id == OUT.c.address_id, TRIED.c.settled_at.is_(None), TRIED.c.status == "queued", TRIED.c.attempts > 0,
    TRIED.c.campaign_id.is_(None), TRIED.c.lane <= OUT.c.lane, TRIED.c.id < OUT.c.id,
    TRIED.c.reason != "marketing_cap",  # it waits for a day: nothing else can
)  # fmt: skip
_mine = (OUT.c.account == bindparam("account"), OUT.c.status == "queued")
_own = (*_mine, OUT.c.campaign_id.is_(None), OUT.c.lane.between(bindparam("first"), bindparam("last")))
_of = (*_mine, OUT.c.campaign_id == bindparam("campaign"))
_due = (OUT.c.due_at <= bindparam("now"), ~BEHIND)
_most = bindparam("most", type_=Integer)
_rows: Select[Any] = (
    select(
        OUT.c.id, OUT.c.address_id, OUT.c.lane, OUT.c.kind, OUT.c.attempts, OUT.c.message, OUT.c.expires_at, OUT.c.shown, OUT.c.campaign_id,
        OUT.c.price,
        PERSON.c.locale, PERSON.c.zone, PERSON.c.call_name, PLACE.c.address, PLACE.c.heard_at, PLACE.c.until, OUT.c.created_at,
        EDITED.c.external_id.label("replaces"),
    )
    .select_from(OUT.join(PERSON, PERSON.c.id == OUT.c.person_id).join(PLACE, PLACE.c.id == OUT.c.address_id))
    .outerjoin(EDITED, EDITED.c.id == OUT.c.replaces)
)  # fmt: skip


def _locked(rows: Select[Any], *order: Any) -> Select[Any]:
    """A row that another sender holds is passed over, where there can be another."""
    return rows.order_by(*order, OUT.c.due_at, OUT.c.id).limit(_most).with_for_update(of=OUT, skip_locked=True)


DUE = Prepared(_locked(_rows.where(*_own, *_due), OUT.c.lane))
# Not by id too: where a million are due at once, PostgreSQL would sort them all for each claim.
FROM = Prepared(_rows.where(*_of, *_due).order_by(OUT.c.due_at).limit(_most).with_for_update(of=OUT, skip_locked=True))
_there = PLACE.c.address == bindparam("address")
ONE, ONE_FROM = Prepared(_locked(_rows.where(*_own, *_due, _there), OUT.c.lane)), Prepared(_locked(_rows.where(*_of, *_due, _there)))
ELSEWHERE = _locked(_rows.where(*_own, *_due, OUT.c.address_id.not_in(bindparam("crowd", expanding=True))), OUT.c.lane)
_after = OUT.c.due_at > bindparam("now")
_soonest = select(OUT.c.due_at).order_by(OUT.c.due_at).limit(1)
LATER = Prepared(select(*(_soonest.where(*_own, _after, OUT.c.lane == lane).scalar_subquery() for lane in (REPLY, NOTICE, BULK))))
"""By lane, as the index has them."""
LATER_FROM = Prepared(_soonest.where(*_of, _after))
_lasts = or_(CAMPAIGN.c.ends_at.is_(None), CAMPAIGN.c.ends_at > bindparam("now"))
GOES = Prepared(select(CAMPAIGN.c.id).where(CAMPAIGN.c.status.in_(LIVE), _lasts).order_by(CAMPAIGN.c.id))
BODY = Prepared(select(CAMPAIGN.c.message).where(CAMPAIGN.c.id == bindparam("campaign")))
_this = OUT.c.id == bindparam("row")
CLAIM = Prepared(
    update(OUT)
    .where(_this)
    .values(status="claimed", claimed_by=bindparam("worker"), claimed_at=bindparam("now"), attempts=OUT.c.attempts + 1)
)
# What nobody waits for does not wake anybody, however late it has become.
DEFER = Prepared(update(OUT).where(_this).values(due_at=bindparam("due")))
END = Prepared(update(OUT).where(_this).values(status=bindparam("status_"), settled_at=bindparam("now"), reason=bindparam("reason_")))


def claim(session: Session, account: str, worker: str, now: datetime, hand: Hand | None = None, **asked: Any) -> Taken:
    """Takes what is due, at most one row for an address so that its order is kept; what is too late is settled as expired."""
    choice = _Choice(session, worker, {"account": account, "now": now}, hand or Hand(**asked))
    more, next_due = choice.own()
    going = tuple(row.id for row in GOES(session, now=now))
    for wanted in (0, 1):  # what one announcement leaves over is for the others
        for place, campaign in enumerate(going):
            share = -(-choice.bulk // (len(going) - place)) if not wanted else choice.bulk
            found, due = choice.of(campaign, share, again=bool(wanted))
            more, next_due = more or found, min(filter(None, (next_due, due)), default=None)
    return Taken(tuple(_readable(session, choice, now)), more, next_due, going)


class _Choice:
    """One claim in the making."""

    def __init__(self, session: Session, worker: str, given: dict[str, Any], hand: Hand) -> None:
        self.session, self.worker, self.given, self.hand = session, worker, given, hand
        self.rows: list[Any] = []
        self.taken = set(hand.busy)
        self.room, self.notices, self.bulk = hand.limit, hand.notices, hand.bulk
        self.full: set[int] = set()
        """Announcements of which more rows are due than were looked at."""
        self.rest: dict[int, Rest] = {}
        """What rows say that lost a part with the time."""

    def own(self) -> tuple[bool, datetime | None]:
        """Answers, notices, and whatever is not of an announcement. Whether more is due, and when the next is."""
        more = self._of_lanes(REPLY, REPLY, self.room)
        more = self._of_lanes(NOTICE, BULK if self.bulk > 0 else NOTICE, min(self.room, self.notices)) or more
        later = LATER(self.session, **self.given, first=REPLY, last=BULK)[0]
        return more, min(filter(None, later), default=None)

    def _of_lanes(self, first: int, last: int, wanted: int) -> bool:
        if wanted <= 0:
            return True
        given, most, address = {**self.given, "first": first, "last": last}, wanted * 2 + SPARE, self.hand.address
        found = ONE(self.session, **given, most=most, address=address) if address else DUE(self.session, **given, most=most)
        crowd = self.taken | {row.address_id for row in found}
        more = len(found) >= most
        if more and not address and len(crowd) - len(self.taken) < wanted:
            # The many rows of a few chats must not hide those of the others.
            found += self.session.execute(ELSEWHERE, {**given, "most": most, "crowd": sorted(crowd)}).all()
        # What waits behind a row that was tried before is not among the found.
        return self._pick(found) or more or any(row.attempts for row in found)

    def of(self, campaign: int, share: int, *, again: bool) -> tuple[bool, datetime | None]:
        """The same for an announcement, of which at most `share` rows are taken."""
        share = min(share, self.room)
        if share <= 0 or (again and campaign not in self.full):
            return not again, None
        given, most, hand = {**self.given, "campaign": campaign}, share + SPARE, self.hand
        found = ONE_FROM(self.session, **given, most=most, address=hand.address) if hand.address else FROM(self.session, **given, most=most)
        left, self.bulk = self.bulk - share, share
        passed = self._pick(found, hand.crowded)
        self.bulk += left
        if len(found) >= most:
            self.full.add(campaign)
            return True, None
        self.full.discard(campaign)
        return passed, next((row.due_at for row in LATER_FROM(self.session, **given)), None)

    def _pick(self, found: Iterable[Any], crowded: Callable[[str], bool] | None = None) -> bool:
        """Takes those that can go. Whether some were passed over."""
        now, late, asleep, picked, passed = self.given["now"], [], [], [], False
        for row in found:
            if row.expires_at and row.expires_at <= now and not self._has_rest(row):
                late.append({"row": row.id, "status_": "expired", "reason_": "expired", "now": now})
            elif row.until and row.created_at < row.until:
                # Tried again after its chat had become somebody else's: a number that was passed on.
                late.append({"row": row.id, "status_": "cancelled", "reason_": "ended", "now": now})
            elif row.lane == BULK and (morning := after_quiet(now, row.zone)) > now:
                asleep.append({"row": row.id, "due": morning})
            elif row.address_id in self.taken or not self._fits(row.lane) or (crowded and crowded(row.address)):
                passed = True
            else:
                self._count(row)
                picked.append({"row": row.id, "worker": self.worker, "now": now})
        END.many(self.session, late)
        DEFER.many(self.session, asleep)
        CLAIM.many(self.session, picked)
        return passed

    def _has_rest(self, row: Any) -> bool:
        try:
            if row.id not in self.rest and (rest := shortened(self.session, row, self.given["now"])):
                self.rest[row.id] = rest
        except UNREADABLE:
            return False
        return row.id in self.rest

    def _fits(self, lane: int) -> bool:
        return self.room > 0 and (lane == REPLY or (self.notices if lane == NOTICE else self.bulk) > 0)

    def _count(self, row: Any) -> None:
        self.taken.add(row.address_id)
        self.room -= 1
        self.bulk -= row.lane == BULK
        self.notices -= row.lane == NOTICE
        self.rows.append(row)


def _readable(session: Session, choice: _Choice, now: datetime) -> Iterator[Claimed]:
    """A row that says nothing which can be read is settled here: it must not hold up all others of the account."""
    for row in choice.rows:
        try:
            yield _claimed(session, row, now, choice.hand.bodies, choice.rest.get(row.id))
        except UNREADABLE as error:
            log.error("not worded", row=row.id, error=where(error))
            END(session, row=row.id, status_="failed", reason_="unworded", now=now)


def _claimed(session: Session, row: Any, now: datetime, bodies: dict[int, Message], rest: Rest | None) -> Claimed:
    voice = Voice(row.locale, row.zone, now, row.call_name)
    campaign = int(row.campaign_id or 0) if row.message is None else 0
    message = rest.message if rest else _body(session, campaign, bodies) if campaign else Message.from_json(row.message)
    return Claimed(
        row.id, row.address_id, row.address, row.lane, row.kind, row.attempts, message, voice, row.replaces or "",
        rest.ends if rest else row.expires_at, row.heard_at, row.shown, campaign=campaign, spent=row.price,
    )  # fmt: skip


def _body(session: Session, campaign: int, bodies: dict[int, Message]) -> Message:
    if campaign not in bodies:
        [(body,)] = BODY(session, campaign=campaign)
        bodies[campaign] = Message.from_json(body)
    return bodies[campaign]
