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
        found.append(Source(name, HOURS, partial(page, root), "ocid", table=False))
    return found


async def page(root: str, fetcher: Fetcher, where: Where) -> Page:
    url = str(where.mark.get("url") or root)
    answer = await fetcher.get(url, None, where.proof)
    if not answer.changed:
        ahead = str(where.proof.get("url") or "")
        return Page((), {"url": ahead} if ahead else None, where.proof, changed=False)
    found = answer.json()
    if not isinstance(found, dict) or not any(isinstance(found.get(name), list) for name in ("releases", "records")):
        raise Trouble("odd_answer")
    ahead = after(url, found)
    return Page(list(releases(found)), {"url": ahead} if ahead else None, {**answer.mark, "url": ahead} if answer.mark else {})


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


def releases(package: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Of a record what it comes to, else its newest release."""
    yield from (release for release in package.get("releases") or () if isinstance(release, dict))
    for record in package.get("records") or ():
        whole = record.get("compiledRelease") if isinstance(record, dict) else None
        if isinstance(whole, dict):
            yield whole
        elif isinstance(record, dict):
            parts = [one for one in record.get("releases") or () if isinstance(one, dict) and "tender" in one]
            yield from sorted(parts, key=lambda one: str(one.get("date") or ""))[-1:]
