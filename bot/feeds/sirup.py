"""SiRUP: the yearly plans of all offices, through the JSON of its public search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.feeds.fetching import Fetcher, Trouble
from bot.feeds.inaproc import years
from bot.feeds.source import Page, Source, Where, names_of, whole

PATH = "/sirup/caripaketctr/search"
HOURS = (3,)
LENGTH = 100
"""Rows that the search gives at once at most."""
COLUMNS = ("", "paket", "pagu", "jenisPengadaan", "isPDN", "isUMK", "metode", "pemilihan", "kldi", "satuanKerja", "lokasi", "id")


def sources(root: str, places: Sequence[str]) -> list[Source]:
    """`places` are SiRUP's own codes of kabupaten and kota; without them it is all of Indonesia, which nobody here has use for."""
    return [Source("sirup", HOURS, partial(page, root.rstrip("/") + PATH, tuple(places)))] if root and places else []


async def page(url: str, places: Sequence[str], fetcher: Fetcher, where: Where) -> Page:
    scopes = [(year, place) for year in years(where.now) for place in places]
    at, start = whole(where.mark.get("place"), len(scopes) - 1), whole(where.mark.get("start"))
    answer = await fetcher.get(url, asked(*scopes[at], start), where.proof)
    if not answer.changed:
        more = bool(where.proof.get("more"))
        return Page((), _following(at, start, more, len(scopes)), where.proof, changed=False)
    found = await answer.json()
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        raise Trouble("odd_answer")
    rows = [row for row in found["data"] if isinstance(row, dict)]
    # The totals of such tables are not always counted: a page that is full has one after it.
    more = len(found["data"]) >= LENGTH
    proof = {**answer.mark, "more": more} if answer.mark else {}
    return Page(rows, _following(at, start, more, len(scopes)), proof, columns=names_of(rows))


def _following(at: int, start: int, more: bool, scopes: int) -> dict[str, int] | None:
    if more:
        return {"place": at, "start": start + LENGTH}
    return {"place": at + 1} if at + 1 < scopes else None


def asked(year: int, place: str, start: int) -> dict[str, Any]:
    """The newest first, as the search's own page asks."""
    columns = {f"columns[{number}][data]": name for number, name in enumerate(COLUMNS)}
    return {
        "tahunAnggaran": year, "jenisPengadaan": "", "metodePengadaan": "", "minPagu": "", "maxPagu": "", "bulan": "", "lokasi": place,
        "kldi": "", "pdn": "", "ukm": "", "draw": 1, **columns, "order[0][column]": len(COLUMNS) - 1, "order[0][dir]": "DESC",
        "start": start, "length": LENGTH, "search[value]": "", "search[regex]": "false",
    }  # fmt: skip
