"""What is logged, to stderr: our own events with ids and statuses; of libraries only warnings, without what they were handling."""

from __future__ import annotations

import logging
import sys

import structlog

CHATTY = ("httpx", "httpcore", "telegram", "uvicorn.access", "uvicorn.error", "apscheduler", "aiohttp.access", "asyncio")
"""At INFO these write addresses with the bot's token in them, or what people said."""


def configure(level: int = logging.INFO) -> None:
    """From the first line: nothing may be logged before this."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event")),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class Discreet(logging.Formatter):
    """The first line of a message before its arguments are filled in, and where an error rose: neither holds people's words."""

    def format(self, record: logging.LogRecord) -> str:
        said = str(record.msg).splitlines()[:1]
        rose = record.exc_info[1] if record.exc_info else None
        parts = [record.levelname.lower(), record.name, *said, _where(rose) if rose else ""]
        return " ".join(part for part in parts if part)


def _where(error: BaseException) -> str:
    from bot.inbox import where  # by the time anything rises it is loaded; at the first line it would cost a second

    return where(error)
