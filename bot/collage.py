"""Several photos as one numbered picture: a product's photos for an officer's card, or one photo each of several products."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from math import ceil, sqrt

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.media import Media, get
from bot.photos import store

SHEET = "sheet:"
WIDTH = 1280
MOST_CELLS = 12
GAP = 6
PAPER = "white"
EMPTY = (226, 226, 226)
INK = "white"
TAG = (32, 32, 32)


def contact_sheet(photos: Sequence[bytes], labels: Sequence[str], media: Media) -> str:
    """Stores the sheet and returns its file name. A photo that is gone leaves its cell grey, so that the numbers stay true."""
    if not 1 <= len(photos) <= MOST_CELLS or len(photos) != len(labels):
        raise ValueError(f"{len(photos)} photos with {len(labels)} labels do not make a sheet")
    columns = ceil(sqrt(len(photos)))
    side = (WIDTH - GAP * (columns - 1)) // columns
    rows = ceil(len(photos) / columns)
    sheet = Image.new("RGB", (columns * side + GAP * (columns - 1), rows * side + GAP * (rows - 1)), PAPER)
    for index, (photo, label) in enumerate(zip(photos, labels, strict=True)):
        row, column = divmod(index, columns)
        sheet.paste(_cell(photo, label, side), (column * (side + GAP), row * (side + GAP)))
    return store(sheet, media)


def is_sheet(entry: str) -> bool:
    """Whether a media entry is a contact sheet still to be made."""
    return entry.startswith(SHEET)


@lru_cache(maxsize=512)
def sheet(entry: str, media: Media) -> str:
    """The stored picture of a media entry "sheet:1=a.jpg,2=b.jpg", made once; any other entry is a stored picture already."""
    if not is_sheet(entry):
        return entry
    pairs = [pair.split("=", 1) for pair in entry.removeprefix(SHEET).split(",")][:MOST_CELLS]
    return contact_sheet([get(media, name) for _, name in pairs], [label for label, _ in pairs], media)


def _cell(content: bytes, label: str, side: int) -> Image.Image:
    cell = Image.new("RGB", (side, side), EMPTY)
    try:
        with Image.open(BytesIO(content)) as photo:
            photo.draft("RGB", (side, side))
            shown = ImageOps.contain(photo.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
    except OSError:
        shown = Image.new("RGB", (0, 0))
    cell.paste(shown, ((side - shown.width) // 2, (side - shown.height) // 2))
    _tag(cell, label)
    return cell


def _tag(cell: Image.Image, label: str) -> None:
    """The label in the upper left corner, light on dark, readable on a phone where the whole sheet is 360 points wide."""
    size = max(40, cell.width // 9)
    pen = ImageDraw.Draw(cell)
    font = ImageFont.load_default(size)
    box = pen.textbbox((size // 3, size // 5), label, font=font)
    pen.rectangle((0, 0, box[2] + size // 3, box[3] + size // 4), fill=TAG)
    pen.text((size // 3, size // 5), label, font=font, fill=INK)
