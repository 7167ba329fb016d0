"""Looks at a source in its row: where one is, what it has counted so far, when the next one comes.

Looks follow each other until the last page: that is a round. What it knows stands in `Feed.marks["round"]` until then, so that whoever goes
on with it, after a kill or an outage, goes on at the same page and with the same counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.feed import Feed

STALE = timedelta(hours=12)
"""A round that has not ended by then begins anew: pages have moved meanwhile."""
MOST_PAGES = 3_000
MOST_PROOFS = 100
"""Pages of which is kept what tells whether they have changed."""
MOST_COLUMNS = 200
LONGEST_WAIT, LONGEST_ASKED = timedelta(hours=1), timedelta(days=1)
PATIENT = {
    "antibot": timedelta(hours=6),
    "token_refused": timedelta(hours=1),
    "not_allowed": timedelta(hours=1),
    "untrusted": timedelta(hours=1),
}
"""What does not pass by asking again is asked again late."""
AT_ONCE = ("antibot", "token_refused", "not_allowed")
"""What somebody must do something about."""
A_DAY = timedelta(days=1)
QUIET = timedelta(days=10)
"""From then on officers see that nothing new comes."""
NEWS = ("new", "changed", "merged")
TURN = "turn"
"""How far whoever seeks has come among what is read by turns; it stays from round to round."""
PAUSES = "pauses"
"""Of what cannot be read, how often that was so and when last; stays as well."""
REST, OFF, AGAIN, DOWN, WELL = BESIDE = ("rest", "off", "again", "down", "well")
"""What a place holds that does not say which page it is: what comes after it, what was put off, whether this was, at how many in a row the
site has stumbled before it, whether any page was read.
"""
Round = Mapping[str, Any]
Seek = Callable[[Session, datetime], Mapping[str, Any]]


def enrol(session: Session, names: Sequence[str], now: datetime) -> None:
    """A row for each source of the settings, due at once; those that are not there any more are not due."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    blank = {"error": "", "marks": {}, "counts": {}, "columns": []}
    for name in names:
        session.execute(make(Feed).values(name=name, next_at=now, **blank).on_conflict_do_nothing())
    session.execute(update(Feed).where(col(Feed.name).in_(names), col(Feed.next_at).is_(None)).values(next_at=now))
    session.execute(update(Feed).where(col(Feed.name).not_in(names)).values(next_at=None))


def enrolled(session: Session, names: Sequence[str]) -> bool:
    """Whether the rows are those of the settings."""
    return set(session.exec(select(Feed.name).where(col(Feed.next_at).is_not(None)))) == set(names)


def due(session: Session, now: datetime) -> list[str]:
    return list(session.exec(select(Feed.name).where(col(Feed.next_at) <= now).order_by(col(Feed.next_at), Feed.name)))


def resting(session: Session, now: datetime) -> list[str]:
    """Those that asked to be left alone, or want to know whether a person is there."""
    rows = select(Feed.name).where(col(Feed.next_at) > now, col(Feed.error).in_(("throttled", "antibot")))
    return list(session.exec(rows))


def feeds(session: Session) -> list[Feed]:
    """Those in use, the ones that fail first."""
    rows = session.exec(select(Feed).where(col(Feed.next_at).is_not(None)).order_by(Feed.name)).all()
    return sorted(rows, key=lambda feed: feed.failed_since is None)


def begin(session: Session, name: str, now: datetime, seek: Seek | None = None) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Where to go on, and the proofs of the last round by their page. `seek` says where a new round begins."""
    feed = _locked(session, name)
    going = feed.marks.get("round")
    if not going or now - datetime.fromisoformat(going["began"]) > STALE:
        going = {"at": dict(seek(session, now)) if seek else {}, "began": now.isoformat(), "pages": 0, "counts": {}, "proofs": {}}
        feed.marks = {**feed.marks, "round": going}
    feed.tried_at = now
    return going["at"], feed.marks.get("proofs", {})


def page_key(mark: Mapping[str, Any]) -> str:
    return dumps({name: value for name, value in mark.items() if name not in BESIDE}, sort_keys=True)


def count(session: Session, name: str, counts: Mapping[str, int], aside: Mapping[str, int], fresh_at: datetime | None) -> None:
    """Adds some rows of a page to what the round has counted."""
    feed = _locked(session, name)
    going = dict(feed.marks["round"])
    so_far = dict(going["counts"])
    asides = Counter(so_far.pop("aside", {})) + Counter(aside)
    going["counts"] = dict(Counter(so_far) + Counter(counts)) | ({"aside": dict(asides)} if asides else {})
    feed.marks = {**feed.marks, "round": going}
    if fresh_at and (feed.fresh_at is None or fresh_at > feed.fresh_at):
        feed.fresh_at = fresh_at


def advance(session: Session, name: str, following: Mapping[str, Any] | None, proof: Mapping[str, Any],
            columns: Iterable[frozenset[str]], group: str, next_at: datetime, now: datetime, *,
            changed: bool = True, adds: bool = False, well: bool = True) -> None:  # fmt: skip
    """A page is done: the source answers again. After the last one the round is over and the next comes at `next_at`.

    `columns` are those of each row, which are of a kind that `group` names; not `changed`: the source says that the page is as it was.
    What only `adds` to others' packages is never called empty or still: those are. Not `well`: the site seems down, and `fail` follows;
    a round of which nothing is left by then begins anew.
    """
    feed = _locked(session, name)
    going = dict(feed.marks["round"])
    if proof and len(going["proofs"]) < MOST_PROOFS:
        going["proofs"] = {**going["proofs"], page_key(going["at"]): dict(proof)}
    for names in columns:
        _meet(going, group, names)
    going |= {"at": following, "pages": going["pages"] + 1} | ({} if changed else {"unchanged": True})
    if not well:
        feed.marks = {name: mark for name, mark in feed.marks.items() if name != "round"} | ({"round": going} if following else {})
        return
    feed.marks = {**feed.marks, "round": going, "tries": 0}
    feed.error, feed.next_at = "", now
    if following is None:
        _end(feed, going, next_at, now, adds)


def _meet(going: dict[str, Any], group: str, names: frozenset[str]) -> None:
    """The columns that some rows of the round have, and those that every row of their kind has."""
    some, every = going.get("some", {}), going.get("every", {})
    going["some"] = {**some, group: sorted({*some.get(group, ()), *names})[:MOST_COLUMNS]}
    going["every"] = {**every, group: sorted(names.intersection(every[group]) if group in every else names)[:MOST_COLUMNS]}


def _flat(columns: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{group} {name}".strip() for group in sorted(columns) for name in columns[group]]


def _end(feed: Feed, going: Round, next_at: datetime, now: datetime, adds: bool) -> None:
    moved = _moved(feed, going)
    kept = {name: feed.marks[name] for name in ("moved", TURN, PAUSES) if name in feed.marks} | ({"moved": moved} if moved else {})
    still = {} if adds else _stillness(feed, going, now)
    feed.marks = {"proofs": going["proofs"], **kept, **still}
    feed.columns = _flat(going.get("every", {})) or feed.columns
    feed.counts = {**going["counts"], "pages": going["pages"]}
    feed.succeeded_at, feed.failed_since, feed.next_at = now, None, next_at


def _stillness(feed: Feed, going: Round, now: datetime) -> dict[str, str]:
    """`news_at`: when a round last brought anything; `empty_at`: since when there is nothing in it where there was something."""
    counts, marks = going["counts"], feed.marks
    news = any(counts.get(name) for name in NEWS)
    still = {"news_at": now.isoformat() if news else marks.get("news_at") or now.isoformat()}
    had = bool(feed.counts.get("read") or feed.columns or marks.get("empty_at"))
    if counts.get("read") or not had:
        return still
    since = marks.get("empty_at") or (None if going.get("unchanged") else now.isoformat())
    return {**still, "empty_at": since} if since else still


def empty_since(feed: Feed, now: datetime) -> datetime | None:
    """Since when it has answered with nothing at all, for a day at least."""
    since = feed.marks.get("empty_at")
    found = datetime.fromisoformat(since) if since else None
    return found if found and now - found >= A_DAY else None


def quiet_for(feed: Feed, now: datetime) -> int:
    """Days in which it brought nothing, once they are many; 0 before."""
    since = feed.marks.get("news_at")
    passed = now - datetime.fromisoformat(since) if since else timedelta(0)
    return passed.days if passed >= QUIET else 0


def _moved(feed: Feed, going: Round) -> dict[str, list[str]]:
    """Columns that every row has now and none had before, and the other way round. Nothing is known of a round without rows."""
    if not feed.columns or "every" not in going:
        return {}
    added, gone = sorted({*_flat(going["every"])} - {*feed.columns}), sorted({*feed.columns} - {*_flat(going["some"])})
    return {"added": added, "gone": gone} if added or gone else {}


def fail(session: Session, name: str, reason: str, asked: float, now: datetime) -> None:
    """It is asked again later each time, at the page where it failed; `asked` are the seconds that it wants to be left alone."""
    feed = _locked(session, name)
    tries = tries_of(session, name) + 1
    marks = {**feed.marks, "tries": tries}
    if reason == "refused" and marks.get("round", {}).get("at"):
        marks.pop("round")  # the place it was asked for may be what it does not know any more
    feed.marks, feed.error = marks, reason
    feed.failed_since = feed.failed_since or now
    wait = max(min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_WAIT), PATIENT.get(reason, timedelta(0)))
    feed.next_at = now + max(wait, min(timedelta(seconds=asked), LONGEST_ASKED))


def tries_of(session: Session, name: str) -> int:
    """How often in a row it could not be read."""
    return int(session.get_one(Feed, name).marks.get("tries", 0))


def too_long(session: Session, name: str) -> bool:
    """Whether its pages do not come to an end."""
    feed = session.get(Feed, name)
    return bool(feed and feed.marks.get("round", {}).get("pages", 0) >= MOST_PAGES)


def failing(session: Session, now: datetime) -> list[Feed]:
    """Those that officers must hear of now and have not."""
    bad = or_(col(Feed.failed_since) <= now - A_DAY, col(Feed.error).in_(AT_ONCE))
    still = (col(Feed.failed_since).is_not(None), Feed.error != "", col(Feed.next_at).is_not(None))
    rows = select(Feed).where(*still, col(Feed.told_at).is_(None), bad)
    return list(session.exec(rows.order_by(Feed.name).with_for_update()))


def recovered(session: Session) -> list[Feed]:
    """Those that officers heard of and that are well again."""
    rows = select(Feed).where(col(Feed.failed_since).is_(None), col(Feed.told_at).is_not(None))
    return list(session.exec(rows.order_by(Feed.name).with_for_update()))


def moved(session: Session) -> list[Feed]:
    """Those whose columns are others than before, which officers have not heard."""
    return [feed for feed in session.exec(select(Feed).order_by(Feed.name)) if "moved" in feed.marks]


def _locked(session: Session, name: str) -> Feed:
    return session.exec(select(Feed).where(Feed.name == name).with_for_update().execution_options(populate_existing=True)).one()
