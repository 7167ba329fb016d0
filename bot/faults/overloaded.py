"""Two bots whose handlers are slow, each behind its own webhook: the product, and python-telegram-bot's Application as in its examples.

python -m bot.faults.overloaded ours | theirs FILE
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import inbox
from bot.webhooks import WEBHOOK

SLOW = 0.02
"""Seconds that a handler takes."""


def slowed(work: Callable[..., Any]) -> Callable[..., Any]:
    def slow(*given: Any, **named: Any) -> Any:
        time.sleep(SLOW)
        return work(*given, **named)

    return slow


def ours() -> None:
    """Settings come from the environment."""
    from bot.__main__ import lapak

    inbox.handle = slowed(inbox.handle)
    lapak(["serve"], prog_name="./run")


async def theirs(handled: str) -> None:
    """Updates go into the Application's queue and are acknowledged, as in its example of a webhook of one's own.

    Each that was handled is written down.
    """
    from telegram import Update
    from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

    from bot.bench.peer import NullRequest

    file = os.open(handled, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await asyncio.sleep(SLOW)
        assert update.message
        await update.message.reply_text("Baik.")
        os.write(file, f"{update.update_id}\n".encode())

    built = ApplicationBuilder().token("1:x").request(NullRequest()).get_updates_request(NullRequest()).updater(None).build()
    built.add_handler(MessageHandler(filters.TEXT, handle))

    async def telegram(request: Request) -> Response:
        await built.update_queue.put(Update.de_json(await request.json(), built.bot))
        return Response(status_code=HTTPStatus.OK)

    web = Starlette(routes=[Route(WEBHOOK, telegram, methods=["POST"])])
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        async with built:
            await built.start()
            print(f"running: http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
            await uvicorn.Server(uvicorn.Config(web, log_config=None, access_log=False)).serve([listening])


if __name__ == "__main__":
    asyncio.run(theirs(sys.argv[2])) if sys.argv[1] == "theirs" else ours()
