"""Outside of the window: what may be said there, and at what price."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.channels.channel import SendError
from bot.claims import Claimed
from messages.templates import Templated, templated
from models.template import approved, remember
from models.window import outside

if TYPE_CHECKING:
    from bot.outbox import Sender


async def tell_outside(sender: Sender, one: Claimed) -> str:
    """Sends it as a template, where there is one that may be sent; else it waits for the person's next message. Raises SendError."""
    made = templated(one.message, one.voice)
    if made is None:
        raise SendError("window_closed")
    allowed = await sender.store.read(lambda session: approved(session, made.name, made.locale))
    if outside(one.message, allowed, one.expires_at, sender.marketing) == "hold":
        raise SendError("window_closed")
    try:
        return await sender.channel.send_template(one.address, made, str(one.id))
    except SendError as error:
        if error.decision == "campaign":
            # What the platform refuses once is not asked for again until it says that it may.
            await sender.store.write(partial(_pause, made=made, reason=error.reason, now=sender.clock()))
        raise


def _pause(session: Session, made: Templated, reason: str, now: datetime) -> None:
    remember(session, made.name, made.locale, "paused", "", reason, now)
