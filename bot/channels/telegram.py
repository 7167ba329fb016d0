"""Telegram: sends as python-telegram-bot would, receives raw updates from the webhook or the poll."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

import httpx
from telegram import Bot, BotCommand, InputMediaPhoto, LinkPreviewOptions, ReplyKeyboardMarkup
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.channel import Channel, Found, Inbound, SendError
from bot.channels.telegram_decoding import COMMANDS, decode
from bot.channels.telegram_documents import send_document
from bot.channels.telegram_hot import Wire, ready, rest_of
from bot.channels.telegram_sending import Part, decide, parts_of
from bot.channels.wire import CONNECTIONS, download, never_left, transport
from bot.media import Media, at_hand
from bot.sending.pacing import Pace
from bot.sending.uploads import Uploads
from messages import Rendered, locales, template

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
HOLD = 25
"""Seconds that Telegram keeps a poll open while there is nothing new."""
FREE = 30.0
"""Messages a second up to which nothing is paid."""
BEGUN = 1000
"""So many messages that were shown in part are remembered."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# Both write addresses with the token in them, and telegram also what people said.
for name in ("httpx", "telegram"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


class Telegram(Channel):
    name = "telegram"
    settle = timedelta(seconds=2)
    rate = 30.0
    chat_rate = 1.0

    def __init__(
        self,
        token: str,
        api: str = "https://api.telegram.org",
        timeout: float = 15,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rate: float | None = None,
    ) -> None:
        """`timeout` in seconds for one answer of Telegram; `rate` in messages a second, above `FREE` they are paid for."""
        self._ticks, self._sleep = ticks, sleep
        self.rate = self.rate if rate is None else rate
        number = token.partition(":")[0]
        self.bot_id = int(number) if number.isdecimal() else 0
        self.account = f"telegram:{number if self.bot_id else 'bot'}"
        self._root, self._files, self._timeout = f"{api}/bot{token}", f"{api}/file/bot{token}", timeout
        self._client = httpx.AsyncClient(transport=transport(), timeout=timeout)
        self._wire = Wire(timeout, max(CONNECTIONS, int(self.rate)))
        self._bot = Bot(token, f"{api}/bot", f"{api}/file/bot", request=self._wire, get_updates_request=self._wire)
        self.pictures, self.pace = Uploads(), Pace(0, self.chat_rate)
        self.uploads = self.pictures
        self._paid = self.rate > FREE
        self._begun: OrderedDict[tuple[str, Rendered], int] = OrderedDict()

    def decode(self, payload: Any) -> list[Found]:
        return [*decode(payload, self.bot_id)]

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        parts = _parts(rendered)
        if replaces and len(parts) == 1:
            if await self._edit(address, parts[0], int(replaces)):
                return replaces
            await self._turn(address)
        return await self._send_parts(address, rendered, parts, media)

    async def _send_parts(self, address: str, rendered: Rendered, parts: Sequence[Part], media: Media) -> str:
        """One after the other. A next try begins where the last one ended, so that nothing is shown twice."""
        sent, key = "", (address, rendered)
        first = self._begun.pop(key, 0) if len(parts) > 1 else 0
        for place in range(first, len(parts)):
            if place > first:
                await self._turn(address)
            try:
                sent = await self._send_part(address, rendered, place, media)
            except SendError as error:
                if place and error.decision in ("retry", "slow", "unknown"):
                    self._begun[key] = place
                    if len(self._begun) > BEGUN:
                        self._begun.popitem(last=False)
                raise
            finally:
                self.pace.landed(address, self._ticks())
        return sent

    async def _turn(self, address: str) -> None:
        """The sender took the turn of one request; each other must wait for the account's next, and for the chat's next second."""
        now = self._ticks()
        if (wait := self.pace.reserve(address, now) - now) > 0:
            await self._sleep(wait)
        if not self.safe():
            raise SendError("no_connection")

    async def _send_part(self, address: str, rendered: Rendered, place: int, media: Media) -> str:
        part = _parts(rendered)[place]
        if part.document:
            return str(await self._tell(lambda: send_document(self._bot, address, part, media)))
        ids = tuple(self.pictures.id_of(name) for name in part.pictures)
        if not all(ids):
            return await self._upload(address, part, media)
        if not (part.html or ids):
            return ""
        method, rest = _rest(rendered, place, ids, self._paid)
        try:
            shown = await self._tell(lambda: self._wire.ask(f"{self._root}/{method}", ready(address, rest)))
        except SendError as error:
            if not ids or error.reason != "picture_refused":
                raise
            for name in part.pictures:
                await self.pictures.forget(name)
            raise SendError("upload_broke") from error
        return str((shown[-1] if isinstance(shown, list) else shown)["message_id"])

    async def _upload(self, address: str, part: Part, media: Media) -> str:
        """With the pictures that are still there: a lost one must not hold up the words."""
        found = {name: self.pictures.id_of(name) or await asyncio.to_thread(at_hand, media, name) for name in part.pictures}
        there = {name: picture for name, picture in found.items() if picture}
        if len(there) > 1:
            album = [InputMediaPhoto(picture) for picture in there.values()]
            shown = await self._tell(lambda: self._bot.send_media_group(address, album, allow_paid_broadcast=self._paid or None))
        elif there:
            [picture] = there.values()
            shown = [await self._tell(lambda: self._bot.send_photo(
                address, picture, caption=part.html or None, parse_mode=ParseMode.HTML, reply_markup=part.keyboard,
                allow_paid_broadcast=self._paid or None,
            ))]  # fmt: skip
        elif part.html:
            shown = [await self._tell(lambda: self._bot.send_message(
                address, part.html, parse_mode=ParseMode.HTML, reply_markup=part.keyboard, link_preview_options=NO_PREVIEW,
                allow_paid_broadcast=self._paid or None,
            ))]  # fmt: skip
        else:
            return ""
        for name, one in zip(there, shown, strict=False):
            if one.photo and not self.pictures.id_of(name):
                await self.pictures.keep(name, one.photo[-1].file_id)
        return str(shown[-1].message_id)

    async def _edit(self, address: str, part: Part, number: int) -> bool:
        """Whether the message now shows this. One that cannot become it loses its buttons, since a new one takes its place."""
        buttons = None if isinstance(part.keyboard, ReplyKeyboardMarkup) else part.keyboard
        alike = not part.pictures and buttons is part.keyboard
        try:
            if alike:
                await self._bot.edit_message_text(
                    part.html, address, number, parse_mode=ParseMode.HTML, reply_markup=buttons, link_preview_options=NO_PREVIEW
                )
            else:
                await self._bot.edit_message_reply_markup(address, number)
        except TelegramError as error:
            found = decide(error)
            if found.decision != "failed":
                raise found from error
            return alike and found.reason == "unchanged"
        finally:
            self.pace.landed(address, self._ticks())
        return alike

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        try:
            file = await self._bot.get_file(media["file_id"])
        except BadRequest as error:
            raise SendError("too_big" if "too big" in error.message.lower() else "gone") from error
        except TelegramError as error:
            raise decide(error) from error
        if not (file.file_path or "").startswith(self._files):
            raise SendError("gone")
        return await download(self._client, file.file_path or "")

    async def acknowledge(self, inbound: Inbound) -> None:
        with contextlib.suppress(TelegramError):
            if inbound.tap:
                await self._bot.answer_callback_query(inbound.tap)
            elif inbound.reachable is None:
                await self._bot.send_chat_action(inbound.address, ChatAction.TYPING)

    async def updates(self, offset: int) -> list[Any]:
        """What came in since, raw: a single odd update must not hide the others. Raises SendError."""
        asked = {"offset": offset, "timeout": HOLD, "allowed_updates": ALLOWED}
        try:
            response = await self._client.post(f"{self._root}/getUpdates", json=asked, timeout=HOLD + self._timeout)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SendError("no_connection" if never_left(error) else "no_answer") from None
        found = answer.get("result") if isinstance(answer, dict) else None
        if isinstance(found, list):
            return found
        wait = (answer.get("parameters") or {}).get("retry_after", 0) if isinstance(answer, dict) else 0
        raise SendError(REFUSALS.get(response.status_code, "stumbled"), wait)

    async def announce(self) -> None:
        """The commands menu, in Indonesian for whom it has no language of. Raises SendError."""
        for locale in locales():
            commands = [
                BotCommand(called if locale == "id" else word, template(f"telegram.command_{word}", locale))
                for word, called in COMMANDS.items()
            ]
            for language in ("", "id") if locale == "id" else (locale,):
                await self._tell(lambda commands=commands, language=language: self._bot.set_my_commands(commands, language_code=language))  # type: ignore[misc]

    async def listen(self, url: str, secret: str) -> None:
        """Updates come to `url`, or are polled for without one. Raises SendError."""
        if url:
            await self._tell(lambda: self._bot.set_webhook(url, allowed_updates=ALLOWED, secret_token=secret))
        else:
            await self._tell(self._bot.delete_webhook)

    async def _tell(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await ask()
        except TelegramError as error:
            raise decide(error) from error

    async def close(self) -> None:
        await self._client.aclose()
        await self._wire.shutdown()


REFUSALS = {401: "token_refused", 404: "token_refused", 409: "conflict", 429: "too_fast"}


@lru_cache(maxsize=256)
def _parts(rendered: Rendered) -> tuple[Part, ...]:
    return tuple(parts_of(rendered))


@lru_cache(maxsize=256)
def _rest(rendered: Rendered, place: int, ids: tuple[str, ...], paid: bool) -> tuple[str, str]:
    return rest_of(_parts(rendered)[place], ids, paid)
