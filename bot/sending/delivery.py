"""One row on its way: worded, sent, and what became of it. Every failure has one decision, every row leaves somebody's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.channel import SendError
from bot.collage import is_sheet, sheet
from bot.inbox import where
from bot.media import Media
from bot.sending.hand import Claimed
from bot.sending.lanes import Work
from bot.sending.outside import is_open, return_ticket, tell_outside
from bot.sending.settling import Settled
from bot.sending.shortening import has_parts
from messages import Message, Rendered, Voice, render
from messages.templates import Templated, templated
from models.outbox import REPEATED

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
LONGEST = 300.0
"""Seconds that a next try waits at most, where the channel does not ask for more."""
KEPT = 64
"""Announcements in so many languages and zones are remembered in words."""
SOMEBODY = "\ue000"
"""Nobody is called that."""
LONG = timedelta(days=1000)
Say = Callable[[Message, Voice], Any]


class Wordings:
    """What an announcement says, in words once for all who hear the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Say, int, str, str], Any] = {}

    def of(self, one: Claimed) -> Rendered:
        """Raises whatever is odd in the row."""
        said: Rendered = self._once(render, one)
        return replace(said, shown=one.shown) if one.shown else said

    def templated(self, one: Claimed) -> Templated | None:
        """The same as a template."""
        said: Templated | None = self._once(templated, one)
        return said

    def _once(self, say: Say, one: Claimed) -> Any:
        if not one.campaign or one.pictured:
            return say(one.message, one.voice)
        key = (say, one.campaign, one.voice.locale, one.voice.zone)
        if key not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = _common(say, one)
        return self._known[key] or say(one.message, one.voice)


def _common(say: Say, one: Claimed) -> Any:
    """None where it says something else to another person, or at another time."""
    now = one.voice.now
    other = replace(one.voice, you=SOMEBODY, now=now and now + LONG)
    said = say(one.message, one.voice)
    return said if say(one.message, other) == said else None


async def pictured(one: Claimed, media: Media) -> Claimed:
    """With its contact sheets made, off the loop. A sheet that cannot be made must not hold up the words."""
    if not has_sheets(one):
        return one
    try:
        made = [await asyncio.to_thread(sheet, entry, media) for entry in one.message.media]
    except Exception as error:
        log.warning("no contact sheet", row=one.id, error=where(error))
        made = [entry for entry in one.message.media if not is_sheet(entry)]
    return replace(one, message=replace(one.message, media=tuple(made)), pictured=True)


def has_sheets(one: Claimed) -> bool:
    return any(is_sheet(entry) for entry in one.message.media)


def worded(sender: Sender, one: Claimed) -> Work | Settled:
    """Whatever is odd in a row must not leave it in nobody's hands."""
    try:
        return Work(one, sender.wordings.of(one))
    except Exception as error:
        log.error("not worded", row=one.id, error=where(error), account=sender.channel.account)
        return stamped(sender, one, Settled(one.id, "failed", reason="unworded"))


async def deliver(sender: Sender, work: Work) -> Settled | None:
    """None where the account may be somebody else's by now: the row is theirs."""
    one = work.row
    if one.expires_at and one.expires_at <= sender.clock():
        await return_ticket(sender, one)
        return stamped(sender, one, _late(one, sender.clock()))
    if not sender.safe():
        return None
    try:
        result = stamped(sender, one, Settled(one.id, "sent", await _tell(sender, work)))
    except SendError as error:
        if error.decision == "slow":
            sender.slow_down(error.retry_after)
        if error.decision == "stop":
            await _stop(sender, error.reason)
        result = decided(sender, one, error)
    except Exception as error:
        # A bug may rise before or after the request left: nobody knows whether it arrived.
        log.error("send failed", row=one.id, error=where(error), account=sender.channel.account)
        result = decided(sender, one, SendError("crashed"))
    return replace(result, message=one.message.to_json()) if one.pictured else result


def _late(one: Claimed, now: datetime) -> Settled:
    """What has parts goes back: the next claim leaves out those that are over."""
    if has_parts(one.message):
        return Settled(one.id, "queued", due_at=now, untried=True)
    return Settled(one.id, "expired", reason="expired")


async def _stop(sender: Sender, reason: str) -> None:
    """Where that cannot be written, the next message finds it out again: this one must not stay in nobody's hands."""
    if sender.halt is None or sender.stopped:
        return
    try:
        await sender.halt(sender.channel.account, reason)
    except Exception as error:
        log.error("not stopped", account=sender.channel.account, error=where(error))


async def _tell(sender: Sender, work: Work) -> str:
    """Sends it; outside the window as a template, where it may be. Raises SendError."""
    channel, one = sender.channel, work.row
    if one.ticket is None and is_open(sender, one.heard_at):
        return await channel.send(one.address, work.rendered, sender.media, one.replaces, str(one.id))
    return await tell_outside(sender, one)


def decided(sender: Sender, one: Claimed, error: SendError) -> Settled:
    echo = sender.channel.echo
    if error.decision == "unknown" and echo:
        # The channel itself says whether it arrived, a little later.
        error = SendError(error.reason, echo.total_seconds())
    return stamped(sender, one, outcome(one, error, sender.clock(), told=bool(echo)))


def stamped(sender: Sender, one: Claimed, result: Settled) -> Settled:
    """With whose hands it was in."""
    return replace(result, address=one.address, worker=sender.worker, attempts=one.attempts + 1)


def outcome(claimed: Claimed, error: SendError, now: datetime, told: bool = False) -> Settled:
    """One decision for each named send error. `told`: the channel tells of what it took, so its silence means that it may be sent again;
    calls and announcements once, since nobody pays twice for a network that is down.
    """
    settled = Settled(claimed.id, "failed", reason=error.reason, address_id=claimed.address_id, error=error)
    if error.decision in ("hold", "campaign"):
        return replace(settled, status="held")
    if error.decision == "later":
        return replace(settled, status="queued", due_at=now + timedelta(seconds=error.retry_after), untried=True)
    if error.decision in ("migrated", "stop"):
        return replace(settled, status="queued", due_at=now)
    if error.decision == "unknown" and claimed.kind not in REPEATED and (not told or claimed.attempts):
        return replace(settled, status="unknown")
    if error.decision not in ("retry", "slow", "unknown") or claimed.attempts + 1 >= error.tries:
        return settled
    wait = error.retry_after or min(error.base ** (claimed.attempts + 1), LONGEST)
    return replace(settled, status="queued", due_at=now + timedelta(seconds=wait))
