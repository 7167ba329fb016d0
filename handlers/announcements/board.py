"""The board: one message that tells an officer how far an announcement is, for as long as it runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.announcements.sending import buttons as changes
from handlers.questions import brief
from handlers.visit import command
from messages import Message, Option, Value, clock, joined, moment, say
from models.campaign import RUNNING, Campaign
from models.reasons import told
from models.standing import Standing

MOST_REASONS = 3
DAY = timedelta(hours=20)
"""An end further away than this is told with its day."""


def board(campaign: Campaign, found: Standing, now: datetime, rate: float = 0) -> Message:
    """`rate` in messages a second; 0 where it is not known."""
    parts: list[Value] = [say("board.sent", sent=found.sent, total=found.total)]
    if found.delivered:
        parts.append(say("board.delivered", n=found.delivered))
    if found.failed:
        most = sorted(found.failed.items(), key=lambda one: -one[1])[:MOST_REASONS]
        reasons = joined([say("board.reason", why=told(reason), n=n) for reason, n in most], ", ")
        parts.append(say("board.failed", n=sum(found.failed.values()), reasons=reasons))
    if found.unknown:
        parts.append(say("board.unknown", n=found.unknown))
    if found.left:
        parts.append(say("board.unsent" if found.over else "board.left", n=found.left))
    if rate and found.left and found.status == RUNNING:
        parts.append(say("board.rate", rate=max(1, round(rate * 60)), end=_end(now, found.left / rate)))
    parts.append(say("board.now", status=say(f"report.campaign_{campaign.status}")))
    return Message("board.body", {"text": brief(campaign.text), "parts": joined(parts, "\n")}, buttons(campaign))


def _end(now: datetime, seconds: float) -> Value:
    """Rounded up to the minute, so that it does not change all the time."""
    end = now + timedelta(seconds=min(seconds, 366 * 86_400))
    end = end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return clock(end) if end - now < DAY else moment(end)


def buttons(campaign: Campaign) -> tuple[Option, ...]:
    """What can be done about it; at most three, which WhatsApp shows below the words."""
    can = (option for option in changes(campaign) if option.id not in ("progress", "report", "menu"))
    return (*can, command("report", campaign.id or 0))
