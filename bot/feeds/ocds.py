"""OCDS: packages of releases or records at an address, with more of them behind `links.next`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.feeds.fetching import Fetcher, Trouble
from bot.feeds.source import NAME, Page, Source, Where

HOURS = (5, 11, 17)


def sources(roots: Sequence[str]) -> list[Source]:
    """A host that is named again is numbered."""
    met: Counter[str] = Counter()
    found = []
    for root in roots:
        host = urlsplit(root).netloc
        met[host] += 1
        name = f"ocds:{host}"[:NAME] + (f"-{met[host]}" if met[host] > 1 else "")
        found.append(Source(name, HOURS, partial(page, root)))
    return found


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    url = str(where.mark.get("url") or root)
    answer = await fetcher.get(url, None, where.proof)
    if not answer.changed:
        ahead = str(where.proof.get("url") or "")
        return Page((), {"url": ahead} if ahead else None, where.proof, changed=False)
    found = await answer.json()
    if not isinstance(found, dict) or not any(isinstance(found.get(name), list) for name in ("releases", "records")):
        raise Trouble("odd_answer")
    ahead = after(url, found)
    return Page(list(rows_of(found)), {"url": ahead} if ahead else None, {**answer.mark, "url": ahead} if answer.mark else {})


def after(url: str, package: Mapping[str, Any]) -> str:
    """The next package; only of the same site, whatever a package says."""
    links = package.get("links")
    written = links.get("next") if isinstance(links, dict) else None
    if not isinstance(written, str) or not written:
        return ""
    ahead = urljoin(url, written)
    if urlsplit(ahead)[:2] != urlsplit(url)[:2] or ahead == url:
        raise Trouble("odd_answer")
    return ahead


def rows_of(package: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("releases", "records"):
        yield from (row for row in package.get(name) or () if isinstance(row, dict))
