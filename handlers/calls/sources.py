"""Where calls come from: how each source is doing, shown to officers who ask, and told to them when one stops and when it is well again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.matching import says
from handlers.office.door import officers_only
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, has, joined, lines, moment, say
from messages.rendering import fit
from models.contact import officers_for
from models.feed import Feed
from models.polling import empty_since, failing, feeds, moved, quiet_for, recovered
from models.post import notify

MOST = 8
"""Sources that are listed at once, with a button each; the ones that fail come first."""
NEXT = "~"
"""Before the number of sources that were listed already, on the button of those that come after them."""
NAMED = 6
WELL = 2
COUNTS = ("new", "changed", "merged", "same")


def show(visit: Visit, subject: str, version: int) -> Outcome:
    """The list, or its next part; with the name of a source all that is known of it."""
    known = sorted(feeds(visit.session), key=lambda feed: _rank(feed, visit.now))
    if chosen := next((feed for feed in known if _pressed(feed) == subject), None):
        return Message("feeds.one", _all_of(chosen, visit.now), (command("sources"), command("menu")))
    if not known:
        return Aside(Message("feeds.none", {}, (command("new_call"),)))
    past = subject.removeprefix(NEXT)
    return _list(known, int(past) if subject.startswith(NEXT) and past.isdecimal() and int(past) < len(known) else 0, visit.now)


def _list(known: Sequence[Feed], past: int, now: datetime) -> Message:
    shown, rest = list(enumerate(known, 1))[past : past + MOST], known[past + MOST :]
    rows = [say("feeds.row", place=place, name=name_of(feed), state=_state(feed, now)) for place, feed in shown]
    looks = [_look(place, feed) for place, feed in shown]
    if rest:
        bad = sum(_rank(feed, now) < WELL for feed in rest)
        rows.append(say("feeds.more_bad" if bad else "feeds.more", n=len(rest), bad=bad))
        looks.append(command("sources", f"{NEXT}{past + MOST}", label=say("feeds.next")))
    elif past:
        looks.append(command("sources", label=say("feeds.first")))
    return Message("feeds.list", {"rows": lines(rows)}, tuple(looks))


def _look(place: int, feed: Feed) -> Option:
    return command("sources", _pressed(feed), label=say("feeds.look", n=place))


def _pressed(feed: Feed) -> str:
    """A button's parts are told apart by colons."""
    return feed.name.replace(":", "~")


def name_of(feed: Feed) -> Value:
    """ "SPSE samarindakota": what the source is, and which of several."""
    kind, _, site = feed.name.partition(":")
    keys = [f"feeds.name_{re.sub('[:-]', '_', name)}" for name in (feed.name, kind)]
    named = next(filter(has, keys), keys[-1])
    return say(named, site=fit(site, 40)) if has(named) else fit(feed.name, 60)


def why(reason: str) -> Value:
    """A reason that this release does not know is a disturbance at our place."""
    return say(f"feeds.why_{reason}") if has(f"feeds.why_{reason}") else say("feeds.why_stumbled")


def _rank(feed: Feed, now: datetime) -> int:
    """What wants to be looked at comes first."""
    return 0 if feed.failed_since else 1 if empty_since(feed, now) or quiet_for(feed, now) else WELL


def _state(feed: Feed, now: datetime) -> Value:
    if feed.error and feed.failed_since:
        return say("feeds.is_failing", why=why(feed.error), since=moment(feed.failed_since))
    if feed.marks.get("round"):
        return say("feeds.is_reading", n=feed.marks["round"]["counts"].get("read", 0))
    if since := empty_since(feed, now):
        return say("feeds.is_empty", since=moment(since))
    if days := quiet_for(feed, now):
        return say("feeds.is_quiet", n=days)
    return say("feeds.is_well", when=moment(feed.succeeded_at)) if feed.succeeded_at else say("feeds.is_new")


def _all_of(feed: Feed, now: datetime) -> dict[str, Value]:
    last = moment(feed.succeeded_at) if feed.succeeded_at else say("feeds.never")
    return {
        "name": name_of(feed),
        "state": _state(feed, now),
        # Some sources never say of when their rows are.
        "last": lines([last, say("feeds.fresh", when=moment(feed.fresh_at))]) if feed.fresh_at else last,
        "counts": _counted(feed),
        "aside": _asides(feed),
        "next": moment(feed.next_at) if feed.next_at else say("feeds.unknown"),
    }


def _counted(feed: Feed) -> Value:
    """What the last round that ended has read."""
    counts = feed.counts
    if not feed.succeeded_at:
        return say("feeds.never")
    if not counts.get("read"):
        return say("feeds.empty" if feed.marks.get("empty_at") else "feeds.unchanged")
    each = [say(f"feeds.n_{name}", n=counts[name]) for name in COUNTS if counts.get(name)]
    return joined([say("feeds.n_read", n=counts["read"]), *each], ", ")


def _asides(feed: Feed) -> Value:
    reasons = sorted(feed.counts.get("aside", {}).items(), key=lambda one: -one[1])
    told = [say("feeds.aside", n=n, why=aside_words(reason)) for reason, n in reasons[:NAMED]]
    return joined(told, ", ") if told else say("feeds.no_aside")


def aside_words(reason: str) -> Value:
    return say(f"feeds.aside_{reason}") if has(f"feeds.aside_{reason}") else say("feeds.aside_other")


def tell_officers(session: Session, now: datetime, province: str) -> int:
    """Once when a source stops, once when it is well again, once when its columns are others; one message for all of a kind."""
    told = 0
    for found, key, line in ((failing(session, now), "failing", _stopped), (recovered(session), "well", _caught_up)):
        told += _tell(session, found, key, line, now, province)
        for feed in found:
            feed.told_at = now if key == "failing" else None
    changed = moved(session)
    told += _tell(session, changed, "columns", _columns, now, province)
    for feed in changed:
        feed.marks = {name: mark for name, mark in feed.marks.items() if name != "moved"}
    return told


def _tell(session: Session, found: Sequence[Feed], key: str, line: Callable[[Feed], Value], now: datetime, province: str) -> int:
    if not found:
        return 0
    message = Message(f"feeds.{key}", {"list": lines(line(feed) for feed in found[:NAMED])}, (command("sources"),))
    officers = officers_for(session, province)
    for officer in officers:
        notify(session, officer, message, now, subject="feeds")
    return len(officers)


def _stopped(feed: Feed) -> Value:
    assert feed.failed_since
    return say("feeds.stopped", name=name_of(feed), why=why(feed.error), since=moment(feed.failed_since))


def _caught_up(feed: Feed) -> Value:
    return say("feeds.caught_up", name=name_of(feed), new=feed.counts.get("new", 0), changed=feed.counts.get("changed", 0))


def _columns(feed: Feed) -> Value:
    named = {name: fit(", ".join(feed.marks["moved"][name]), 120) for name in ("added", "gone")}
    parts = [say(f"feeds.columns_{name}", list=columns) for name, columns in named.items() if columns]
    return say("feeds.moved", name=name_of(feed), parts=joined(parts, " "))


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return show(visit, "", 0) if says(words, "sources") else None


COMMANDS = {"sources": officers_only(show)}
OFFICER_SAYS = (officer_says,)
