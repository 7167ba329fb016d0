"""Pictures drawn for the tests: products, an identity card, and what colour a place in one has."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

RED, BLUE, PALE_BLUE, WOOD, INK = (200, 30, 30), (30, 30, 200), (176, 210, 230), (120, 80, 50), (25, 25, 35)


def encoded(picture: Image.Image, format: str = "JPEG", **how: Any) -> bytes:
    made = BytesIO()
    picture.save(made, format, **how)
    return made.getvalue()


def product(seed: int, size: tuple[int, int] = (1200, 900), plain: bool = False) -> Image.Image:
    """A few things with words on them, before a soft or a plain background."""
    draw, (width, height) = random.Random(seed), size
    picture = Image.new("RGB", size, (235, 232, 228) if plain else (draw.randrange(60, 240), draw.randrange(60, 240), 120))
    for _ in range(1 if plain else 6):
        x, y, side = draw.randrange(width * 2 // 3), draw.randrange(height * 2 // 3), draw.randrange(width // 8, width // 3)
        colour = (draw.randrange(256), draw.randrange(256), draw.randrange(256))
        pen = ImageDraw.Draw(picture)
        (pen.ellipse if draw.random() < 0.5 else pen.rectangle)((x, y, x + side, y + int(side * draw.uniform(0.6, 1.4))), fill=colour)
        pen.text(
            (x + side // 8, y + side // 4), "AMPLANG", fill=(255 - colour[0], 255 - colour[1], 0), font=ImageFont.load_default(side // 5)
        )
    return picture


@cache
def photo(seed: int) -> bytes:
    """As somebody sends it; drawn once, for it takes longer than most turns."""
    return encoded(product(seed))


DRAWN: dict[str, Callable[[], bytes]] = {
    "dark": lambda: encoded(product(901).point(lambda level: level // 8)),
    "blurry": lambda: encoded(product(902).filter(ImageFilter.GaussianBlur(14))),
    "small": lambda: encoded(product(903, (600, 450))),
    "tiny": lambda: encoded(product(904, (240, 180))),
    "huge": lambda: encoded(Image.new("1", (8000, 6400)), "PNG"),
    "card": lambda: encoded(card()),
    "broken": lambda: b"this is no picture",
}
"""Pictures that a script calls by a word: what is the matter with them, or what they show."""


@cache
def picture_of(word: str) -> bytes:
    """Of a number, or of a word of `DRAWN`."""
    return DRAWN[word]() if word in DRAWN else photo(int(word))


def card(portrait: tuple[int, int, int] = RED) -> Image.Image:
    width, height = 1000, 630
    picture = Image.new("RGB", (width, height), PALE_BLUE)
    pen = ImageDraw.Draw(picture)
    pen.text((300, 20), "PROVINSI CONTOH", fill=INK, font=ImageFont.load_default(35))
    for line in range(14):
        pen.text((40, 100 + line * 36), f"Keterangan : ISI BARIS {line}", fill=INK, font=ImageFont.load_default(27))
    pen.rectangle((740, 126, 950, 416), fill=portrait)
    pen.ellipse((790, 165, 900, 300), fill=(205, 160, 130))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(round(level / 32) for level in found)


def alike(colour: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(round(level / 32) for level in colour)
