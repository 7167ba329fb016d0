"""SPSE's own pages of single packages, which say what its tables do not: the plan, the place, for whom, and until when offers are taken.

What is read is of the packages that are open: those whose pages were never read first, then those that close next, and some of all others.
Of a page only what stands beside known labels is taken, so that nobody's name comes along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.feeds.course import beginning, step
from bot.feeds.fetching import Answer, Fetcher, Trouble
from bot.feeds.source import AFTER, NAME, Page, Source, Where
from bot.feeds.spse import HOURS, site
from bot.feeds.tables import Table, Tables, labelled, listed
from models.package import NONTENDER, TENDER
from models.pages import wanted
from models.polling import tries_of
from models.sources.spse_page import LABELS, SOURCE, UNREAD

MOST = 60
"""Packages of a round, two pages each: the first hundreds of a site are caught up over some rounds."""
ADDRESSES = {TENDER: ("lelang", "pengumumanlelang"), NONTENDER: ("nontender", "pengumumanpl")}
ITS_OWN = ("refused", "odd_answer", "too_big")
"""Troubles of one page; what is wrong with the whole site ends the look."""
STUMBLES = ("source_down", "no_answer")
"""Troubles of one page, or of the site: the pages after it show which."""
LONGEST = 2 * 1024 * 1024
"""Characters of a page; theirs have some tens of thousands."""


def sources(roots: Sequence[str]) -> list[Source]:
    return [made(root.rstrip("/")) for root in roots]


def made(root: str) -> Source:
    name = f"{SOURCE}:{site(root)}"[:NAME]

    def seek(session: Session, now: datetime) -> dict[str, Any]:
        return beginning(wanted(session, name, root, MOST, now), tries_of(session, name))

    return Source(name, HOURS, partial(page, root), turn=AFTER, seek=seek)


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    """Of one package both its pages."""
    system, _, number = str(where.mark.get("package") or "").partition(":")
    if system not in ADDRESSES or not number.isdecimal():
        return Page((), changed=False)  # nothing of its packages is open
    table, end = ADDRESSES[system]
    row: dict[str, Any] = {"number": number, "list": table, "url": root}
    said, proof, unread, trouble = await _read(fetcher, f"{root}/{table}/{number}", end, where.proof)
    after = step(where.mark, trouble in STUMBLES)
    rows = ([{**row, **said}] if said else []) + ([{**row, UNREAD: unread}] if unread and after.its_own else [])
    return Page(rows, after.following, proof, changed=bool(rows), trouble=trouble if after.down else "")


async def _read(fetcher: Fetcher, address: str, end: str, proofs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """What both pages say, what asks the next time whether they have changed, which could not be read, and why; what has not changed says
    nothing.
    """
    said: dict[str, Any] = {}
    proof: dict[str, Any] = {}
    for name, taking in ((end, announcement), ("jadwal", schedule)):
        try:
            answer = await fetcher.get(f"{address}/{name}", None, proofs.get(name))
            said |= await asyncio.to_thread(taking, answer)
            proof |= {name: dict(answer.mark)} if answer.mark else {}
        except Trouble as trouble:
            if trouble.reason not in ITS_OWN + STUMBLES or trouble.again:
                raise
            return said, proof, name, trouble.reason
    return said, proof, "", ""


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
