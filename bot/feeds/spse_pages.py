"""SPSE's own pages of single packages, which say what its tables do not: the plan, the place, for whom, and until when offers are taken.

What is read is of the packages that are open: those whose pages were never read first, then those that close next, and some of all others.
Of a page only what stands beside known labels is taken, so that nobody's name comes along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from bot.feeds.fetching import Answer, Fetcher, Trouble
from bot.feeds.source import AFTER, NAME, Mark, Page, Row, Source, Where, whole
from bot.feeds.spse import HOURS, site
from bot.feeds.tables import Table, Tables, labelled, listed
from models.package import NONTENDER, TENDER
from models.pages import wanted
from models.polling import DOWN
from models.sources.spse_page import LABELS, SOURCE, UNREAD

MOST = 60
"""Packages of a round, two pages each: the first hundreds of a site are caught up over some rounds."""
ADDRESSES = {TENDER: ("lelang", "pengumumanlelang"), NONTENDER: ("nontender", "pengumumanpl")}
ITS_OWN = ("refused", "source_down", "odd_answer", "too_big")
"""Troubles of one page; what is wrong with the whole site ends the look."""
IN_A_ROW = 3
"""So many packages at which the site stumbles one after the other are a site that is down."""
LONGEST = 2 * 1024 * 1024
"""Characters of a page; theirs have some tens of thousands."""


def sources(roots: Sequence[str]) -> list[Source]:
    return [made(root.rstrip("/")) for root in roots]


def made(root: str) -> Source:
    name = f"{SOURCE}:{site(root)}"[:NAME]
    seek = partial(wanted, name=name, root=root, most=MOST)
    return Source(name, HOURS, partial(page, root), turn=AFTER, seek=lambda session: first(seek(session)))


def first(keys: Sequence[str]) -> dict[str, Any]:
    """Where a package is, and those that come after it."""
    return {"package": keys[0], "rest": list(keys[1:])} if keys else {}


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    """Of one package both its pages."""
    system, _, number = str(where.mark.get("package") or "").partition(":")
    if system not in ADDRESSES or not number.isdecimal():
        return Page((), changed=False)  # nothing of its packages is open
    table, end = ADDRESSES[system]
    row: dict[str, Any] = {"number": number, "list": table, "url": root}
    down = whole(where.mark.get(DOWN))
    rows, proof, stumbled = await _read(fetcher, f"{root}/{table}/{number}", end, row, where.proof, down)
    return Page(rows, _following(where.mark, down + 1 if stumbled else 0), proof, changed=bool(rows))


def _following(mark: Mark, down: int) -> dict[str, Any] | None:
    """`down` is at how many packages in a row the site has stumbled."""
    rest = [str(key) for key in mark.get("rest") or ()]
    return first(rest) | ({DOWN: down} if down else {}) if rest else None


async def _read(
    fetcher: Fetcher, address: str, end: str, row: Row, proofs: Mapping[str, Any], down: int
) -> tuple[list[Row], dict[str, Any], bool]:
    """A row of what both say, and one that says that a page could not be read; what has not changed says nothing. Whether the site
    stumbled.
    """
    said: dict[str, Any] = {}
    rows, proof, stumbled = list[Row](), dict[str, Any](), False
    for name, taking in ((end, announcement), ("jadwal", schedule)):
        try:
            answer = await fetcher.get(f"{address}/{name}", None, proofs.get(name))
            said |= await asyncio.to_thread(taking, answer)
            proof |= {name: dict(answer.mark)} if answer.mark else {}
        except Trouble as trouble:
            stumbled = trouble.reason == "source_down"
            if trouble.reason not in ITS_OWN or trouble.again or (stumbled and down + 1 >= IN_A_ROW):
                raise
            rows.append({**row, UNREAD: name})
            break
    return ([{**row, **said}] if said else []) + rows, proof, stumbled


def announcement(answer: Answer) -> dict[str, Any]:
    """Raises Trouble for a page that is of something else, such as the front page in its place."""
    if not answer.changed:
        return {}
    tables = tables_of(answer)
    found = {name: words for name, words in labelled(tables).items() if name in LABELS}
    if not found:
        raise Trouble("odd_answer")
    plans = [words for one in listed(tables, "koderup") if (words := one.get("koderup"))]
    return found | ({"koderup": ";".join(plans)} if plans else {})


def tables_of(answer: Answer) -> list[Table]:
    if len(answer.text) > LONGEST:
        raise Trouble("too_big")
    return Tables(answer.text).found


def schedule(answer: Answer) -> dict[str, Any]:
    if not answer.changed:
        return {}
    found = list(listed(tables_of(answer), "tahap", "mulai", "sampai"))
    if not found:
        raise Trouble("odd_answer")
    return {"stages": [{name: one.get(name, "") for name in ("tahap", "mulai", "sampai")} for one in found]}
