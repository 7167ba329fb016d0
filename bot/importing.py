"""Rows of a source on their way into the calls: read beside the event loop, taken in small transactions, counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.sharing import sharing
from bot.store import Store
from handlers.office.decency import tellable
from models.change import etalase_of
from models.intake import age, take_all
from models.leftovers import forget_aside, put_all_aside
from models.package import SHEET, Package, Unreadable
from models.sources import READERS, key_of
from models.sources.sheet import unread
from models.sources.soundness import fault

SLICE = 25
"""Rows of one transaction, so that conversations go on in between."""

Row = Mapping[str, Any]
Bad = tuple[Row, str, str]


@dataclass
class Counts:
    """Nothing is lost: `read` is the sum of all others."""

    read: int = 0
    new: int = 0
    changed: int = 0
    merged: int = 0
    same: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    """By reason."""
    unread: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By field: of so many rows that went in, its cell could not be read; an example. These are counted among the others."""

    def add(self, other: Mapping[str, Any]) -> None:
        for name in ("read", "new", "changed", "merged", "same"):
            setattr(self, name, getattr(self, name) + int(other[name]))
        self.aside.update(other["aside"])
        for name, (count, example) in other.get("unread", {}).items():
            before, first = self.unread.get(name, (0, ""))
            self.unread[name] = (before + count, first or example)

    def to_json(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("read", "new", "changed", "merged", "same")}
        more = {"unread": {name: list(found) for name, found in sorted(self.unread.items())}} if self.unread else {}
        return {**counts, "aside": dict(sorted(self.aside.items())), **more}


async def bring_in(store: Store, source: str, rows: Sequence[Row], zone: str, now: datetime, links: Sequence[str]) -> Counts:
    """`zone` is that of the source's local times; to `links` a row's words may point."""
    counts = Counts(read=len(rows))
    for at in range(0, len(rows), SLICE):
        packages, bad = await asyncio.to_thread(read, source, rows[at : at + SLICE], zone, links)
        counts.add(await store.write(partial(keep, source=source, packages=packages, bad=bad, now=now)))
    await look_after(store, now)
    return counts


async def look_after(store: Store, now: datetime) -> int:
    """Plans open and calls end by the clock alone. Returns how many."""
    done = 0
    while count := await store.write(partial(age, now=now)):
        done += count
    return done


@sharing()
def read(source: str, rows: Sequence[Row], zone: str, links: Sequence[str] = ()) -> tuple[list[tuple[Row, Package]], list[Bad]]:
    """The packages with their rows, and the rows that are none, each with its number and the reason."""
    good: list[tuple[Row, Package]] = []
    bad: list[Bad] = []
    for row in rows:
        if broken := fault(row):
            bad.append((row, key_of(source, row), broken))
            continue
        try:
            package = _tellable(READERS[source](row, zone), links)
        except Unreadable as error:
            bad.append((row, key_of(source, row), error.reason))
        except Exception as error:  # a row of a shape that nobody thought of must not hold up the others
            bad.append((row, key_of(source, row), f"unreadable_{type(error).__name__}"))
        else:
            etalase_of(package.title, package.detail)  # so that it is known when the transaction asks
            good.append((row, package))
    return good, bad


def _tellable(package: Package, links: Sequence[str]) -> Package:
    """Raises Unreadable for what must not reach people: an account, a private wallet, a secret, a link that leads elsewhere."""
    if package.reason and not tellable(package.reason, links):  # that it was called off counts for more than why
        package = replace(package, reason="")
    said = (package.title, package.detail, package.buyer, package.institution)
    if not all(tellable(words, links) for words in dict.fromkeys(said) if words):
        raise Unreadable("not_told")
    return package


def keep(session: Session, source: str, packages: Sequence[tuple[Row, Package]], bad: Sequence[Bad], now: datetime) -> dict[str, Any]:
    found = take_all(session, [package for _, package in packages], now)
    late = [
        (row, package.keys[0][1], one.reason) for (row, package), one in zip(packages, found, strict=True) if isinstance(one, Unreadable)
    ]
    taken = {package.keys[0][1] for (_, package), one in zip(packages, found, strict=True) if not isinstance(one, Unreadable)}
    forget_aside(session, source, taken)
    put_all_aside(session, source, [*bad, *late], now)
    counts = Counter(one for one in found if not isinstance(one, Unreadable))
    reasons = Counter(reason for _, _, reason in (*bad, *late))
    told = {name: counts[name] for name in ("new", "changed", "merged", "same")}
    return {"read": 0, **told, "aside": reasons, "unread": _unread(source, packages)}


def _unread(source: str, packages: Sequence[tuple[Row, Package]]) -> dict[str, tuple[int, str]]:
    """What cells of a sheet say that could not be read; other sources write their own."""
    found = [one for row, package in packages for one in unread(row, package).items()] if source == SHEET else []
    times = Counter(name for name, _ in found)
    return {name: (times[name], words) for name, words in reversed(found)}
