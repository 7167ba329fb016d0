"""SPSE: the tenders and direct purchases of one LPSE, through the tables of its public pages.

A page that asks whether a person is there is reported as what it is; nothing here pretends to be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bot.feeds.fetching import Fetcher, Trouble
from bot.feeds.source import NAME, Page, Source, Where, whole

TABLES = (("lelang", "/lelang", "/dt/lelang"), ("nontender", "/nontender", "/dt/pl"))
"""What each table is called, the page that has the token, and where its rows are."""
TOKEN = re.compile(r"authenticityToken['\"]?\s*(?:=|:|value=)\s*['\"]([0-9A-Za-z]{16,128})['\"]")
FIELD = re.compile(r"name=['\"]authenticityToken['\"]\s+value=['\"]([0-9A-Za-z]{16,128})['\"]")
HOURS = (7, 9, 11, 13, 15, 17)
LENGTH = 100
SORTED = 5
"""Columns that are named in the question, as the page itself does."""


def sources(roots: Sequence[str]) -> list[Source]:
    """Each root is a site, such as https://spse.inaproc.id/samarindakota."""
    return [Source(f"spse:{site(root)}"[:NAME], HOURS, partial(page, root.rstrip("/"))) for root in roots]


def site(root: str) -> str:
    """ "samarindakota", or the host where the path does not tell."""
    parts = urlsplit(root)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return last if last and last != "eproc4" else parts.netloc


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    place, start = whole(where.mark.get("place"), len(TABLES) - 1), whole(where.mark.get("start"))
    name, front, path = TABLES[place]
    token = fetcher.memory.get(name) or await enter(fetcher, root + front, name)
    headers = {"Referer": root + front, "X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
    answer = await fetcher.post(f"{root}{path}?tahun={where.now.year}", asked(token, start), headers)
    found = await answer.json()
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        raise Trouble("odd_answer")
    rows = [{"cells": cells, "url": root, "list": name} for cells in found["data"] if isinstance(cells, list)]
    full = len(found["data"]) >= LENGTH  # the total may be a number that stands for "many"
    following: dict[str, Any] | None = {"place": place, "start": start + LENGTH} if full else None
    if following is None and place + 1 < len(TABLES):
        following = {"place": place + 1}
    return Page(rows, following, columns=[places_of(row["cells"]) for row in rows], group=name)


async def enter(fetcher: Fetcher, url: str, name: str) -> str:
    """The page that people see; its form has the token, and its cookie is kept for this look."""
    answer = await fetcher.get(url)
    found = TOKEN.search(answer.text) or FIELD.search(answer.text)
    if found is None:
        raise Trouble("odd_answer")
    fetcher.memory[name] = found[1]
    return found[1]


def places_of(cells: Sequence[Any]) -> frozenset[str]:
    """The columns have no names."""
    return frozenset(f"{place:02}" for place in range(1, len(cells) + 1))


def asked(token: str, start: int) -> dict[str, Any]:
    """The newest first."""
    columns: dict[str, Any] = {}
    for number in range(SORTED):
        columns |= {f"columns[{number}][data]": number, f"columns[{number}][searchable]": "true", f"columns[{number}][orderable]": "true"}
    return columns | {
        "draw": 1, "order[0][column]": 0, "order[0][dir]": "desc", "start": start, "length": LENGTH, "search[value]": "",
        "search[regex]": "false", "authenticityToken": token,
    }  # fmt: skip
