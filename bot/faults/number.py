"""A WhatsApp number in process: the platform's own rules of windows and days, and a ledger of what it took."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.channel import PRICED, Channel, Found, Inbound, Receipt, SendError
from bot.media import Media
from messages import Rendered
from messages.templates import Templated

DAY = timedelta(hours=24)
LATENCY = 0.08
"""Seconds between what it takes and its answer."""


@dataclass(frozen=True, slots=True)
class Taken:
    at: datetime
    address: str
    tag: str
    template: bool


class Number(Channel):
    """`heard` is when each person wrote last. What breaks a rule is refused, and listed in `broken`."""

    account, name = "whatsapp:1", "whatsapp"
    settle = timedelta(0)
    rate, chat_rate, burst = 80.0, 1 / 6, 45
    window, echo = DAY, timedelta(seconds=20)

    def __init__(self, tier: int, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]) -> None:
        self.tier, self.clock, self.sleep = tier, clock, sleep
        self.heard: dict[str, datetime] = {}
        self.written: dict[str, datetime] = {}
        """When each was written to outside of a window last."""
        self.ledger: list[Taken] = []
        self.receipts: list[Receipt] = []
        self.broken: list[str] = []

    def decode(self, payload: Any) -> list[Found]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        if self._closed(address):
            raise self._refused("outside of a window", SendError("window_closed"))
        return await self._take(address, tag, template=False)

    async def send_template(self, address: str, templated: Templated, tag: str) -> str:
        now = self.clock()
        if self._closed(address):
            if self.written.get(address, now - DAY) <= now - DAY and self._people(now) >= self.tier:
                raise self._refused("more people than its day has", SendError("restricted"))
            self.written[address] = now
        return await self._take(address, tag, template=True)

    def _closed(self, address: str) -> bool:
        return address not in self.heard or self.clock() - self.heard[address] >= DAY

    def _people(self, now: datetime) -> int:
        self.written = {address: at for address, at in self.written.items() if at > now - DAY}
        return len(self.written)

    def _refused(self, what: str, error: SendError) -> SendError:
        self.broken.append(what)
        return error

    async def _take(self, address: str, tag: str, template: bool) -> str:
        """Taken is taken, whatever becomes of the answer."""
        self.ledger.append(Taken(self.clock(), address, tag.partition(PRICED)[0], template))
        number = f"wamid.{len(self.ledger)}"
        self.receipts.append(Receipt(number, "delivered", tag=tag))
        await self.sleep(LATENCY)
        return number

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return b""

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return
