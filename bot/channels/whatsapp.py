"""WhatsApp's Cloud API for one number, thin and by hand: requests as they are documented, decisions in whatsapp_errors."""

from __future__ import annotations

import asyncio
import contextlib
import json
import mimetypes
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import structlog

from bot.channels import raw
from bot.channels.channel import Channel, Found, Inbound, SendError, part_of
from bot.channels.documents import content_of
from bot.channels.whatsapp_decoding import decode
from bot.channels.whatsapp_errors import decide, decide_broken
from bot.channels.whatsapp_hot import Wire
from bot.channels.whatsapp_sending import Request, addressed, overlong, parts_of, placed, rest_of, template_request
from bot.channels.wire import CONNECTIONS, download, transport
from bot.media import Media, present
from bot.sending.pacing import Pace
from bot.sending.uploads import Uploads
from messages import Rendered
from messages.templates import Templated

log = structlog.get_logger()
META = (".fbcdn.net", ".facebook.com", ".whatsapp.net", ".fbsbx.com")
"""Where pictures may be fetched from: the token goes along."""
KEPT = timedelta(days=29)
"""So long an uploaded picture can be sent by its id; the platform keeps it for 30."""
BEGUN = 2000
"""So many messages that were shown in part are remembered."""
NUMBER = "display_phone_number,verified_name,quality_rating,throughput"
LIMITS = ("whatsapp_business_manager_messaging_limit", "messaging_limit_tier")
"""How many people a day: of all numbers of the business since October 2025, of the number before."""
TEMPLATE, PAGES = "name,language,status,category,rejected_reason", 100
"""A business has 6,000 templates at most."""


class Whatsapp(Channel):
    name = "whatsapp"
    settle = timedelta(seconds=2)
    rate = 80.0
    chat_rate = 1 / 6
    burst = 45
    window = timedelta(hours=24)
    album = timedelta(seconds=5)

    def __init__(
        self,
        phone_id: str,
        token: str,
        api: str,
        timeout: float = 15,
        echo: float = 20,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rate: float | None = None,
    ) -> None:
        """`rate` in messages a second; `timeout` in seconds for one answer; `echo` in seconds, how long the status of a message whose
        answer was lost is waited for.
        """
        self._ticks, self._sleep = ticks, sleep
        self.rate = self.rate if rate is None else rate
        self.pace = Pace(0, self.chat_rate, self.burst)
        self.phone_id, self.account = phone_id, f"whatsapp:{phone_id}"
        self.echo = timedelta(seconds=echo)
        self._api = api
        self._client = httpx.AsyncClient(transport=transport(), timeout=timeout, headers={"Authorization": f"Bearer {token}"})
        self._wire = Wire(token, timeout, max(CONNECTIONS, int(self.rate)))
        self.pictures = Uploads(KEPT)
        self.uploads = self.pictures
        self._begun: OrderedDict[str, int] = OrderedDict()

    def decode(self, payload: Any) -> list[Found]:
        return decode(payload, self.phone_id)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        """A message that was shown cannot be changed here: what would replace it comes below."""
        if over := _overlong(rendered):
            log.warning("cut", row=tag, what=over, account=self.account)
        # A next try begins where the last one ended, so that nothing is shown twice.
        done = max(rendered.shown, self._begun.pop(tag, 0))
        there = await asyncio.to_thread(present, media, rendered.media) if rendered.media else frozenset()
        *before, last = _parts(rendered, done, there)
        try:
            for place, request, rest in before:
                await self._show(address, request, rest, media, part_of(tag, place))
                done = place
                await self._turn(address)
            # Only the last part speaks for the row: its statuses are those of the whole.
            return await self._show(address, *last[1:], media, tag)
        except SendError as error:
            if done and tag and error.decision in ("retry", "slow", "unknown"):
                self._begun[tag] = done
                if len(self._begun) > BEGUN:
                    self._begun.popitem(last=False)
            raise

    async def send_template(self, address: str, templated: Templated, tag: str) -> str:
        return await self._post_message(addressed(_rest(templated), address, tag))

    async def _turn(self, address: str) -> None:
        """The sender took the turn of one message; every other part is one more to the platform, for the number as for the person."""
        now = self._ticks()
        if (wait := self.pace.reserve(address, now) - now) > 0:
            await self._sleep(wait)
        self._go_on()

    def _go_on(self) -> None:
        if not self.safe():
            raise SendError("no_connection")

    async def _show(self, address: str, request: Request, rest: str, media: Media, tag: str) -> str:
        """`rest` is its JSON, where that does not wait for the id of a picture."""
        if not rest:
            rest = rest_of(Request(placed(request, await self._upload(request.picture, media))))
            self._go_on()
        try:
            return await self._post_message(addressed(rest, address, tag))
        except SendError as error:
            if request.picture and error.reason == "picture_not_taken":
                await self.pictures.forget(request.picture)  # the next try uploads it again
            raise

    async def _post_message(self, content: bytes) -> str:
        answer = _read(*await self._wire.post(f"{self._api}/{self.phone_id}/messages", content))
        number = next((raw.text(one, "id") for one in raw.parts(answer, "messages")), "")
        if not number:
            raise SendError("odd_answer")
        return number

    async def _upload(self, name: str, media: Media) -> str:
        """The platform's id of a picture, uploaded once."""
        if known := self.pictures.id_of(name):
            return known
        kind = mimetypes.guess_type(name)[0] or "image/jpeg"
        content = await asyncio.to_thread(content_of, media, name)
        files = {"file": (name, content, kind)}
        try:
            answer = await self._post("media", data={"messaging_product": "whatsapp", "type": kind}, files=files)
        except SendError as error:
            # Nothing was shown yet: it may be tried again without harm.
            raise SendError("upload_broke") if error.decision == "unknown" else error from error
        number = raw.text(answer, "id")
        await self.pictures.keep(name, number)
        return number

    async def _post(self, path: str, **content: Any) -> Mapping[str, Any]:
        return await self._ask("POST", f"{self._api}/{self.phone_id}/{path}", **content)

    async def _ask(self, method: str, url: str, **content: Any) -> Mapping[str, Any]:
        try:
            response = await self._client.request(method, url, **content)
        except httpx.HTTPError as error:
            raise decide_broken(error) from None
        return _read(response.status_code, response.content)

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        """The address of a picture lives for minutes and needs the token, so both requests are made at once, and only to the platform."""
        found = await self._ask("GET", f"{self._api}/{media['id']}")
        if raw.number(found, "file_size") > raw.MOST_BYTES:
            raise SendError("too_big")
        url = raw.text(found, "url")
        if not self._trusted(url):
            raise SendError("gone")
        return await download(self._client, url, expires=True)

    def _trusted(self, url: str) -> bool:
        there, here = urlsplit(url), urlsplit(self._api)
        host = there.hostname or ""
        return (there.scheme == "https" and host.endswith(META)) or (there.scheme, there.netloc) == (here.scheme, here.netloc)

    async def acknowledge(self, inbound: Inbound) -> None:
        """Read, and somebody is typing."""
        if inbound.reachable is not None or not inbound.external_id.startswith("wamid."):
            return
        seen = {"messaging_product": "whatsapp", "status": "read", "message_id": inbound.external_id, "typing_indicator": {"type": "text"}}
        with contextlib.suppress(SendError):
            _read(*await self._wire.post(f"{self._api}/{self.phone_id}/messages", json.dumps(seen).encode()))

    async def about(self) -> Mapping[str, Any]:
        """What the platform knows of this number. Raises SendError."""
        number = f"{self._api}/{self.phone_id}?fields={NUMBER}"
        limits: dict[str, Any] = {}
        for field in LIMITS:
            # The platform refuses a whole request for a field that its version does not know.
            with contextlib.suppress(SendError):
                limits |= await self._ask("GET", f"{self._api}/{self.phone_id}?fields={field}")
        return {**limits, **await self._ask("GET", number)}

    async def templates(self, business: str) -> Sequence[Mapping[str, Any]]:
        """All of a business account, page after page. Raises SendError."""
        url, found = f"{self._api}/{business}/message_templates?fields={TEMPLATE}&limit=100", list[Mapping[str, Any]]()
        after = ""
        for _ in range(PAGES):
            page = await self._ask("GET", url + (f"&after={quote(after, safe='')}" if after else ""))
            found += raw.parts(page, "data")
            paging = raw.part(page, "paging")
            after = raw.text(raw.part(paging, "cursors"), "after") if raw.text(paging, "next") else ""
            if not after:
                return found
        raise SendError("odd_answer")

    async def close(self) -> None:
        await self._client.aclose()
        await self._wire.close()


def _read(status: int, content: bytes) -> Mapping[str, Any]:
    """Raises SendError for anything that is no success."""
    try:
        answer = json.loads(content)
    except ValueError:
        raise decide(status, {}) if status >= httpx.codes.BAD_REQUEST else SendError("odd_answer") from None
    if status >= httpx.codes.BAD_REQUEST or not isinstance(answer, dict) or "error" in answer:
        raise decide(status, answer)
    return answer


@lru_cache(maxsize=256)
def _parts(rendered: Rendered, done: int, there: frozenset[str]) -> tuple[tuple[int, Request, str], ...]:
    """Each with its place and its JSON; that of a picture waits for its id."""
    return tuple((place, one, "" if one.picture else rest_of(one)) for place, one in parts_of(rendered, done, there.__contains__))


_overlong = lru_cache(maxsize=256)(overlong)


@lru_cache(maxsize=256)
def _rest(templated: Templated) -> str:
    return rest_of(template_request(templated))
