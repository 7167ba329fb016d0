"""What officers see of the open calls of their regions: a page at a time, those that people answered first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from models.audience import within
from models.call import ANSWERED, INTERESTED, ONCE, ORIGINS, UNRELATED, Call, CallNotice, still_open
from models.contact import sees

PAGE = 5


def count_open(session: Session, offices: Collection[str], now: datetime, placeless: bool = False) -> int:
    return int(session.execute(select(func.count()).select_from(Call).where(*_listed(offices, now, placeless))).scalar_one())


def _listed(offices: Collection[str], now: datetime, placeless: bool) -> tuple[ColumnElement[bool], ...]:
    """What is open and seen; with `placeless` only what no source named a place of."""
    return (still_open(now), seen_by(offices), *([col(Call.region) == ""] if placeless else []))


def open_page(session: Session, offices: Collection[str], now: datetime, page: int, placeless: bool = False) -> list[Call]:
    """What was answered first, then what closes first. The rows are read once it is known which: they are wide to sort."""
    answered = select(col(CallNotice.call_id)).where(ANSWERED)
    order = (case((col(Call.id).in_(answered), 0), else_=1), col(Call.closes_at).nulls_last(), col(Call.id))
    which = select(col(Call.id)).where(*_listed(offices, now, placeless)).order_by(*order).offset(page * PAGE).limit(PAGE)
    ids = list(session.execute(which).scalars())
    found = {call.id: call for call in session.execute(select(Call).where(col(Call.id).in_(ids))).scalars()}
    return [found[id] for id in ids]


def seen_by(offices: Collection[str]) -> ColumnElement[bool]:
    """As `shows`, in SQL."""
    placeless = [col(Call.region) == ""] if provincial(offices) else []
    return or_(*placeless, *(within(office, col(Call.region)) for office in offices))


def shows(offices: Collection[str], call: Call) -> bool:
    """Whether officers of these regions see a call: of their own, and those of a province what no source named a place of."""
    return sees(list(offices), call.region) or (not call.region and provincial(offices))


def provincial(offices: Collection[str]) -> bool:
    return any("." not in office for office in offices)


def answers_to(session: Session, calls: Sequence[int]) -> Mapping[int, dict[str, int]]:
    """By call: how many were told ("told"), and how many answered in each way."""
    heard = (col(CallNotice.call_id).in_(calls), col(CallNotice.kind).in_(ORIGINS), col(CallNotice.told_at).is_not(None))
    rows = select(col(CallNotice.call_id), col(CallNotice.answer), func.count()).where(*heard)
    found = {call: {"told": 0, INTERESTED: 0, UNRELATED: 0} for call in calls}
    for call, answer, count in session.execute(rows.group_by(col(CallNotice.call_id), col(CallNotice.answer))):
        found[call]["told"] += count
        if answer:
            found[call][UNRELATED if answer == ONCE else answer] += count
    return found
