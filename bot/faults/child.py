"""The bot in a process that dies at a drawn point, wrapped from outside: python -m bot.faults.child URL FOLDER CHANNEL POINT NTH."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event

from bot import inbox, logs
from bot.app import App
from bot.bench.daytime import awake
from bot.channels.channel import Channel, Found, Inbound, SendError
from bot.channels.whatsapp import Whatsapp
from bot.faults.dialects import PHONE_ID, Cloud, Plain
from bot.faults.ledger import FILE
from bot.media import Media
from bot.settings import Settings
from handlers.said import Said
from messages import Rendered

ECHO = 3.0
"""Seconds: every status is there by then, since the ledger hands out what waits as soon as it is asked."""


class Wire(Channel):
    """The plain channel to the ledger."""

    account = name = Plain.name
    settle = timedelta(0)

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=30)

    def decode(self, payload: Any) -> list[Found]:
        media = {"photo": True} if payload["photo"] else {}
        said = Said(kind="photo" if media else "text", text=payload["text"])
        return [Inbound(str(payload["id"]), payload["address"], said, media)]

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        try:
            answer = await self.http.post("/send", json={"address": address, "text": rendered.text, "tag": tag})
        except httpx.HTTPError as error:
            raise SendError("no_answer") from error
        return str(answer.json()["id"])

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        try:
            return (await self.http.get(FILE)).content
        except httpx.HTTPError as error:
            raise SendError("download_broke") from error

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        await self.http.aclose()


class Unpaced(Whatsapp):
    """People here say one thing at a time, and what piled up for one of them while the bot was dead need not leave at the pace of life."""

    settle = timedelta(0)
    chat_rate = 0.0


def channel_to(name: str, url: str) -> Channel:
    return Unpaced(PHONE_ID, "token", url, echo=ECHO) if name == Cloud.name else Wire(url)


class Death:
    """Strikes at the nth time a point is passed, as a power cut or the kernel would: nothing is flushed, nothing is said."""

    def __init__(self, point: str, nth: int) -> None:
        self.point, self.left = point, nth

    def passing(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, work: Callable[..., Any], point: str, counts: Callable[[Any], bool]) -> Callable[..., Any]:
        def wrapped(*args: Any, **named: Any) -> Any:
            result = work(*args, **named)
            if counts(result):
                self.passing(point)
            return result

        return wrapped

    def after_awaiting(self, work: Callable[..., Any], point: str, counts: Callable[[Any], bool]) -> Callable[..., Any]:
        async def wrapped(*args: Any, **named: Any) -> Any:
            result = await work(*args, **named)
            if counts(result):
                self.passing(point)
            return result

        return wrapped


def fresh(outcome: Any) -> bool:
    return bool(outcome.status != "repeat")


def wrap(app: App, channel: Channel, death: Death) -> None:
    """turn: before its commit. group: in the commit of several. committed: before the acknowledgement. claimed, answered: around a send."""
    sender, store = app.senders[channel.account], app.store
    grouped: list[int] = []
    inbox.accept = death.after(inbox.accept, "turn", fresh)
    app.receive = death.after_awaiting(app.receive, "committed", fresh)  # type: ignore[method-assign]
    books = sender.books
    books.write = death.after_awaiting(books.write, "claimed", lambda taken: bool(taken.rows))  # type: ignore[method-assign]
    channel.send = death.after_awaiting(channel.send, "answered", lambda _: True)  # type: ignore[method-assign]
    commit = store._commit_group

    def commit_group(connection: Any, group: Any) -> None:
        grouped[:] = [len(group)]
        commit(connection, group)

    store._commit_group = commit_group  # type: ignore[method-assign]
    event.listen(store.engine, "commit", lambda _: death.passing("group") if grouped and grouped[0] > 1 else None)


async def serve(url: str, folder: Path, channel: Channel, death: Death) -> None:
    """Polls as a bot does: what was polled is acknowledged by the next poll, after everything of it is committed."""
    file, zone = f"sqlite:///{folder}/lapak.db", awake(datetime.now(UTC))
    settings = Settings(_env_file=None, database_url=file, media_dir=folder / "media", timezone=zone)  # type: ignore[call-arg]
    app = App(settings, channels=[channel])
    wrap(app, channel, death)
    await app.start()
    offset = 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        while True:
            updates = (await http.get("/updates", params={"offset": offset})).json()
            chats = groupby(sorted(updates, key=itemgetter("address")), itemgetter("address"))
            await asyncio.gather(*(_receive(app, channel, list(chat)) for _, chat in chats))
            offset = max([update["id"] + 1 for update in updates], default=offset)


async def _receive(app: App, channel: Channel, updates: list[Any]) -> None:
    for update in updates:
        await app.receive_all(channel, channel.decode(update["payload"]))


if __name__ == "__main__":
    logs.configure()
    url, folder, name, point, nth = sys.argv[1:]
    asyncio.run(serve(url, Path(folder), channel_to(name, url), Death(point, int(nth))))
