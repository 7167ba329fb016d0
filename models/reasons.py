"""Why a message did not arrive, as names: each has one decision, and words in `messages/*/failure.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from messages import Value, Voice, say, worded

TRIES = 8
HOUR, DAY = 20, 300
"""Tries that last so long, with five minutes between them in the end."""

Decision = Literal[
    "retry", "slow", "failed", "unreachable", "undeliverable", "unknown", "migrated", "hold", "campaign", "stop", "unwanted", "later"
]
"""`undeliverable`: after a few of them in a row nobody can be reached there. `hold`: it can be said once the person writes again.
`campaign`: so too, and nobody else is told the same. `stop`: nothing leaves this account until somebody looks at it.
`unwanted`: the person wants no more calls and announcements. `later`: the channel was not asked; the row is taken again after a while.
"""


class Fault(NamedTuple):
    """A next try comes after `wait` seconds, or after `base` to the power of the tries so far; `tries` is how many there are at most."""

    decision: Decision
    wait: float = 0
    base: float = 2
    tries: int = TRIES


FAULTS: Mapping[str, Fault] = {
    # Of the person or the chat.
    "blocked": Fault("unreachable"),
    "deactivated": Fault("unreachable"),
    "not_started": Fault("unreachable"),
    "forbidden": Fault("unreachable"),
    "chat_not_found": Fault("unreachable"),
    "moved": Fault("migrated"),
    "undeliverable": Fault("undeliverable"),
    "unwanted": Fault("unwanted"),
    "window_closed": Fault("hold"),
    "marketing_cap": Fault("retry", wait=86_400, tries=2),
    "experiment": Fault("failed"),
    # Of what may be sent outside of a window.
    "quota": Fault("later"),
    "ceiling": Fault("hold"),
    "window_opened": Fault("later"),
    "other_hands": Fault("later"),
    # Of the pace and the way there.
    "too_fast": Fault("slow", wait=5, tries=DAY),
    "too_many_to_one": Fault("retry", base=4),
    "stumbled": Fault("retry", tries=HOUR),
    "server_error": Fault("unknown", tries=HOUR),
    "no_connection": Fault("retry", tries=DAY),
    "no_answer": Fault("unknown"),
    "odd_answer": Fault("unknown"),
    "crashed": Fault("unknown"),
    # Of the message.
    "rejected": Fault("failed"),
    "too_long": Fault("failed"),
    "empty": Fault("failed"),
    "unchanged": Fault("failed"),
    "not_editable": Fault("failed"),
    "picture_refused": Fault("failed"),
    "picture_not_taken": Fault("retry", tries=3),
    "upload_broke": Fault("retry"),
    "template_missing": Fault("campaign"),
    "template_wrong": Fault("campaign"),
    "template_paused": Fault("campaign"),
    "template_disabled": Fault("campaign"),
    # Of the account.
    "restricted": Fault("stop"),
    "locked": Fault("stop"),
    "token_refused": Fault("stop"),
    "not_allowed": Fault("stop"),
    "not_registered": Fault("stop"),
    "unpaid": Fault("stop"),
    # Of what comes in.
    "gone": Fault("failed"),
    "too_big": Fault("failed"),
    "not_a_picture": Fault("failed"),
    "link_expired": Fault("retry"),
    "download_broke": Fault("retry"),
    "conflict": Fault("retry"),
    "unconfirmed": Fault("retry"),
    "not_kept": Fault("retry"),
}

OURS = ("expired", "restart", "ended", "passed", "joined", "office", "unworded", "unsaid")
"""Why rows end without a channel's word: too late, a restart, a chat that became somebody else's, told elsewhere, no officer any more."""

BEFORE = {
    "too many requests": "too_fast",
    "the chat has moved": "moved",
    "no connection": "no_connection",
    "no answer": "no_answer",
    "no answer in JSON": "odd_answer",
    "an answer without an id": "odd_answer",
    "the platform stumbled": "stumbled",
    "too many messages to one person": "too_many_to_one",
    "the window is closed": "window_closed",
    "no templates here": "window_closed",
    "template: it cannot be sent": "template_wrong",
    "the platform's cap on marketing": "marketing_cap",
    "kept back by an experiment of the platform": "experiment",
    "no marketing wanted": "unwanted",
    "restricted for its quality": "restricted",
    "the account is locked or its token is refused": "locked",
    "a picture was not taken": "picture_not_taken",
}
"""What releases up to 0.2 wrote."""
PATTERNS = (
    (r"forbidden:.*blocked", "blocked"),
    (r"forbidden:.*deactivated", "deactivated"),
    (r"forbidden", "forbidden"),
    (r"chat not found", "chat_not_found"),
    (r"token is refused", "token_refused"),
    (r"status 5|bad gateway|internal server|gateway timeout|service unavailable", "server_error"),
    (r"unworded", "unworded"),
    (r"\w+Error$", "crashed"),
)


def named(reason: str) -> str:
    """The name of a kept reason, also of one that an older release wrote in its own words."""
    if reason in FAULTS or reason in OURS:
        return reason
    if reason in BEFORE:
        return BEFORE[reason]
    found = (name for pattern, name in PATTERNS if re.search(pattern, reason, re.IGNORECASE))
    return next(found, "rejected") if reason else "unsaid"


def told(reason: str) -> Value:
    """A kept reason in the listener's words."""
    return say(f"failure.{named(reason)}")


def plainly(reason: str, locale: str = "en") -> str:
    """The same as words, for whoever looks after the bot."""
    return worded(told(reason), Voice(locale))
