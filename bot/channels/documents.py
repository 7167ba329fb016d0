"""Media that are no pictures: sent as files, by their names; and what is sent must be had first."""

from __future__ import annotations

from pathlib import Path

from bot.channels.channel import SendError
from bot.media import Media, get

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def is_document(name: str) -> bool:
    """A contact sheet that is still to be made ("sheet:...") is a picture."""
    return bool(Path(name).suffix) and ":" not in name and not name.endswith(PICTURES)


def content_of(media: Media, name: str) -> bytes:
    """What is sent under a name. Raises SendError; nothing was shown yet."""
    try:
        content = get(media, name)
    except OSError as error:
        raise SendError("upload_broke") from error
    if not content:
        raise SendError("gone")
    return content
