"""Contact sheets show every photo in its numbered place."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from bot.collage import contact_sheet
from tests.pictures import BLUE, alike, encoded, pixel


@pytest.mark.parametrize(("count", "size"), [(1, (1280, 1280)), (2, (1280, 637)), (4, (1280, 1280)), (5, (1278, 850)), (12, (1278, 957))])
def test_a_sheet_shows_each_photo_in_its_place(count: int, size: tuple[int, int], tmp_path: Path) -> None:
    colours = [(40 + 16 * index, 200 - 12 * index, 60) for index in range(count)]
    photos = [encoded(Image.new("RGB", (1000, 900), colour)) for colour in colours]
    labels = [str(index + 1) for index in range(count)]
    name = contact_sheet(photos, labels, tmp_path / "sheets")
    assert (
        name == f"{sha256((tmp_path / 'sheets' / name).read_bytes()).hexdigest()}.jpg" == contact_sheet(photos, labels, tmp_path / "sheets")
    )
    with Image.open(tmp_path / "sheets" / name) as sheet:
        assert sheet.size == size
        columns = {1: 1, 2: 2, 4: 2, 5: 3, 12: 4}[count]
        step = (1280 + 6) // columns
        for index, colour in enumerate(colours):
            x, y = index % columns * step + step // 2, index // columns * step + step // 2
            found = sheet.getpixel((x, y))
            assert isinstance(found, tuple) and all(abs(a - b) < 6 for a, b in zip(found, colour, strict=True))


def test_labels_show_and_a_photo_that_is_gone_leaves_its_cell(tmp_path: Path) -> None:
    photos = [encoded(Image.new("RGB", (600, 600), BLUE)), b""]
    assert contact_sheet(photos, ["1", "2"], tmp_path) != contact_sheet(photos, ["1", "3"], tmp_path)
    with Image.open(tmp_path / contact_sheet(photos, ["1", "2"], tmp_path)) as sheet:
        assert (pixel(sheet, 400, 400), pixel(sheet, 1000, 400)) == (alike(BLUE), alike((226, 226, 226)))
        assert pixel(sheet, 3, 3) == pixel(sheet, 650, 3) == alike((32, 32, 32))


@pytest.mark.parametrize(("photos", "labels"), [(0, 0), (13, 13), (2, 1)])
def test_a_sheet_of_none_or_too_many_is_a_bug(photos: int, labels: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not make a sheet"):
        contact_sheet([b"photo"] * photos, ["1"] * labels, tmp_path)
