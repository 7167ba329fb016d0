"""The codes that join a second app to a person, as text: drawn, shown, and found in what somebody types."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that looks like something else: no 0 and O, no 1 and I."""
LENGTH = 8
LEAST = 2
"""So many letters and so many digits at least: a code is never all digits, as a price or a one-time code is, and never a word."""

_HALF = f"[{ALPHABET}]{{4}}"
_ENDS = r"(?![\w-])"
_VERB = r"(?<!\w)(?:sambung(?:kan)?|hubungkan|gabung(?:kan)?|link|connect)\s*[:=]?\s*"
NAMED = re.compile(rf"{_VERB}({_HALF}[ -]?{_HALF}){_ENDS}", re.I)
""" "sambung ABCD-2345", alone or in the forwarded message that showed it."""
ATTEMPT = re.compile(rf"\s*{_VERB}(?=\S*[a-z])(?=\S*\d)([a-z0-9]{{2,6}}-?[a-z0-9]{{2,6}})[\s.!]*", re.I)
"""The same with a slip in it."""
BARE = re.compile(rf"\s*(?:(?:kode|kodenya|kode saya|code|my code)\s*[:=]?\s*)?({_HALF}-?{_HALF})[\s.!]*", re.I)


class Typed(NamedTuple):
    """`sure`: it can only be meant as a code."""

    code: str
    sure: bool


def draw() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _mixed(code):
            return code


def shown(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def typed(text: str) -> Typed | None:
    """The code somebody types; one with a slip in it is returned as it is."""
    if (match := _own(text)) is not None:
        sure = match.re is NAMED or "-" in match[1]
        return Typed(_plain(match[1]), sure)
    attempt = ATTEMPT.fullmatch(text)
    return Typed(_plain(attempt[1]), True) if attempt else None


def without(text: str) -> str:
    """The text without a code of ours, for those who look for codes of others."""
    match = _own(text)
    return text[: match.start(1)] + text[match.end(1) :] if match else text


def _own(text: str) -> re.Match[str] | None:
    match = NAMED.search(text) or BARE.fullmatch(text)
    return match if match and _mixed(_plain(match[1])) else None


def _plain(written: str) -> str:
    return re.sub(r"[ -]", "", written).upper()


def _mixed(code: str) -> bool:
    digits = sum(char.isdigit() for char in code)
    return LEAST <= digits <= LENGTH - LEAST
