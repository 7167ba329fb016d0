"""What becomes of a message for somebody who has not written for longer than the channel lets us speak freely."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from messages import Message
from messages.templates import fitting


def outside(message: Message, approved: bool, expires: datetime | None, marketing: bool, paid: bool = False) -> Literal["template", "hold"]:
    """`approved`: the platform lets the template of this message be sent. `marketing`: the settings let us pay for what nobody asked for;
    `paid`: an officer chose to pay for this announcement.

    What the person waits for goes as a template. A call that closes goes as one where that is allowed: held for the next message, it
    would come too late. All else is held and said in full once the person writes.
    """
    pushed = fitting(message)
    if pushed is None or not approved:
        return "hold"
    if pushed.category == "utility":
        return "template"
    return "template" if paid or (marketing and expires is not None) else "hold"
