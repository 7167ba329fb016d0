"""SPSE's own pages of single packages, which say what its tables do not: the plan, the place, for whom, and until when offers are taken.

What is read is of the packages that are open: those whose pages were never read first, then those that close next. Of a page only what
stands beside known labels is taken, so that nobody's name comes along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from bot.feeds.fetching import Answer, Fetcher, Trouble
from bot.feeds.source import AFTER, NAME, Mark, Page, Row, Source, Where
from bot.feeds.spse import HOURS, site
from bot.feeds.tables import Tables, labelled, listed
from models.package import NONTENDER, TENDER
from models.pages import wanted
from models.sources.spse_page import LABELS, SOURCE, UNREAD

MOST = 60
"""Packages of a round, two pages each: the first hundreds of a site are caught up over some rounds."""
ADDRESSES = {TENDER: ("lelang", "pengumumanlelang"), NONTENDER: ("nontender", "pengumumanpl")}
ITS_OWN = ("refused", "source_down", "odd_answer", "too_big")
"""Troubles of one page; what is wrong with the whole site ends the look."""


def sources(roots: Sequence[str]) -> list[Source]:
    return [made(root.rstrip("/")) for root in roots]


def made(root: str) -> Source:
    seek = partial(wanted, root=root, most=MOST)
    return Source(f"{SOURCE}:{site(root)}"[:NAME], HOURS, partial(page, root), turn=AFTER, seek=lambda session: first(seek(session)))


def first(keys: Sequence[str]) -> dict[str, Any]:
    """Where a package is, and those that come after it."""
    return {"package": keys[0], "rest": list(keys[1:])} if keys else {}


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    """Of one package both its pages."""
    system, _, number = str(where.mark.get("package") or "").partition(":")
    if system not in ADDRESSES or not number.isdecimal():
        return Page(())
    table, end = ADDRESSES[system]
    row: dict[str, Any] = {"number": number, "list": table, "url": root}
    rows, proof = await _read(fetcher, f"{root}/{table}/{number}", end, row, where.proof)
    return Page(rows, _following(where.mark), proof, changed=bool(rows))


def _following(mark: Mark) -> dict[str, Any] | None:
    rest = [str(key) for key in mark.get("rest") or ()]
    return first(rest) or None


async def _read(fetcher: Fetcher, address: str, end: str, row: Row, proofs: Mapping[str, Any]) -> tuple[list[Row], dict[str, Any]]:
    """A row of what both say, and one that says that a page could not be read; what has not changed says nothing."""
    said: dict[str, Any] = {}
    rows, proof = list[Row](), dict[str, Any]()
    for name, taking in ((end, announcement), ("jadwal", schedule)):
        try:
            answer = await fetcher.get(f"{address}/{name}", None, proofs.get(name))
            said |= taking(answer)
            proof |= {name: dict(answer.mark)} if answer.mark else {}
        except Trouble as trouble:
            if trouble.reason not in ITS_OWN:
                raise
            rows.append({**row, UNREAD: name})
            break
    return ([{**row, **said}] if said else []) + rows, proof


def announcement(answer: Answer) -> dict[str, Any]:
    """Raises Trouble for a page that is of something else, such as the front page in its place."""
    if not answer.changed:
        return {}
    tables = Tables(answer.text).found
    found = {name: words for name, words in labelled(tables).items() if name in LABELS}
    if not found:
        raise Trouble("odd_answer")
    plans = [words for one in listed(tables, "koderup") if (words := one.get("koderup"))]
    return found | ({"koderup": ";".join(plans)} if plans else {})


def schedule(answer: Answer) -> dict[str, Any]:
    if not answer.changed:
        return {}
    found = list(listed(Tables(answer.text).found, "tahap", "mulai", "sampai"))
    if not found:
        raise Trouble("odd_answer")
    return {"stages": [{name: one.get(name, "") for name in ("tahap", "mulai", "sampai")} for one in found]}
