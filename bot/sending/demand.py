"""Messages taken on demand: one after the other, each settled before the next, for who waits to be shown them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.inbox import where
from bot.sending.claims import claim
from bot.sending.delivery import deliver, pictured, worded
from bot.sending.hand import Hand, Taken
from bot.sending.lanes import Work
from bot.sending.settling import Settled, settle
from messages import Rendered

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
BACKOFF = (2, 4, 8, 16, 32, 64, 128)
"""Seconds between tries to write what became of a message."""


async def drain(sender: Sender, address: str) -> list[Rendered]:
    shown: list[Rendered] = []
    while rows := (await _take(sender, address)).rows:
        made = worded(sender, await pictured(rows[0], sender.media))
        if isinstance(made, Work):
            shown.append(made.rendered)
            if (wait := sender.pace.reserve(address, sender.ticks()) - sender.ticks()) > 0:
                await sender.sleep(wait)
        result = await deliver(sender, made) if isinstance(made, Work) else made
        if result:
            await _settle(sender, result)
    return shown


async def _take(sender: Sender, address: str) -> Taken:
    if sender.stopped:
        return Taken()
    # Who takes messages on demand has said all there is to say: an answer need not wait for more.
    due, account = sender.clock() + sender.channel.settle, sender.channel.account
    hand = Hand(1, address=address, busy=frozenset(sender.turns.inflight))
    return await sender.store.write(lambda session: claim(session, account, sender.worker, due, hand))


async def _settle(sender: Sender, result: Settled) -> None:
    """What is known of a row is not given up for a fault of the database; if that stays, the row is taken up at the next start."""
    now = sender.clock()
    for pause in BACKOFF:
        try:
            await sender.store.write(lambda session: settle(session, result, now))
            return
        except Exception as error:
            log.error("not settled", row=result.id, status=result.status, error=where(error))
            await sender.sleep(pause)
