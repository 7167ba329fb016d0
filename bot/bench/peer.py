"""The same conversation on python-telegram-bot: Application, ConversationHandler, PicklePersistence, as it advises."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telegram import Chat, Message, Update, User
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest, RequestData

from bot.bench.turn import Cost, side_by_side

INTERVAL = 60
TUNING = (
    "updates one at a time (concurrent_updates off, as ConversationHandler asks), one pickle file, "
    f"flushed every {INTERVAL} s (the default): "
    "what was answered since is lost on a kill; its handlers only keep the words, they check nothing"
)
ANSWER = json.dumps({"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "ok"}}).encode()
ME = json.dumps({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "x", "username": "x"}}).encode()


class NullRequest(BaseRequest):
    """Answers every call at once, without a network, and counts the messages."""

    def __init__(self) -> None:
        self.messages = 0

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        return

    @property
    def read_timeout(self) -> float:
        return 5

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        self.messages += url.endswith("sendMessage")
        return 200, ME if url.endswith("getMe") else ANSWER


Context = ContextTypes.DEFAULT_TYPE


def step(place: int, length: int) -> Any:
    """Keeps the words and asks on; the last one ends the conversation."""

    async def take(update: Update, context: Context) -> int:
        assert update.message and context.user_data is not None
        context.user_data[place] = update.message.text
        await update.message.reply_text(f"Baik. Pertanyaan {place + 1} dari {length}?")
        return place + 1 if place + 1 < length else ConversationHandler.END

    return MessageHandler(filters.TEXT, take)


def application(file: Path, length: int, request: NullRequest) -> Application[Any, Any, Any, Any, Any, Any]:
    built = (
        ApplicationBuilder()
        .token("1:x")
        .request(request)
        .get_updates_request(NullRequest())
        .updater(None)
        .concurrent_updates(False)
        .persistence(PicklePersistence(file, single_file=True, update_interval=INTERVAL))
        .build()
    )
    states: dict[object, list[Any]] = {place: [step(place, length)] for place in range(1, length)}
    built.add_handler(ConversationHandler([step(0, length)], states, [], name="register", persistent=True))
    return built


def update_of(bot: Any, number: int, person: int, text: str) -> Update:
    user, chat = User(person, "Siti", is_bot=False), Chat(person, "private", first_name="Siti")
    message = Message(number, datetime.now(UTC), chat, from_user=user, text=text)
    message.set_bot(bot)
    return Update(number, message)


async def theirs(folder: Path, at_once: int, persons: int, length: int, each: bool = False) -> Cost:
    """`each`: everything is written after each turn, which is as near as it comes to keeping an acknowledged message."""
    request = NullRequest()
    built = application(folder / f"peer-{at_once}-{each}", length, request)
    await built.initialize()
    await built.start()
    one = asyncio.Lock()

    async def converse(address: str) -> None:
        person = int(address.split("-")[1]) + 1
        for place in range(length):
            async with one:  # what the Application's own fetcher does without concurrent_updates
                await built.process_update(update_of(built.bot, person * length + place, person, "Amplang ikan tenggiri"))
                if each:
                    await built.update_persistence()

    wall, cpu = time.perf_counter(), time.process_time()
    await side_by_side(converse, persons, at_once)
    await built.stop()
    cost = Cost(persons * length, time.perf_counter() - wall, time.process_time() - cpu)
    await built.shutdown()
    assert request.messages == cost.turns
    return cost
