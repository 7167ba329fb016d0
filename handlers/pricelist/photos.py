"""Which product of a list a photo is of: its caption says the number, an album goes through numbers in order, else the one just asked."""

from __future__ import annotations

import re
from typing import Any

from handlers.dialogue import Answers
from handlers.matching import match
from handlers.pricelist.lines import Item, kept
from handlers.said import Facts, Said
from models.conversation import Conversation

SPAN = re.compile(r"(?P<first>\d{1,2})\s*(?:-|–|s/?d|sampai|hingga|to)\s*(?P<last>\d{1,2})", re.I)
ALBUMS = "albums"
"""Where the answers remember which numbers the parts of an album belong to."""


def ready(answers: Answers, facts: Facts) -> list[Item]:
    """The products that can be sent: the doubtful ones wait as drafts."""
    return [item for item in kept(answers, facts) if not item.problem and item.etalase]


def photo_wanted(number: int, answers: Answers, facts: Facts) -> bool:
    return number <= len(facts["lines"]) and any(item.number == number for item in ready(answers, facts))


def numbers_in(caption: str, shown: list[Item]) -> list[int]:
    """The numbers a caption tells ("no. 3", "1-10", "2, 5"), or that of the product it names."""
    known = [item.number for item in shown]
    text = re.sub(r"(?:foto|gambar|photos?|nomor|nomer|no)\.?\s*", " ", caption, flags=re.I).strip()
    if re.fullmatch(r"[\d\s,;&.–-]*(?:(?:s/?d|sampai|hingga|to|dan|and)[\d\s,;&.–-]*)*", text, re.I) and re.search(r"\d", text):
        told: list[int] = []
        for part in re.split(r"[,;&]|\bdan\b|\band\b", text):
            span = SPAN.search(part)
            single = re.findall(r"\d{1,2}", part)
            told += range(int(span["first"]), int(span["last"]) + 1) if span else [int(one) for one in single]
        return [number for number in told if number in known]
    named = match(caption, [(str(item.number), (item.name,)) for item in shown]) if caption else None
    return [int(named)] if named else []


def collects(conversation: Conversation, said: Said, facts: Facts) -> str:
    """The photo step a picture goes to; the numbers of an album are remembered with the answers."""
    shown = ready(conversation.answers, facts)
    albums: dict[str, Any] = conversation.answers.get(ALBUMS, {})
    told = numbers_in(said.text, shown) or ([] if said.group in albums else _open(conversation, shown))
    if said.group and told and (said.text or said.group not in albums):
        # A caption in the middle of an album begins to count anew from there.
        albums = {**albums, said.group: {"to": told, "seen": 0}}
    if said.group in albums:
        album = albums[said.group]
        to, seen = album["to"], album["seen"]
        conversation.answers = {**conversation.answers, ALBUMS: {**albums, said.group: {"to": to, "seen": seen + 1}}}
        return f"photo_{to[min(seen, len(to) - 1)]}"
    return f"photo_{told[0]}" if told else ""


def _open(conversation: Conversation, shown: list[Item]) -> list[int]:
    """The number that is asked now, else the first without a photo."""
    asked = str(conversation.asked.get("step", ""))
    if asked.startswith("photo_") and any(f"photo_{item.number}" == asked for item in shown):
        return [int(asked.removeprefix("photo_"))]
    return next(([item.number] for item in shown if not conversation.answers.get(f"photo_{item.number}")), [])


def photos_of(answers: Answers, item: Item) -> list[dict[str, Any]]:
    return list(answers.get(f"photo_{item.number}") or [])
