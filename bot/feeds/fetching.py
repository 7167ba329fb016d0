"""Asking a public site politely: one request a second a host, only for what has changed, within a time and a size."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from typing import Any

import httpx

from bot.json_rows import loaded
from bot.release import release
from bot.sending.outbox import Sleep, Ticks

AGENT = "Lapak/{release} (pembaca peluang UMKM; reads procurement notices, one request a second{contact})"
PACE = 1.0
"""Seconds between two requests to one host."""
PATIENCE = httpx.Timeout(30, connect=10)
KEPT = httpx.Limits(keepalive_expiry=2 * PACE)
"""Many sites close a connection that was idle for five seconds, and whoever asks in that moment gets no answer."""
LONGEST = 60.0
"""Seconds for one answer in all, however slowly it drips."""
MOST_BYTES = 32 * 1024 * 1024
REDIRECTS = 3
NAMED = {401: "token_refused", 403: "not_allowed", 408: "no_answer", 429: "throttled"}
ROBOTS = re.compile(
    r"just a moment|checking your browser|challenge-platform|cf-chl|attention required|enable javascript and cookies|captcha|_incapsula_",
    re.I,
)
"""What pages say that want to know whether a person is there."""
EXPECTED = re.compile(r"authenticityToken|<th[^<>]*>\s*(?:Kode (?:Tender|Seleksi|Non ?Tender|Paket|RUP)|Mulai)\s*<", re.I)
LOOKED_AT = 64 * 1024
"""Characters of a page in which that stands."""


class Trouble(Exception):
    """Why a source could not be read, as a short name with words in `feeds.why_<reason>`; never what was asked or answered."""

    def __init__(self, reason: str, again: float = 0) -> None:
        super().__init__(reason)
        self.reason, self.again = reason, again
        """Seconds that the source asks to wait, 0 where it does not say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`changed` is False where the source says that nothing has; `mark` asks so the next time."""

    text: str
    mark: Mapping[str, str] = field(default_factory=dict)
    changed: bool = True

    async def json(self) -> Any:
        """Raises Trouble where it is something else, such as a page that says that the site is being mended."""
        try:
            return await asyncio.to_thread(loaded, self.text)
        except (ValueError, RecursionError) as error:
            raise Trouble("odd_answer") from error


class Manners:
    """When each host was last asked, by all who ask in this process, and that only one look at the sources is under way."""

    def __init__(self, ticks: Ticks = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self.ticks, self.sleep = ticks, sleep
        self.looking = asyncio.Lock()
        self._free: dict[str, float] = {}
        """By host, the moment from which on it may be asked again."""

    async def turn(self, host: str) -> None:
        """Waits until the host may be asked. The place is taken before the wait, so that nobody else takes it meanwhile."""
        now = self.ticks()
        # A host that this process has not asked may have been asked a moment ago by one that died.
        at = max(self._free.get(host, now + PACE), now)
        self._free[host] = at + PACE
        if at > now:
            await self.sleep(at - now)


class Fetcher:
    """One look at one source; the token goes into a header and nowhere else."""

    def __init__(self, client: httpx.AsyncClient, token: str = "") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.memory: dict[str, str] = {}
        """What a page of this look leaves for the next one, such as the token of a form."""

    async def get(self, url: str, params: Mapping[str, Any] | None = None, mark: Mapping[str, str] | None = None) -> Answer:
        """Only if it changed since `mark`, which is of no use for another address. Raises Trouble."""
        asked = sha256(str(httpx.URL(url, params=params) if params else httpx.URL(url)).encode()).hexdigest()[:16]
        given = mark if mark and mark.get("asked") == asked else {}
        answer = await self._ask("GET", url, params=params, headers=self.headers | conditions(given))
        return replace(answer, mark={**answer.mark, "asked": asked}) if answer.mark else answer

    async def post(self, url: str, data: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        return await self._ask("POST", url, data=data, headers=self.headers | dict(headers))

    async def _ask(self, method: str, url: str, **more: Any) -> Answer:
        try:
            async with asyncio.timeout(LONGEST), self.client.stream(method, url, **more) as response:
                return judged(response, await body(response))
        except httpx.TooManyRedirects as error:
            raise Trouble("odd_answer") from error
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            raise Trouble(broken(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise Trouble("refused") from error


@asynccontextmanager
async def fetching(manners: Manners, token: str = "", contact: str = "") -> AsyncIterator[Fetcher]:
    """`contact` is a page on which whoever runs a site finds out who asks."""

    async def wait(request: httpx.Request) -> None:
        """Also before each redirect."""
        await manners.turn(request.url.netloc.decode("ascii"))

    how: dict[str, Any] = {"verify": trusted(), "timeout": PATIENCE, "limits": KEPT, "follow_redirects": True, "max_redirects": REDIRECTS}
    headers = {"User-Agent": agent(contact), "Accept-Language": "id"}
    async with httpx.AsyncClient(headers=headers, event_hooks={"request": [wait]}, **how) as client:
        yield Fetcher(client, token)


def agent(contact: str) -> str:
    page = contact.strip()
    return AGENT.format(release=release(), contact=f"; +{page}" if page and page.isascii() and page.isprintable() else "")


@cache
def trusted() -> ssl.SSLContext:
    """Who vouches for a site; read once, since that takes longer than an answer."""
    return httpx.create_ssl_context()


def conditions(mark: Mapping[str, str]) -> dict[str, str]:
    found = {"If-None-Match": mark.get("etag", ""), "If-Modified-Since": mark.get("modified", "")}
    return {name: value for name, value in found.items() if value}


async def body(response: httpx.Response) -> bytes:
    """Counted as it is unpacked, so that nothing small becomes something huge."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise Trouble("too_big")
    return bytes(content)


def judged(response: httpx.Response, content: bytes) -> Answer:
    """The answer, or why it is none. A page for robots comes with any status and is told from an error of the site."""
    status, headers = response.status_code, response.headers
    given = {"etag": headers.get("etag", ""), "modified": headers.get("last-modified", "")}
    mark = {name: value for name, value in given.items() if value}
    if status == httpx.codes.NOT_MODIFIED:
        return Answer("", mark, changed=False)
    text = content.decode("utf-8", "replace")
    if headers.get("cf-mitigated") == "challenge" or (text.lstrip()[:1] == "<" and not expected(text) and ROBOTS.search(text[:LOOKED_AT])):
        raise Trouble("antibot")
    if status != httpx.codes.OK:
        reason = NAMED.get(status) or ("source_down" if status >= 500 else "refused")
        raise Trouble(reason, again(headers.get("retry-after", "")))
    return Answer(text, mark)


def expected(text: str) -> bool:
    """Pages that are read as pages, whatever scripts they name: one whose form has a token, a package's and its schedule's."""
    return bool(EXPECTED.search(text))


def again(written: str) -> float:
    """Seconds of a Retry-After, which is a number or a date."""
    if written.strip().isdecimal():
        return float(written)
    try:
        return max((parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def broken(error: BaseException) -> str:
    """By the cause below: who cannot prove to be the site is not the same as one that does not answer."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLCertVerificationError):
            return "untrusted"
        below = below.__cause__ or below.__context__
    return "unreachable" if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else "no_answer"
