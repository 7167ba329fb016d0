"""Photos as they are kept: decoded by content, turned upright, freed of metadata, scaled, and looked at."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from math import cos, pi
from operator import mul
from pathlib import Path

from PIL import Image, ImageFilter, ImageStat
from PIL.Image import Transpose

from bot.card import shows_card
from bot.media import Media, put
from handlers.said import Photo

FORMATS = ("JPEG", "PNG", "WEBP")
LEAST_SIDE = 300
GOOD_SIDE = 800
MOST_SIDE = 1600
MOST_PIXELS = 50_000_000
QUALITY = 85
"""At 1600 x 1600 pure noise takes 2 MB with it, so 5 MB are never reached."""

DARK = 60
"""Mean luminance, 0-255."""
BLURRY = 40
"""Variance of the Laplacian in the sharpest tile of a 640 px picture."""
LOOK_SIDE = 640
TILES = 5

ORIENTATION = 0x0112
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
GRID = 32
COSINES = [[cos(pi * (2 * place + 1) * wave / (2 * GRID)) for place in range(GRID)] for wave in range(8)]


class Unusable(Exception):
    """Carries the problem of a picture that is not kept."""


def keep(content: bytes, media: Media) -> Photo:
    """The photo stored as `<sha256>.jpg`, or one with a `problem` and nothing stored."""
    try:
        picture, side = _decode(content)
        if shows_card(picture):
            raise Unusable("card")
        # A long strip passes as sent and gets too narrow when it is scaled.
        if min(side, *picture.size) < LEAST_SIDE:
            raise Unusable("too_small")
    except Unusable as reason:
        return Photo(problem=str(reason))
    name = store(picture, media)
    return Photo(name, Path(name).stem, *picture.size, twin=_fingerprint(picture), advice=_advice(picture, side))


def store(picture: Image.Image, media: Media) -> str:
    """Writes the picture whole or not at all; returns its file name, made of its content."""
    made = BytesIO()
    picture.save(made, "JPEG", quality=QUALITY, optimize=True)
    name = f"{sha256(made.getbuffer()).hexdigest()}.jpg"
    put(media, name, made.getvalue())
    return name


def _decode(content: bytes) -> tuple[Image.Image, int]:
    """The picture upright in RGB, at most MOST_SIDE a side and without metadata, and the shorter side it had."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise Unusable("too_big")
            image.draft(None, (MOST_SIDE, MOST_SIDE))
            image.load()
            return _upright(_plain(image), image), min(width, height)
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as reason:
        raise Unusable("too_big") from reason
    except Exception as reason:  # damaged bytes make the decoders raise nearly anything
        raise Unusable("not_a_picture") from reason


def _plain(image: Image.Image) -> Image.Image:
    """Scaled, on white where it was transparent, in a new picture that has no metadata to hand on."""
    if image.mode.startswith("I"):  # 16 bits of grey would be clipped to white
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    image = image if image.mode == mode else image.convert(mode)  # never a second copy of a large one
    image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image if image.mode == "RGBA" else None)
    return plain


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    try:
        turn = UPRIGHT.get(source.getexif().get(ORIENTATION, 1))
    except Exception:  # a damaged EXIF block says nothing about the picture itself
        return picture
    return picture.transpose(turn) if turn is not None else picture


def _fingerprint(picture: Image.Image) -> str:
    """64 bits: which of the lowest 8 x 8 frequencies lie above their median. Unlike a comparison of neighbouring cells, it also
    tells apart two small things on the same plain background.
    """
    cells = picture.convert("L").resize((GRID, GRID), Image.Resampling.BOX).tobytes()
    lines = [_frequencies(cells[start : start + GRID]) for start in range(0, GRID * GRID, GRID)]
    waves = [wave for column in zip(*lines, strict=True) for wave in _frequencies(column)]
    median = sorted(waves)[32]
    return f"{sum((wave > median) << bit for bit, wave in enumerate(waves)):016x}"


def _frequencies(levels: Sequence[float]) -> list[float]:
    return [sum(map(mul, levels, wave)) for wave in COSINES]


def _advice(picture: Image.Image, side: int) -> tuple[str, ...]:
    grey = picture.convert("L")
    grey.thumbnail((LOOK_SIDE, LOOK_SIDE), Image.Resampling.BOX)
    said = {"small": side < GOOD_SIDE, "dark": ImageStat.Stat(grey).mean[0] < DARK, "blurry": _sharpness(grey) < BLURRY}
    return tuple(name for name, holds in said.items() if holds)


def _sharpness(grey: Image.Image) -> float:
    """Of the sharpest tile, since a good photo of a small thing is mostly plain background."""
    width, height = grey.size
    # The filter leaves the outermost pixels as they were.
    edges = grey.filter(LAPLACIAN).crop((1, 1, width - 1, height - 1))
    across, down = edges.width // TILES, edges.height // TILES
    corners = ((column * across, row * down) for row in range(TILES) for column in range(TILES))
    return max(ImageStat.Stat(edges.crop((x, y, x + across, y + down))).var[0] for x, y in corners)
