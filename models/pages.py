"""Which packages of a site are to be read on their own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.call import Call, CallKey
from models.change import ALIVE
from models.feed import Feed, SetAside
from models.history import sources
from models.package import NONTENDER, TENDER
from models.polling import PAUSES, TURN
from models.sources import inaproc_nontender, inaproc_tender, spse_page

TOLD_BETTER = {inaproc_nontender.SOURCE, inaproc_tender.SOURCE}
"""Sources that say all that stands there, and more exactly."""
NEW, READ, FAILED = range(3)
SHARE = 6
"""A part of a round is for those whose pages could not be read, and one for all others in turn: many that are new push nobody out."""
PAUSE, LONGEST = timedelta(hours=1), timedelta(days=1)
"""How long a page that could not be read is left alone at first, and at most; twice as long each time."""


def wanted(session: Session, name: str, root: str, most: int, now: datetime) -> list[str]:
    """ "tender:123" of the open ones, for a round of this source: the newest whose pages were never read, those that close next, and a
    part each of those that could not be read, once their pause is over, and of all others in turn. How far that has come is noted.
    """
    there = (
        col(CallKey.system).in_((TENDER, NONTENDER)),
        col(Call.status).in_(ALIVE),
        col(Call.link).startswith(f"{root}/", autoescape=True),
    )
    rows = session.exec(select(Call, CallKey).join(CallKey, col(CallKey.call_id) == col(Call.id)).where(*there)).all()
    mine = [(call, key) for call, key in rows if not sources(call) & TOLD_BETTER]
    tried = select(SetAside.number, SetAside.at).where(SetAside.feed == spse_page.SOURCE).order_by(col(SetAside.at))
    numbers = {key.number for _, key in mine}
    failed_at = {number: at for number, at in session.exec(tried) if number in numbers}
    pauses = _pauses(session.get_one(Feed, name), failed_at)
    ranked = sorted((_rank(call, key, failed_at), f"{key.system}:{key.number}") for call, key in mine if pauses.get(key.number, now) <= now)
    new, read, failed = ([one for (place, *_), one in ranked if place == at] for at in (NEW, READ, FAILED))
    feed = session.get_one(Feed, name)
    turn = _in_turn(read, max(most // SHARE, 1), str(feed.marks.get(TURN, "")))
    feed.marks = {**feed.marks, TURN: turn[-1] if turn else ""}
    return _among(new, read, failed, turn, most)


def _pauses(feed: Feed, failed_at: Mapping[str, datetime]) -> dict[str, datetime]:
    """Until when each is left alone. How often it failed is counted by when it did last."""
    known, counted = feed.marks.get(PAUSES, {}), dict[str, list[int | str]]()
    for number, at in failed_at.items():
        times, last = known.get(number, (0, ""))
        counted[number] = [times + 1 if last != at.isoformat() else times, at.isoformat()]
    feed.marks = {**feed.marks, PAUSES: counted}
    return {number: failed_at[number] + min(PAUSE * 2 ** min(int(times) - 1, 9), LONGEST) for number, (times, _) in counted.items()}


def _rank(call: Call, key: CallKey, failed: Mapping[str, datetime]) -> tuple[int, float, int]:
    newest = -int(key.number) if key.number.isdecimal() else 0
    if key.number in failed:
        return FAILED, failed[key.number].timestamp(), newest
    if spse_page.SOURCE not in sources(call):
        return NEW, 0.0, newest
    return READ, call.closes_at.timestamp() if call.closes_at else float("inf"), newest


def _among(new: Sequence[str], read: Sequence[str], failed: Sequence[str], turn: Sequence[str], most: int) -> list[str]:
    """Those that failed stand between others, so that several in a row that fail are a site that is down."""
    chosen = [*failed[: max(most // SHARE, 1)], *turn, *new, *read, *failed]
    kept = set(list(dict.fromkeys(chosen))[:most])
    well, again = ([one for one in ones if one in kept] for ones in ((*new, *read), failed))
    found: list[str] = []
    for at, one in enumerate(well):
        found += [one, *again[at // 2 : at // 2 + 1]] if at % 2 else [one]
    return [*found, *again[len(well) // 2 :]]


def _in_turn(ones: Sequence[str], part: int, after: str) -> list[str]:
    """The next ones by their names, which stay as they are from round to round; after the last the first again."""
    row = sorted(ones)
    return list(dict.fromkeys([*(one for one in row if one > after), *row]))[:part]
