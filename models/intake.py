"""Packages of all sources become calls: one call a package whatever its source, with a history; rows that cannot be read are set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, func, or_, select, text, update
from sqlmodel import Session, col

from models.call import ACTIVE, COMPLETE, ORIGINS, PLANNED, Call, CallNotice
from models.change import ALIVE, UNSAID, aged, apply, fill, one_place, package_of
from models.history import JOINED, NUMBER, SOURCE, note, sources, superseded
from models.inserting import MANY, parts
from models.leftovers import NO_PACKAGE, read_again
from models.numbers import ELSEWHERE, Numbers
from models.package import NONTENDER, RECORD, TENDER, Package, Unreadable
from models.sources.regions import zone_at

Outcome = Literal["new", "changed", "merged", "same"]
ANNOUNCED = frozenset({TENDER, NONTENDER, RECORD})
"""Numbers of SPSE: a plan is announced once; what follows a failure is a chance of its own."""


def take(session: Session, package: Package, now: datetime) -> Outcome:
    """Raises Unreadable for what only adds to a package that nobody has seen yet."""
    (found,) = take_all(session, [package], now)
    if isinstance(found, Unreadable):
        raise found
    return found


def take_all(session: Session, packages: Sequence[Package], now: datetime) -> list[Outcome | Unreadable]:
    """The same for many, in their order, with a few questions for all of them together."""
    if session.get_bind().dialect.name == "postgresql":
        # Two that take the same package at once would both find it new.
        session.execute(text("LOCK TABLE callkey IN SHARE ROW EXCLUSIVE MODE"))
    intake = Intake(session, now)
    intake.known.look_up([package for package in packages if not package.silent])
    found = [intake.take(package) for package in packages]
    intake.save()
    return found


class Intake:
    """What is known of the packages at hand while they are taken."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.known = Numbers(session)
        self.seen: dict[int, Call] = {}

    def take(self, package: Package) -> Outcome | Unreadable:
        if package.silent:
            return "same"
        package = self._with_older(package)
        own = package.keys[0]
        known = self.known.calls.get(own) or self._known_before(package)
        call, renumbered = self._renumbered(package, known)
        if call is not None and own in superseded(call):
            self.seen[id(call)] = call
            return "merged" if renumbered else "same"
        if call is None and not package.title:
            return Unreadable(NO_PACKAGE)
        call, united = self._united(call, package) if call else (self._tied(package), False)
        if call is None:
            self._begin(package)
            return "new"
        return self._meet(call, package, joined=renumbered or united or known is not call)

    def _with_older(self, package: Package) -> Package:
        """It was said before it came that its number took the place of others."""
        rows = self.known.waiting.get(package.keys[0][1], ())
        older = {old: None for _, late in rows if late.keys[0] == package.keys[0] for old in late.replaces}
        return replace(package, replaces=tuple({**dict.fromkeys(package.replaces), **older})) if older else package

    def _known_before(self, package: Package) -> Call | None:
        """The call that an earlier release knew by another key, unless one of this release's has it already."""
        calls = [self.known.calls[key] for key in package.formerly if key in self.known.calls]
        free = [call for call in calls if sum(system == package.keys[0][0] for system, _ in self.known.held[id(call)]) == 1]
        return next((call for call in free if one_place(call, package)), None)

    def _begin(self, package: Package) -> None:
        system, number = package.keys[0]
        call = Call(source=package.source, source_id=f"{system}:{number}", title=package.title, created_at=self.now)
        fill(call, package, self.now)
        self.session.add(call)
        self.seen[id(call)] = call
        self.known.add(call, package.keys)
        for old in package.replaces:
            self.known.add(call, [old])
            note(call, self.now, package.source, NUMBER, old, package.keys[0])
        self._catch_up(call, package)

    def _meet(self, call: Call, package: Package, joined: bool) -> Outcome:
        self.seen[id(call)] = call
        first = package.source not in sources(call)
        self.known.add(call, package.keys)
        changed = apply(call, package, self.now)
        if first and not changed:
            note(call, self.now, package.source, SOURCE, None, package.source)
        self._catch_up(call, package)
        adds = not package.title and bool(package.places or package.funds)
        if first or joined or (changed and adds):
            return "merged"
        return "changed" if changed else "same"

    def _catch_up(self, call: Call, package: Package) -> None:
        for system, number in package.keys:
            for row, late in self.known.waiting.get(number, ()):
                if late.keys[0] != (system, number) or self.known.calls.get((system, number)) is not call or row in self.session.deleted:
                    continue
                late = read_again(row, zone_at(call.region, ELSEWHERE)) or late
                if not apply(call, late, self.now) and row.feed not in sources(call):
                    note(call, self.now, row.feed, SOURCE, None, row.feed)
                self.session.delete(row)

    def _tied(self, package: Package) -> Call | None:
        """The call that this package is announced for: known by a number of another system, and not announced before."""
        system = package.keys[0][0]
        taken = ANNOUNCED if system in ANNOUNCED else {system}
        found = {id(call): call for key in package.keys[1:] if (call := self.known.calls.get(key))}
        free = [call for call in found.values() if not any(other in taken for other, _ in self.known.held[id(call)])]
        return self._joined(free, package.source) if free else None

    def _united(self, call: Call, package: Package) -> tuple[Call, bool]:
        """The call with the plans that it turns out to be announced for, and whether there are any: a table without their numbers was read
        first.
        """
        if package.keys[0][0] not in ANNOUNCED:
            return call, False
        found = {id(other): other for key in package.keys[1:] if (other := self.known.calls.get(key)) and other is not call}
        plans = [other for other in found.values() if not any(system in ANNOUNCED for system, _ in self.known.held[id(other)])]
        if not plans:
            return call, False
        told = {id(one): package_of(one, package.keys[:1]) for one in (call, *plans)}
        kept = self._joined([call, *plans], package.source)
        for other in (call, *plans):
            if other is not kept:
                apply(kept, told[id(other)], self.now)
        return kept, True

    def _joined(self, calls: Sequence[Call], source: str) -> Call:
        """One of several: the one that people were told of, else the oldest; the others end as parts of it."""
        self.session.flush()
        call, *parts = sorted(calls, key=lambda one: (one.told_at is None, one.id or 0))
        for part in parts:
            self.seen[id(part)] = part
            self.known.pass_on(part, call)
            hear_of(self.session, part, call)
            for one in (call, part):
                note(one, self.now, source, JOINED, part.id, call.id)
            part.status = COMPLETE
        return call

    def _renumbered(self, package: Package, call: Call | None) -> tuple[Call | None, bool]:
        """The call after this package's number took the place of others, and whether any had not been replaced before."""
        done, own = False, package.keys[0]
        for old in package.replaces:
            before = self.known.calls.get(old)
            if (before is None and call is None) or (before is not None and old in superseded(before)):
                continue
            if before is not None and call is not None and before is not call:
                newer = package_of(call, (own,))
                before = self._joined([before, call], package.source)
                apply(before, newer, self.now, always=True)
            call, done = before or call, True
            assert call is not None
            self.known.add(call, [old, own])
            note(call, self.now, package.source, NUMBER, old, own)
            if before is not None and call.status in ALIVE:
                call.changed_at = self.now
        return call, done

    def save(self) -> None:
        self.known.save()
        for part in parts([call.id for call in self.seen.values()]):
            self.session.execute(update(Call).where(col(Call.id).in_(part)).values(seen_at=self.now))


def hear_of(session: Session, part: Call, call: Call) -> None:
    """Who was told of a part hears of the whole from now on, and what they answered stays."""
    answered = select(CallNotice).where(col(CallNotice.call_id) == part.id, col(CallNotice.answer) != "")
    mine = {one.person_id: one for one in session.execute(answered).scalars()}
    its = select(CallNotice).where(col(CallNotice.call_id) == call.id, col(CallNotice.kind).in_(ORIGINS))
    for one in session.execute(its).scalars().all():
        if one.person_id in mine and not one.answer:
            one.answer, one.answered_at = mine[one.person_id].answer, mine[one.person_id].answered_at
    session.flush()
    told = select(col(CallNotice.person_id)).where(col(CallNotice.call_id) == call.id)
    others = (col(CallNotice.call_id) == part.id, col(CallNotice.person_id).not_in(told))
    session.execute(update(CallNotice).where(*others).values(call_id=call.id))


def age(session: Session, now: datetime) -> int:
    """Opens plans whose time has come and ends what has closed, some hundreds at once. Returns how many; asked until there are none."""
    begun = and_(col(Call.status) == PLANNED, col(Call.opens_at) <= now)
    closed = and_(col(Call.status).in_(ALIVE), col(Call.closes_at) <= now)
    since = func.coalesce(col(Call.opens_at), col(Call.created_at))
    unsaid = and_(col(Call.status) == ACTIVE, col(Call.closes_at).is_(None), since <= now - UNSAID)
    due = (col(Call.source) != "officer", or_(begun, closed, unsaid))
    ids = session.execute(select(col(Call.id)).where(*due).limit(MANY)).scalars().all()
    # In the order in which sources are taken in; what one prolongs in this moment is not due any more.
    still = select(Call).where(col(Call.id).in_(ids), *due).order_by(col(Call.id)).with_for_update(key_share=True)
    found = session.execute(still).scalars().all() if ids else []
    for call in found:
        call.status = aged(call, call.status, now)
    session.flush()
    return len(found)
