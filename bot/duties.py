"""What a process does as long as no other does it: it sends for an account, it polls a bot. A lease each."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from socket import gethostname
from typing import TYPE_CHECKING, Literal

import structlog

from bot.inbox import where
from bot.leases import PROCESS, SENDER, Keeping
from bot.sending.outbox import Sender
from bot.sending.settling import recover
from bot.standing import Asked, keep_looking
from models.lease import PROCESSES

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
Role = Literal["all", "web", "sender", "scheduler", "command"]
"""What a process does; `command` only what it was asked for. On SQLite one process does `all`."""
RECEIVING, SENDING, WAKING = ("all", "web"), ("all", "sender"), ("all", "scheduler")
AGAIN = 1.0
"""Seconds until a sender that stumbled goes on."""


def duties(app: App) -> list[Keeping]:
    """Those of its role; the jobs of the scheduler are begun by `schedule.start`."""
    store, worker, kept = app.store, app.worker, list[Keeping]()
    if not store.sqlite:
        kept.append(Keeping(store, f"{PROCESSES}{app.role}:{gethostname()}:{os.getpid()}:{worker}", worker, PROCESS))
    for account, sender in app.senders.items():
        if app.role in SENDING and sender.channel.loops:
            keeping = Keeping(store, f"sender:{account}", worker, SENDER, partial(send, app, sender))
            if not store.sqlite:  # else the lock on the file keeps every other away
                sender.safe, sender.books.fence = keeping.safe, keeping.holds
            kept.append(keeping)
    for account, channel in app.channels.items():
        if app.role in RECEIVING and channel.name == "telegram":
            from bot import polling  # its libraries cost half a second, only where they are used

            kept.append(Keeping(store, f"poll:{account}", worker, SENDER, partial(polling.run, app, channel)))
    return kept


async def send(app: App, sender: Sender) -> None:
    """What somebody had in hand is taken up, then the sender runs. A fault of the database ends neither."""
    taken_up = False
    try:
        while True:
            try:
                if not taken_up:
                    await take_up(app, sender.channel.account)
                taken_up = True
                await sender.run()
            except Exception as error:
                log.error("sender stumbled", account=sender.channel.account, error=where(error))
            await asyncio.sleep(AGAIN)
    finally:
        # What is on its way arrives before the lease is given to another, who would send it again.
        await sender.land()


async def take_up(app: App, account: str) -> None:
    left = await app.store.write(partial(recover, account=account, now=app.clock(), echo=app.channels[account].echo))
    # Another process may have spent of it.
    app.senders[account].purse.forget()
    channel, name = app.channels[account], f"standing:{account}"
    if isinstance(channel, Asked) and name not in {task.get_name() for task in app.tasks}:
        app.spawn(keep_looking(app, channel), name)
    if left:
        log.info("recovered", rows=left, account=account)
