"""Photos are kept upright, small and without metadata, or not at all; every picture here is drawn by the test."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from bot.photos import keep
from handlers.said import Photo
from models.photos import clearest, twins
from tests.pictures import BLUE, INK, PALE_BLUE, RED, WOOD, alike, card, encoded, pixel, product


def stored(photo: Photo, folder: Path) -> Image.Image:
    assert photo.problem == ""
    with Image.open(folder / photo.name) as picture:
        picture.load()
        return picture


def test_it_is_stored_under_its_own_hash_and_the_same_bytes_give_the_same_file(tmp_path: Path) -> None:
    content = encoded(product(1))
    photo = keep(content, tmp_path / "media")
    assert keep(content, tmp_path / "media") == photo
    assert [file.name for file in (tmp_path / "media").iterdir()] == [photo.name]
    assert photo.name == f"{sha256((tmp_path / 'media' / photo.name).read_bytes()).hexdigest()}.jpg" == f"{photo.sha256}.jpg"
    assert (photo.width, photo.height, photo.advice) == (1200, 900, ())
    assert stored(photo, tmp_path / "media").size == (1200, 900)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int, tmp_path: Path) -> None:
    upright = Image.new("RGB", (900, 600), "white")
    upright.paste(RED, (0, 0, 300, 200))
    upright.paste(BLUE, (600, 0, 900, 200))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    sent = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = keep(encoded(sent, exif=exif), tmp_path)
    kept = stored(photo, tmp_path)
    assert (photo.width, photo.height) == kept.size == (900, 600)
    assert (pixel(kept, 100, 100), pixel(kept, 800, 100)) == (alike(RED), alike(BLUE))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_maker_and_remarks_are_gone(format: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telepon Siti"
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 30.0, 7.5), 3: "E", 4: (117.0, 9.0, 2.5)})
    sent = encoded(product(2), format, exif=exif, comment=b"Telepon Siti", xmp=b"<x>Telepon Siti</x>")
    with Image.open(BytesIO(sent)) as before:
        assert before.getexif().get_ifd(0x8825)
    kept = stored(keep(sent, tmp_path), tmp_path)
    assert not kept.getexif() and not {"exif", "comment", "xmp", "icc_profile"} & kept.info.keys()
    assert b"Siti" not in next(tmp_path.iterdir()).read_bytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_damaged_exif_block_does_not_cost_the_picture(tmp_path: Path) -> None:
    assert keep(encoded(product(3), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f garbage"), tmp_path).problem == ""


def odd_pictures() -> list[tuple[str, bytes, tuple[int, int, int]]]:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    palette = Image.new("P", (600, 600), 1)
    palette.putpalette([0, 0, 0, *RED])
    return [
        ("alpha", encoded(clear, "PNG"), (255, 255, 255)),
        ("alpha webp", encoded(clear, "WEBP", lossless=True), (255, 255, 255)),
        ("grey alpha", encoded(Image.new("LA", (600, 600), (10, 0)), "PNG"), (255, 255, 255)),
        ("palette", encoded(palette, "PNG"), RED),
        ("clear palette", encoded(palette, "PNG", transparency=1), (255, 255, 255)),
        ("cmyk", encoded(Image.new("RGB", (600, 600), RED).convert("CMYK"), quality=95), RED),
        ("black and white", encoded(Image.new("1", (600, 600), 1), "PNG"), (255, 255, 255)),
        ("16 bits", encoded(Image.new("I;16", (600, 600), 128 * 256), "PNG"), (128, 128, 128)),
        ("two in one file", encoded(Image.new("RGB", (600, 600), RED), "MPO", save_all=True, append_images=[palette.convert("RGB")]), RED),
    ]


@pytest.mark.parametrize(("content", "colour"), [pytest.param(*rest, id=name) for name, *rest in odd_pictures()])
def test_unusual_pictures_keep_their_colours(content: bytes, colour: tuple[int, int, int], tmp_path: Path) -> None:
    assert pixel(stored(keep(content, tmp_path), tmp_path), 300, 300) == alike(colour)


def test_a_huge_picture_is_scaled_and_even_noise_stays_within_5_megabytes(tmp_path: Path) -> None:
    photo = keep(encoded(product(4, (4000, 3000))), tmp_path)
    assert (photo.width, photo.height) == (1600, 1200)
    noise = Image.merge("RGB", [Image.effect_noise((1700, 1700), 200) for _ in range(3)])
    assert (tmp_path / keep(encoded(noise, quality=98), tmp_path).name).stat().st_size <= 5_000_000


def bomb(width: int, height: int) -> bytes:
    """A picture that only says how large it is."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
        + struct.pack(">I", 0)
        + b"IDAT"
        + b"\0" * 4
    )


REFUSED = [
    ("nothing", b"", "not_a_picture"),
    ("text", b"ini foto saya", "not_a_picture"),
    ("gif", encoded(product(5), "GIF"), "not_a_picture"),
    ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400, "not_a_picture"),
    ("only a header", bomb(800, 800), "not_a_picture"),
    *((f"half a {name}", encoded(product(5), name)[:-3000], "not_a_picture") for name in ("JPEG", "PNG", "WEBP")),
    ("bomb", bomb(7100, 7100), "too_big"),
    ("larger bomb", bomb(60000, 60000), "too_big"),
    ("narrow", encoded(product(5, (299, 900))), "too_small"),
    ("a strip", encoded(product(5, (3000, 400))), "too_small"),
    ("card", encoded(card()), "card"),
    ("tiny card", encoded(card().resize((440, 277))), "card"),
]


@pytest.mark.parametrize(("name", "content", "problem"), REFUSED)
def test_what_is_refused_leaves_nothing_behind(name: str, content: bytes, problem: str, tmp_path: Path) -> None:
    assert keep(content, tmp_path / "media") == Photo(problem=problem), name
    assert not list(tmp_path.rglob("*"))


def test_a_write_that_fails_leaves_no_part(tmp_path: Path) -> None:
    content = encoded(product(6))
    name = keep(content, tmp_path / "first").name
    (tmp_path / "second" / name).mkdir(parents=True)
    with pytest.raises(OSError):
        keep(content, tmp_path / "second")
    assert [file.name for file in (tmp_path / "second").iterdir()] == [name]


def advice(picture: Image.Image, folder: Path) -> tuple[str, ...]:
    return keep(encoded(picture, quality=90), folder).advice


@pytest.mark.parametrize("plain", [False, True])
def test_sharp_pictures_are_told_from_blurred_ones(plain: bool, tmp_path: Path) -> None:
    for seed in range(8):
        picture = product(seed, (1600, 1200), plain)
        assert advice(picture, tmp_path) == ()
        assert advice(picture.filter(ImageFilter.GaussianBlur(6)), tmp_path) == ("blurry",)


def test_dark_and_small_are_said(tmp_path: Path) -> None:
    assert advice(ImageEnhance.Brightness(product(7)).enhance(0.25), tmp_path) == ("dark",)
    assert advice(product(7, (1000, 799)), tmp_path) == ("small",)
    assert advice(product(7, (1000, 800)), tmp_path) == ()
    assert advice(Image.new("RGB", (400, 400), "black"), tmp_path) == ("small", "dark", "blurry")


def test_the_same_picture_is_a_twin_however_it_was_compressed(tmp_path: Path) -> None:
    for seed in range(12):
        picture = product(seed)
        first = keep(encoded(picture, quality=92), tmp_path).twin
        again = [
            encoded(picture, quality=40),
            encoded(picture.resize((640, 480))),
            encoded(picture, "PNG"),
            encoded(picture.resize((1100, 825)), "WEBP"),
        ]
        assert all(twins(first, keep(content, tmp_path).twin) for content in again)
        assert len(first) == 16


def test_different_pictures_are_no_twins_even_on_one_plain_background(tmp_path: Path) -> None:
    seen = [keep(encoded(product(seed, plain=plain)), tmp_path).twin for plain in (False, True) for seed in range(15)]
    assert not [pair for pair in combinations(seen, 2) if twins(*pair)]


def test_twins_by_distance() -> None:
    assert twins("0" * 16, "000000000000000f") and not twins("0" * 16, "000000000000001f")
    assert not twins("", "") and not twins("", "0" * 16)


def test_the_clearest_has_the_least_to_improve_then_the_most_pixels() -> None:
    good, larger, poor = Photo(width=900, height=900), Photo(width=1600, height=900), Photo(width=1600, height=1600, advice=("dark",))
    assert clearest([poor, good, larger]) == 2
    assert clearest([poor, good]) == 1
    assert clearest([good, good]) == 0


def on_table(width: int) -> Image.Image:
    picture = Image.new("RGB", (1600, 1200), WOOD)
    picture.paste(card().resize((width, width * 630 // 1000)), (150, 130))
    return picture


@pytest.mark.parametrize(
    "picture",
    [card(), card(BLUE), *(card().rotate(turn, expand=True) for turn in (90, 180, 270)), on_table(900), on_table(1300)],
)
def test_an_identity_card_is_recognised_whichever_way_it_lies(picture: Image.Image, tmp_path: Path) -> None:
    assert [keep(encoded(picture, quality=quality), tmp_path).problem for quality in (90, 40)] == ["card", "card"]
    assert not [*tmp_path.iterdir()]


def banner(lines: int) -> Image.Image:
    picture = Image.new("RGB", (1000, 630), PALE_BLUE)
    pen = ImageDraw.Draw(picture)
    for line in range(lines):
        pen.text((40, 40 + line * 560 // lines), "CETAK SPANDUK", fill=INK, font=ImageFont.load_default(60))
    pen.rectangle((740, 126, 950, 416), fill=RED)
    return picture


def test_products_are_no_cards(tmp_path: Path) -> None:
    plain = [product(seed, (1000, 630), plain) for seed in range(15) for plain in (False, True)]
    bluish = [Image.blend(picture, Image.new("RGB", picture.size, (160, 205, 235)), 0.6) for picture in plain]
    assert not [picture for picture in (*plain, *bluish, banner(3), banner(6)) if keep(encoded(picture), tmp_path).problem]
