"""What WhatsApp says of a number when it is asked: people a day, quality, and whether each template may be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import structlog
from sqlmodel import Session

from bot.channels.channel import SendError
from bot.inbox import where
from handlers.templates import hear
from models.line import line_of, people_of
from models.template import APPROVED, known

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
DAILY = 86_400.0
SOON = 600.0
"""Seconds until it is asked again where it did not answer."""


@runtime_checkable
class Asked(Protocol):
    account: str

    async def about(self) -> Mapping[str, Any]: ...

    async def templates(self, business: str) -> Sequence[Mapping[str, Any]]: ...


async def keep_looking(app: App, channel: Asked) -> None:
    """At the start of sending, then once a day."""
    while True:
        await asyncio.sleep(DAILY if await look(app, channel) else SOON)


async def look(app: App, channel: Asked) -> bool:
    """Whether it answered. A number that does not is sent from as ever, with what was known."""
    business, now = app.settings.whatsapp_business_id, app.clock()
    try:
        about = await channel.about()
        listed = await channel.templates(business) if business else ()
        work = partial(keep, account=channel.account, about=about, numbers=len(app.settings.whatsapp_phones))
        await app.store.write(work)
        if business:
            await app.store.write(partial(keep_templates, listed=listed, province=app.settings.region, now=now))
    except SendError as error:
        log.warning("standing not told", account=channel.account, reason=error.reason)
        return False
    except Exception as error:
        log.error("standing not kept", account=channel.account, error=where(error))
        return False
    app.wake()
    return True


def keep(session: Session, account: str, about: Mapping[str, Any], numbers: int = 1) -> None:
    """Numbers of one business share its people of a day: each has its part."""
    line = line_of(session, account)
    if shared := people_of(about.get("whatsapp_business_manager_messaging_limit")):
        line.tier = max(shared // max(numbers, 1), 1)
    else:
        line.tier = people_of(about.get("messaging_limit_tier")) or line.tier
    line.quality = str(about.get("quality_rating") or line.quality).lower()


def keep_templates(session: Session, listed: Sequence[Mapping[str, Any]], province: str, now: datetime) -> None:
    """As if each had been told by the webhook; one that is not listed any more is gone."""
    there = set()
    for one in listed:
        name, locale = str(one.get("name") or ""), str(one.get("language") or "")
        there.add((name, locale.replace("-", "_").partition("_")[0]))
        reason = one.get("rejected_reason")
        _hear(session, name, locale, str(one.get("status") or ""), province, now, str(one.get("category") or ""), str(reason or "NONE"))
    for (name, locale), row in known(session).items():
        if (name, locale) not in there and row.state == APPROVED:
            _hear(session, name, locale, "DELETED", province, now)


def _hear(session: Session, name: str, locale: str, event: str, province: str, now: datetime, category: str = "",
          reason: str = "NONE") -> None:  # fmt: skip
    value = {
        "event": event, "message_template_name": name, "message_template_language": locale, "message_template_category": category,
        "reason": reason,
    }  # fmt: skip
    hear(session, value, province, now, now)
