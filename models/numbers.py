"""The numbers by which calls are known, for all the packages that are taken in together: asked for in a few questions, kept at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, tuple_, update
from sqlmodel import Session, col

from models.call import Call, CallKey
from models.feed import SetAside
from models.inserting import parts
from models.leftovers import NO_PACKAGE, read_again
from models.package import Package
from models.sources import READERS

Key = tuple[str, str]

ELSEWHERE = "Asia/Jakarta"
"""The zone of local times where a place says nothing of its own."""


class Numbers:
    """Of one session, while its packages are taken."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.calls: dict[Key, Call] = {}
        self.held: dict[int, set[Key]] = {}
        """All keys of a call, by `id(call)`: a new one has no number yet."""
        self.added: list[tuple[Key, Call]] = []
        self.waiting: dict[str, list[tuple[SetAside, Package]]] = {}
        """Rows that came before the package they add to, by its number."""

    def look_up(self, packages: Sequence[Package]) -> None:
        self._look_up_waiting({number for package in packages for _, number in package.keys})
        late = (one for rows in self.waiting.values() for _, one in rows)
        keys = sorted({key for package in (*packages, *late) for key in (*package.keys, *package.replaces, *package.formerly)})
        own = tuple_(col(CallKey.system), col(CallKey.number))
        ids = sorted({row.call_id for part in parts(keys) for row in self._all(select(CallKey).where(own.in_(part)))})
        for part in parts(ids):
            # An officer who says where one is, or cancels it, waits for this, and this for them.
            known = select(Call).where(col(Call.id).in_(part)).order_by(col(Call.id)).with_for_update(key_share=True)
            calls = {call.id: call for call in self._all(known)}
            for row in self._all(select(CallKey).where(col(CallKey.call_id).in_(part))):
                self._hold(calls[row.call_id], (row.system, row.number))

    def _look_up_waiting(self, numbers: Collection[str]) -> None:
        waiting = select(SetAside).where(col(SetAside.reason) == NO_PACKAGE, col(SetAside.feed).in_(READERS))
        for part in parts(sorted(numbers)):
            for row in self._all(waiting.where(col(SetAside.number).in_(part))):
                if late := read_again(row, ELSEWHERE):
                    self.waiting.setdefault(row.number, []).append((row, late))

    def _all(self, question: Any) -> list[Any]:
        return list(self.session.execute(question).scalars())

    def _hold(self, call: Call, key: Key) -> None:
        self.calls[key] = call
        self.held.setdefault(id(call), set()).add(key)

    def add(self, call: Call, keys: Iterable[Key]) -> None:
        """Numbers by which a call is known from now on, unless another is."""
        for key in keys:
            if key not in self.calls:
                self._hold(call, key)
                self.added.append((key, call))

    def pass_on(self, part: Call, call: Call) -> None:
        """What was a call's own is that of the call it turned out to be a part of."""
        for key in self.held.pop(id(part)):
            self._hold(call, key)
        self.added = [(key, call if one is part else one) for key, one in self.added]
        self.session.execute(update(CallKey).where(col(CallKey.call_id) == part.id).values(call_id=call.id))

    def save(self) -> None:
        self.session.flush()
        rows = [{"system": system, "number": number, "call_id": call.id} for (system, number), call in self.added]
        if rows:
            self.session.execute(insert(CallKey), rows)
