"""An announcement from the first word to the last reply."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import Session, select

from bot.channels.channel import Inbound
from handlers.said import Said
from models.campaign import Campaign
from models.contact import Officer
from tests.announcing import TEXT, campaign, card_button, send, write
from tests.vendors import add_person, add_vendor
from tests.world import World, text_of


def test_from_the_text_to_the_phones(world: World) -> None:
    world.officer("petugas")
    for name, more in {"siti": {}, "wati": {"consent": False}, "edo": {"stopped": True}, "hilang": {"reachable": False}}.items():
        world.write(lambda session, name=name, more=more: add_vendor(session, name, **more))  # type: ignore[misc]
    card = write(world)
    assert "1 orang dikabari. Tidak dikabari: 1 berhenti dikabari, 1 belum minta dikabari, 1 tidak bisa dihubungi." in card
    assert "[Kirim ke saya dulu]" in card and "[Kirim ke 1 orang]" not in card
    shown, proof = world.tap("petugas", "Kirim ke saya dulu")
    assert "[Kirim ke 1 orang]" in text_of([shown])
    assert "mulai dikirim" in text_of(world.say("petugas", "kirim ke 1 orang"))
    heard = world.hears("siti")
    assert text_of(heard) == text_of([proof])
    assert text_of(heard) == f"*Pengumuman petugas Kalimantan Timur*\n\n{TEXT}\n\nTulis *berhenti* kalau tidak mau dikabari lagi."
    assert heard[0].category == "marketing"
    for name in ("wati", "edo"):
        assert world.hears(name) == []
    assert "Terkirim 1 dari 1. Selesai." in text_of(world.say("petugas", "progres"))
    assert world.read(lambda session: campaign(session).status) == "done"


def test_a_picture_goes_with_it_and_an_audience_is_picked(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_vendor(session, "budi", etalase="atk"))
    small_world.write(lambda session: add_vendor(session, "rina", status="SUBMITTED"))
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    small_world.say("petugas", "pengumuman")
    small_world.say("petugas", TEXT)
    small_world.photos("petugas", [7])
    small_world.say("petugas", "samarinda")
    small_world.tap("petugas", "Produk disetujui")
    small_world.tap("petugas", "Makanan & Minuman")
    card = small_world.tap("petugas", "Selesai")
    assert len(card[0].media) == 1
    assert "Untuk: Produk disetujui, Samarinda, Makanan & Minuman\n" in text_of(card)
    assert "Berlaku sampai 30 November 2026, 23.59 WITA\n1 orang dikabari." in text_of(card)
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.press("petugas", card_button(small_world))
    assert len(small_world.hears("siti")[0].media) == 1
    assert [small_world.hears(name) for name in ("budi", "rina", "tono")] == [[], [], []]


def test_who_has_not_finished_can_be_told(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_person(session, "baru"))
    small_world.say("baru", "daftar")
    small_world.photos("baru", [1], "Amplang 25rb per bungkus")
    assert "1 orang dikabari" in write(small_world, state="Belum selesai", etalase="")


def test_nothing_goes_out_before_the_officer_has_seen_it(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    write(small_world)
    for words in ("kirim ke 1 orang", "kirim ke semua orang"):
        small_world.say("petugas", words)
    small_world.press("petugas", small_world.button("petugas", "Ubah").replace(":change", ":send_all"))
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []
    small_world.tap("petugas", "Kirim ke saya dulu")
    card_button(small_world)
    small_world.tap("petugas", "Ubah")
    small_world.tap("petugas", "Isi")
    changed = text_of(small_world.say("petugas", "Sosialisasi pindah ke hari Jumat jam 9."))
    assert "Kirim ke 1 orang" not in changed, "what was changed must be looked at again"
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Transfer Rp50.000 untuk ikut sosialisasi.", "terbaca seperti minta uang"),
        ("Siapkan nomor rekening masing-masing, ya.", "nomor rekening"),
        ("Kirim ke dana 0812 3456 7890 ya Bapak/Ibu.", "dompet pribadi"),
        ("Gabung https://chat.whatsapp.com/AbCd segera.", "Tautan WhatsApp"),
        ("Daftar di bit.ly/lapak sebelum Jumat.", "Tautan pendek"),
        ("Daftar di https://go.id.evil.com/daftar", "di luar yang diizinkan (go.id)"),
        ("Daftar di https://kaltimprov.gо.id ya", "huruf yang mirip"),
    ],
)
def test_what_may_not_be_announced_is_refused_with_the_reason(small_world: World, text: str, said: str) -> None:
    small_world.officer("petugas")
    small_world.say("petugas", "pengumuman")
    assert said in text_of(small_world.say("petugas", text))
    assert "Ada gambarnya" in text_of(small_world.say("petugas", TEXT))


def test_a_text_of_ten_letters_is_enough(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.say("petugas", "pengumuman")
    assert "minimal 10" in text_of(small_world.say("petugas", "Rapat jam"))
    assert "1000" in text_of(small_world.say("petugas", "Rapat " * 200))
    assert "Ada gambarnya" in text_of(small_world.say("petugas", "Rapat jam 9"))


def test_only_officers_announce_and_only_to_their_regions(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    for press in ("c:new_announcement:0:0", "c:progress:0:0", "c:announcement_stop:1:0", "c:announcement_self:0:0"):
        assert "hanya untuk petugas" in text_of(small_world.press("siti", press))
    small_world.officer("petugas")
    send(small_world)
    small_world.officer("samarinda", "64.72")
    for press in ("c:progress:1:0", "c:announcement_stop:1:0", "c:progress:x:0", "c:progress:99:0"):
        assert "tidak ada di daerah" in text_of(small_world.press("samarinda", press))
    assert "Belum ada pengumuman" in text_of(small_world.press("samarinda", "c:progress:0:0"))
    small_world.say("samarinda", "pengumuman")
    small_world.say("samarinda", TEXT)
    assert "Untuk siapa?" in text_of(small_world.tap("samarinda", "Tanpa gambar")), "there is only one place to choose"
    assert small_world.read(lambda session: campaign(session).status) == "running"


def test_an_office_that_is_gone_sends_nothing(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    write(small_world)
    small_world.tap("petugas", "Kirim ke saya dulu")
    press = card_button(small_world)

    def dismiss(session: Session) -> None:
        session.delete(session.exec(select(Officer)).one())

    small_world.write(dismiss)
    small_world.press("petugas", press)
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []


def test_confirmed_twice_at_once_it_goes_once(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    write(world)
    world.tap("petugas", "Kirim ke saya dulu")
    said = Said(kind="tap", press=card_button(world))

    async def both() -> None:
        await asyncio.gather(*(world.app.receive(world.channel, Inbound(f"twice{n}", "petugas", said)) for n in range(2)))

    world._run(both())
    assert world.read(lambda session: len(session.exec(select(Campaign)).all())) == 1
    assert len(world.hears("siti")) == 1


def test_the_beginning_of_a_label_is_enough(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    for said in ("pengumuman", TEXT, "tanpa gambar", "samarinda"):
        small_world.say("petugas", said)
    assert "Untuk siapa?" in text_of(small_world.say("petugas", "sem"))
    assert "Untuk siapa?" not in text_of(small_world.say("petugas", "semua"))
