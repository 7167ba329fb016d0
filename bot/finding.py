"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["good", "note", "missing", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`good` works; `note` may stay so; `missing` should be set up; `bad` is configured and does not answer."""

    mark: Mark
    what: str
    words: str
