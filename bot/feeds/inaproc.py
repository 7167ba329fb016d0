"""data.inaproc.id: the gateway of all official procurement data, for offices that were given a token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.feeds.fetching import Fetcher, Trouble
from bot.feeds.source import AFTER, BEFORE, PACKAGES, Page, Source, Where, names_of, whole

OLDER = "/api/legacy/"
"""The interface before this one, with all rows in one answer: places stand there alone. It may be switched off any day."""
PATHS = {
    "inaproc-rup:revisi": ("/api/v1/rup/history-kaji-ulang", (2, 4), BEFORE),
    "inaproc-rup": ("/api/v1/rup/paket-penyedia-terumumkan", (4,), PACKAGES),
    "inaproc-rup:dana": ("/api/v1/rup/paket-anggaran-penyedia", (5,), AFTER),
    "inaproc-rup:lokasi": (f"{OLDER}rup/paket-penyedia-lokasi", (5,), AFTER),
    "inaproc-tender": ("/api/v1/tender/pengumuman", (6, 10, 14, 18), PACKAGES),
    "inaproc-tender:jadwal": ("/api/v1/tender/jadwal-tahapan-tender", (6, 10, 14, 18), AFTER),
    "inaproc-nontender": ("/api/v1/tender/non-tender-pengumuman", (6, 10, 14, 18), PACKAGES),
    "inaproc-nontender:jadwal": ("/api/v1/tender/jadwal-tahapan-non-tender", (6, 10, 14, 18), AFTER),
}
"""Where each is, its hours and its turn: the gateway itself is renewed a few times a day, the plans of a whole year are long. Which
numbers took the place of others is read before the plans, SiRUP's too, so that a revised plan is not met as a new one.
"""
LIMIT = 500
NEXT_YEAR = 10
"""The month from which on the plans of the next year are announced."""


def sources(root: str, token: str, offices: Sequence[str]) -> list[Source]:
    """`offices` are the codes of the governments (`kode_klpd`), such as D107: the gateway tells of one at a time."""
    if not (root and token and offices):
        return []
    asking = {name: partial(page, f"{root.rstrip('/')}{path}", tuple(offices)) for name, (path, _, _) in PATHS.items()}
    return [Source(name, hours, asking[name], token, turn=turn) for name, (_, hours, turn) in PATHS.items()]


def years(now: datetime) -> list[int]:
    return [now.year, now.year + 1] if now.month >= NEXT_YEAR else [now.year]


async def page(url: str, offices: Sequence[str], fetcher: Fetcher, where: Where) -> Page:
    """One page of one government and year; after its last the next of them."""
    scopes = [(year, office) for year in years(where.now) for office in offices]
    place, cursor = whole(where.mark.get("place"), len(scopes) - 1), str(where.mark.get("cursor") or "")
    year, office = scopes[place]
    asked = {"kode_klpd": office, "tahun": year} | ({} if OLDER in url else {"limit": LIMIT}) | ({"cursor": cursor} if cursor else {})
    try:
        answer = await fetcher.get(url, asked, where.proof)
    except Trouble as trouble:
        if trouble.reason in ("refused", "not_allowed") and OLDER in url:  # switched off, or not of this key
            return Page((), _following(place, "", len(scopes)))
        raise
    if not answer.changed:
        return Page((), _following(place, str(where.proof.get("cursor") or ""), len(scopes)), where.proof, changed=False)
    found = await answer.json()
    found = {"data": found} if isinstance(found, list) and OLDER in url else found
    if not isinstance(found, dict) or found.get("success") is False or not isinstance(found.get("data"), list):
        raise Trouble("odd_answer")
    meta = found.get("meta")
    ahead = str(meta.get("cursor") or "") if isinstance(meta, dict) and meta.get("has_more") else ""
    if ahead and ahead == cursor:
        raise Trouble("odd_answer")
    rows = [row for row in found["data"] if isinstance(row, dict)]
    proof = {**answer.mark, "cursor": ahead} if answer.mark else {}
    return Page(rows, _following(place, ahead, len(scopes)), proof, columns=names_of(rows))


def _following(place: int, cursor: str, scopes: int) -> dict[str, str | int] | None:
    if cursor:
        return {"place": place, "cursor": cursor}
    return {"place": place + 1} if place + 1 < scopes else None
