"""Media that are no pictures: sent as files, by their names."""

from __future__ import annotations

from pathlib import Path

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def is_document(name: str) -> bool:
    """A contact sheet that is still to be made ("sheet:...") is a picture."""
    return bool(Path(name).suffix) and ":" not in name and not name.endswith(PICTURES)
