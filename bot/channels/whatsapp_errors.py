"""What WhatsApp's errors mean, of an answer or of a status, and what failed on the way to it. One decision for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot.channels import raw
from bot.channels.channel import SendError
from bot.channels.wire import never_left

DAY = 86_400.0


def _said(decision: Any, reason: str, **more: Any) -> Callable[[], SendError]:
    return lambda: SendError(decision, reason, **more)


SLOW = _said("slow", "too many requests", retry_after=5)
AGAIN = _said("retry", "the platform stumbled")
TEMPLATE = _said("hold", "template: it cannot be sent")
LOCKED = _said("stop", "the account is locked or its token is refused")
ERRORS: Mapping[int, Callable[[], SendError]] = {
    **dict.fromkeys((4, 80007, 130429), SLOW),
    131056: _said("retry", "too many messages to one person", base=4),
    **dict.fromkeys((470, 131047), _said("hold", "the window is closed")),
    131026: _said("undeliverable", "undeliverable"),
    131049: _said("retry", "the platform's cap on marketing", retry_after=DAY, tries=2),
    130472: _said("failed", "kept back by an experiment of the platform"),
    131050: _said("unwanted", "no marketing wanted"),
    131048: _said("stop", "restricted for its quality"),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132015, 132016), TEMPLATE),
    **dict.fromkeys((10, 190, 200, 368, 131005, 131031, 131042, 131045, 133010), LOCKED),
    **dict.fromkeys((131052, 131053), _said("retry", "a picture was not taken", tries=3)),
    **dict.fromkeys((1, 2, 131000, 131016, 131057), AGAIN),
}
"""By the platform's code, as listed in its documentation; everything else is refused for good."""


def decide(status: int, body: Any) -> SendError:
    """What to do about an answer that is no success, or about the error of a status (200)."""
    error = raw.part(body, "error") if isinstance(body, Mapping) else {}
    code = raw.number(error, "code")
    if code in ERRORS:
        return ERRORS[code]()
    if status in (401, 403):
        return LOCKED()
    if status == 429:
        return SLOW()
    if status >= 500:
        return AGAIN() if code else SendError("unknown", f"status {status}")
    return SendError("failed", f"code {code}" if code else f"status {status}")


def decide_broken(error: httpx.HTTPError) -> SendError:
    """No answer."""
    if never_left(error):
        return SendError("retry", "no connection")
    return SendError("unknown", "no answer")
