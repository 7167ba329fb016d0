"""What WhatsApp's errors mean, of an answer or of a status, and what failed on the way to it. Each has a name, each name one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels import raw
from bot.channels.channel import SendError
from bot.channels.wire import never_left

ERRORS: Mapping[int, str] = {
    **dict.fromkeys((4, 80007, 130429), "too_fast"),
    131056: "too_many_to_one",
    **dict.fromkeys((470, 131047), "window_closed"),
    131026: "undeliverable",
    131049: "marketing_cap",
    130472: "experiment",
    131050: "unwanted",
    **dict.fromkeys((132000, 132005, 132007, 132012), "template_wrong"),
    132001: "template_missing",
    132015: "template_paused",
    132016: "template_disabled",
    131048: "restricted",
    **dict.fromkeys((368, 131031), "locked"),
    190: "token_refused",
    **dict.fromkeys((10, 200, 131005), "not_allowed"),
    **dict.fromkeys((131045, 133010), "not_registered"),
    131042: "unpaid",
    **dict.fromkeys((131052, 131053), "picture_not_taken"),
    **dict.fromkeys((1, 2, 131000, 131016, 131057), "stumbled"),
}
"""By the platform's code, as listed in its documentation; everything else is refused for good."""


def decide(status: int, body: Any) -> SendError:
    """What to do about an answer that is no success, or about the error of a status (200)."""
    error = raw.part(body, "error") if isinstance(body, Mapping) else {}
    code = raw.number(error, "code")
    if code in ERRORS:
        return SendError(ERRORS[code])
    if status in (401, 403):
        return SendError("token_refused" if status == 401 else "not_allowed")
    if status == 429:
        return SendError("too_fast")
    if status >= 500:
        return SendError("stumbled" if code else "odd_answer")
    return SendError("rejected")


def decide_broken(error: Exception) -> SendError:
    """No answer; whose client it was does not matter."""
    return SendError("no_connection" if never_left(error) else "no_answer")
