"""Documents on Telegram: a file with its words below it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Bot, InputFile
from telegram.constants import ParseMode

from bot.channels.channel import SendError
from bot.channels.documents import content_of
from bot.media import Media

if TYPE_CHECKING:
    from bot.channels.telegram_sending import Part

MOST_BYTES = 50 * 1024 * 1024
"""What a bot may send."""
PATIENCE = 120.0
"""Seconds for a large file to leave."""


async def send_document(bot: Bot, address: str, part: Part, media: Media) -> str:
    """The message's id. Raises SendError for a file that is gone or too large, TelegramError as any request does."""
    content = await asyncio.to_thread(content_of, media, part.document)
    if len(content) > MOST_BYTES:
        raise SendError("too_big")
    sent = await bot.send_document(
        address, InputFile(content, filename=Path(part.document).name), caption=part.html or None, parse_mode=ParseMode.HTML,
        reply_markup=part.keyboard, write_timeout=PATIENCE,
    )  # fmt: skip
    return str(sent.message_id)
