"""How well misspelt places are read: drawn mistakes in the names of kabupaten and kecamatan, always the same ones."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

from models.gazetteer import PROVINCE, table
from models.places import Place, districts, name_of, read_place, regions

LINES = 200
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def dropped(name: str, at: int, draw: random.Random) -> str:
    return name[:at] + name[at + 1 :]


def doubled(name: str, at: int, draw: random.Random) -> str:
    return name[: at + 1] + name[at:]


def swapped(name: str, at: int, draw: random.Random) -> str:
    return name[:at] + name[at : at + 2][::-1] + name[at + 2 :]


def beside(name: str, at: int, draw: random.Random) -> str:
    """A neighbour on the keyboard."""
    row = next((row for row in KEYS if name[at] in row), name[at])
    spot = row.find(name[at])
    return name[:at] + draw.choice([key for key in row[max(0, spot - 1) : spot + 2] if key != name[at]] or [name[at]]) + name[at + 1 :]


def unspaced(name: str, at: int, draw: random.Random) -> str:
    return name.replace(" ", "")


MISTAKES: tuple[Callable[[str, int, random.Random], str], ...] = (dropped, doubled, swapped, beside, unspaced)


def misspelt(name: str, draw: random.Random) -> str:
    """One mistake, two in a long name; the first letter is mostly right, as people's is."""
    for _ in range(2 if len(name) > 12 else 1):
        name = draw.choice(MISTAKES)(name, draw.randrange(0 if draw.random() < 0.1 else 1, len(name)), draw)
    return name


def nicknames(region: str) -> list[str]:
    return [nick for nick, codes in table()[PROVINCE]["nicknames"].items() if codes == [region]]


def drawn(seed: int = 2026) -> list[tuple[str, Place]]:
    """Lines such as "sungai pinag smarinda" or "anggana kukar" with the place each one means; a third name the kabupaten only."""
    draw, lines = random.Random(seed), []
    for _ in range(LINES):
        region, name = draw.choice(regions())
        known = nicknames(region)
        said = draw.choice(known) if known and draw.random() < 0.3 else misspelt(name.lower(), draw)
        district, smaller = draw.choice(districts(region)) if draw.random() < 0.67 else ("", "")
        wrong = misspelt(smaller.lower(), draw) if smaller else ""
        lines.append((draw.choice((f"{wrong} {said}", f"{wrong}, {said}")).strip(" ,"), Place(region, district)))
    return lines


def figure(name: str, value: float, unit: str) -> None:
    print(json.dumps({"figure": name, "value": round(value, 3), "unit": unit, "against": None, "ratio": None}))


def run() -> None:
    lines = drawn()
    read_place(name_of(PROVINCE))  # builds the index, which is not what is measured
    before = time.perf_counter()
    answers = [read_place(line) for line, _ in lines]
    each = (time.perf_counter() - before) / len(lines) * 1000
    sure = [(found[0] if len(found) == 1 else None, meant) for found, (_, meant) in zip(answers, lines, strict=True)]
    placed = [(found, meant) for found, meant in sure if meant.district]
    wrong = sum(found is not None and (found.region != meant.region or found.district not in ("", meant.district)) for found, meant in sure)
    figure(
        "places: right kabupaten/kota",
        sum(found is not None and found.region == meant.region for found, meant in sure) / len(sure),
        "share",
    )
    figure(
        "places: right kecamatan",
        sum(found is not None and found.district == meant.district for found, meant in placed) / len(placed),
        "share",
    )
    figure("places: asked back", sum(found is None for found, _ in sure) / len(sure), "share")
    figure("places: wrong and not asked back", wrong / len(sure), "share")
    figure("places: a reading", each, "ms")
