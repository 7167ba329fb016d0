"""What can be said about photos from what is kept of them: which are the same picture, and which is the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

# Of 64 bits: re-compressing or resizing a picture moves at most four, unlike pictures lie about 32 apart.
NEAR = 4


class Seen(Protocol):
    """What `clearest` looks at; sides in pixels."""

    @property
    def advice(self) -> Sequence[str]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def twins(a: str, b: str) -> bool:
    """Whether two hex hashes are of the same picture; a photo without a hash has no twin."""
    return bool(a and b) and (int(a, 16) ^ int(b, 16)).bit_count() <= NEAR


def clearest(photos: Sequence[Seen]) -> int:
    """The index of the photo with the least to improve, the largest of those, the first of equals."""
    return min(range(len(photos)), key=lambda index: (len(photos[index].advice), -photos[index].width * photos[index].height))
