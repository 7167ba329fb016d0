"""What an officer writes to others, and what a source says of a call, carries no account, no private wallet, no secret and no strange link,
whoever holds the phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from handlers.said import Facts, Reader, Rejected, Said
from messages import Message
from models.allowed import Objection, objections

OFFICIAL = ("inaproc.id",)
"""Where the national catalogue and the tenders live, besides the domains of the settings."""
TO_ONE = ("account", "wallet", "secret", "whatsapp", "short", "link")
"""Objections to words for one person: when the office pays is a fair answer there."""


def refusal(words: str, links: Iterable[str], many: bool = False) -> Message | None:
    """Why these words may not go out; None when they may. `many` is as strict as an announcement."""
    allowed = (*links, *(() if many else OFFICIAL))
    found = _objection(words, allowed, many)
    return Message(f"announcement.refused_{found.reason}", {"found": found.found, "allowed": ", ".join(allowed)}) if found else None


def tellable(words: str, links: Iterable[str]) -> bool:
    """Whether a source's own words may reach people: they are held to what an officer may type into a call."""
    return _objection(words, (*links, *OFFICIAL), many=False) is None


def _objection(words: str, allowed: Iterable[str], many: bool) -> Objection | None:
    return next((one for one in objections(words, allowed) if many or one.reason in TO_ONE), None)


def decent(reader: Reader) -> Reader:
    """`reader` of words that go to somebody. Facts hold "links", and "many" where they go to several."""

    def read(said: Said, facts: Facts) -> Any:
        value = reader.read(said, facts)
        if why := refusal(said.text, facts.get("links", ()), bool(facts.get("many"))):
            raise Rejected(why.key, why.params)
        return value

    return replace(reader, read=read)
