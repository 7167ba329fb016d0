"""Whether a picture shows an Indonesian identity card, which is refused. It asks for every sign at once, because a product
refused by mistake has no way on: tilted, yellow-lit or partly hidden cards pass, and an officer removes them.
"""

from __future__ import annotations

from itertools import groupby

from PIL import Image, ImageChops

RATIO = 85.6 / 53.98
SPAN = 320
"""Width in pixels of the picture that is looked at: enough to tell the lines of text apart."""
LEAST_SHARE = 0.2
"""Of the frame that the card fills."""

Box = tuple[int, int, int, int]


def shows_card(picture: Image.Image) -> bool:
    """A pale blue card with lines of text at the left and a portrait at the right, whichever way it lies."""
    small = picture.copy()
    small.thumbnail((SPAN, SPAN), Image.Resampling.BOX)
    pale = _pale_blue(small)
    box = _region(pale)
    if box is None:
        return False
    width, height = box[2] - box[0], box[3] - box[1]
    if abs(max(width, height) / min(width, height) / RATIO - 1) > 0.05 or width * height < LEAST_SHARE * small.width * small.height:
        return False
    # The grey of the whole picture, not of the small one: a card that fills little of the frame still has readable lines.
    scale = picture.width / small.width
    grey = picture.convert("L").crop((round(box[0] * scale), round(box[1] * scale), round(box[2] * scale), round(box[3] * scale)))
    turns = (0, 180) if width > height else (90, 270)
    return any(_is_card(_lay(pale.crop(box), turn), _lay(grey, turn)) for turn in turns)


def _pale_blue(picture: Image.Image) -> Image.Image:
    hue, saturation, value = picture.convert("HSV").split()
    parts = (_between(hue, 120, 175), _between(saturation, 18, 130), _between(value, 130, 255))
    return ImageChops.multiply(ImageChops.multiply(parts[0], parts[1]), parts[2])


def _between(band: Image.Image, least: int, most: int) -> Image.Image:
    return band.point([255 if least <= level <= most else 0 for level in range(256)])


def _region(mask: Image.Image) -> Box | None:
    """Where at least a third of a column, and then of a row, is set."""
    across = mask.resize((mask.width, 1), Image.Resampling.BOX).point(lambda level: 255 * (level > 85)).getbbox()
    if across is None:
        return None
    strip = mask.crop((across[0], 0, across[2], mask.height))
    down = strip.resize((1, mask.height), Image.Resampling.BOX).point(lambda level: 255 * (level > 85)).getbbox()
    return (across[0], down[1], across[2], down[3]) if down else None


def _lay(part: Image.Image, turn: int) -> Image.Image:
    return part.rotate(turn, expand=True).resize((SPAN, round(SPAN / RATIO)), Image.Resampling.BOX)


def _is_card(pale: Image.Image, grey: Image.Image) -> bool:
    return _share(pale, 0, 0, 1, 1) > 0.55 and _has_portrait(pale) and _lines(grey) >= 8


def _has_portrait(pale: Image.Image) -> bool:
    """A patch that is not blue at the right, with blue above, below and at its left."""
    inside = _share(pale, 0.77, 0.27, 0.93, 0.62)
    around = (_share(pale, 0.72, 0.02, 0.97, 0.10), _share(pale, 0.72, 0.92, 0.97, 0.99), _share(pale, 0.60, 0.30, 0.68, 0.60))
    return inside < 0.35 and min(around) > 0.55


def _lines(grey: Image.Image) -> int:
    """How many separate rows of dark marks there are left of the portrait."""
    text = grey.crop((round(SPAN * 0.03), round(grey.height * 0.05), round(SPAN * 0.45), round(grey.height * 0.97)))
    middle = sorted(text.tobytes())[text.width * text.height // 2]
    dark = text.point([255 if level < middle * 0.75 else 0 for level in range(256)])
    rows = dark.resize((1, text.height), Image.Resampling.BOX).tobytes()
    return sum(1 for marked, _ in groupby(rows, lambda share: share > 255 * 0.08) if marked)


def _share(mask: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """How much of that part, in fractions of the sides, is set."""
    part = mask.crop((round(left * mask.width), round(top * mask.height), round(right * mask.width), round(bottom * mask.height)))
    return part.resize((1, 1), Image.Resampling.BOX).tobytes()[0] / 255
