"""The main job in a real browser, both phones side by side: two fields flagged, just those fixed, approved, and a call that arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import AMPLANG, DESK, Phone, album, context_of, opened, page_of, picture, to_the_photos
from tests.served import Served

UNDO = 2
"""Minutes until a decision is told."""


@pytest.fixture
def served(sqlite_database: str, tmp_path: Path) -> Iterator[Served]:
    with Served(sqlite_database, tmp_path / "media") as running:
        yield running


@pytest.fixture
def page(served: Served) -> Iterator[Page]:
    with opened() as browser:
        yield page_of(context_of(browser, DESK), served.url)


def send(vendor: Phone, officer: Phone) -> None:
    """Both hear of it; until the officer has, what is said next is not the answer to what the officer does."""
    answers: list[str] = []
    notice = officer.after(lambda: answers.append(vendor.tap("Kirim ke petugas")))
    assert "terkirim" in answers[0] and "menunggu diperiksa" in notice


def register(vendor: Phone, officer: Phone, folder: Path) -> None:
    to_the_photos(vendor)
    vendor.send_album(album(folder, [3, 4, 5]), "Amplang ikan tenggiri 25rb per bungkus")
    for words in AMPLANG:
        vendor.say(words)
    send(vendor, officer)
    for label in ("Belum tahu", "Sedang diurus", "Lewati", "Ya"):
        vendor.tap(label)


def open_card(officer: Phone) -> str:
    officer.say("antrean")
    officer.tap("Kurang dokumen")
    return officer.tap("1.")


def flag_two(officer: Phone) -> None:
    officer.tap("Perlu perbaikan")
    officer.tap("Foto")
    officer.tap("Harga")
    expect(officer.heard.last.locator(".ticked")).to_have_count(2)
    expect(officer.box.locator(".turn.me", has_text="Harga")).to_have_count(0)  # ticks are no messages
    officer.tap("Selesai")
    officer.say("tolong foto bersama kemasannya")
    assert "dikembalikan" in officer.say("tolong tulis harga per kg")


def fix_two(vendor: Phone, officer: Phone, folder: Path) -> None:
    asked = [vendor.tap("Perbaiki sekarang"), vendor.send_album(album(folder, [9])), vendor.say("90rb per kg")]
    assert ["tolong foto bersama kemasannya" in asked[0], "harga per kg" in asked[1], "Sudah pas?" in asked[2]] == [True] * 3
    send(vendor, officer)


def type_call(officer: Phone) -> None:
    officer.say("menu")
    officer.tap("Peluang baru")
    for words in (
        "Belanja amplang untuk konsumsi rapat",
        "Dinas Kesehatan Kota Samarinda",
        "Samarinda",
        "18,5 juta",
        "25 November 2026 jam 15.00",
    ):
        officer.say(words)
    officer.tap("Lewati")
    assert "Rp18.500.000" in officer.words()


def test_the_whole_way(page: Page, served: Served, tmp_path: Path) -> None:
    vendor, officer = Phone(page), Phone(page, "petugas")
    officer.begin()
    register(vendor, officer, tmp_path)
    assert "Rp25.000" in open_card(officer)
    expect(officer.heard.last.locator(".album img")).to_have_count(1)
    flag_two(officer)
    assert "2 hal" in vendor.after(lambda: served.later(minutes=UNDO))
    fix_two(vendor, officer, tmp_path)
    card = open_card(officer)
    assert "Rp25.000 per bungkus → Rp90.000 per kg" in card and "Foto diganti" in card
    assert "disetujui" in officer.tap("Setujui")
    assert "disetujui" in vendor.after(lambda: served.later(minutes=UNDO))
    type_call(officer)
    assert "Berminat" in vendor.after(officer.button("Kabari 1 orang").click)
    picture(page, "two-phones.png")
    assert "sudah saya catat" in vendor.tap("Saya berminat")
