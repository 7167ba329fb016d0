"""What an announcement says: its words as they are read, and the message that everybody gets."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from handlers.dialogue import Answers
from handlers.said import Facts, Reader, Rejected, Said
from messages import Message
from models.allowed import objections
from models.places import name_of

LEAST, MOST = 10, 1000


def read_body(said: Said, facts: Facts) -> str:
    """The words with their lines; what would help a swindler is refused with the reason."""
    words = tidy(said.text)
    if len(words) < LEAST:
        raise Rejected("problem.text_short", {"least": LEAST, "count": len(words)})
    if len(words) > MOST:
        raise Rejected("problem.text_long", {"most": MOST, "count": len(words)})
    if found := objections(words, facts["links"]):
        raise Rejected(f"announcement.refused_{found[0].reason}", {"found": found[0].found, "allowed": ", ".join(facts["links"])})
    return words


def tidy(written: str) -> str:
    lines = [" ".join(line.split()) for line in written.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def keeps_body(value: Any) -> bool:
    return isinstance(value, str) and LEAST <= len(value) <= MOST and tidy(value) == value


body = Reader(read_body, keeps_body, whole=True)


def message_of(answers: Answers, place: str) -> Message:
    """The announcement as everybody gets it; it always ends with how to stop."""
    return Message(
        "announcement.body", {"text": answers["text"], "place": name_of(place)}, media=pictures(answers, {}), category="marketing"
    )


def pictures(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return tuple(one["name"] for one in answers.get("picture") or ())


def seal(answers: Answers) -> str:
    """Changes with everything a recipient sees, so that what goes out is what the officer has looked at."""
    shown = [one["sha256"] for one in answers.get("picture") or ()]
    return sha256("\n".join([answers["text"], str(answers.get("region")), *shown]).encode()).hexdigest()[:16]


def looked_at(answers: Answers) -> bool:
    return answers.get("seen") == seal(answers)
