"""What an officer writes to vendors is looked at, however it goes out."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.importing import read
from models.call import Call
from models.question import Question
from tests import sheets
from tests.announcing import send
from tests.calling import type_call
from tests.papers import book
from tests.reviewing import decisions, open_card, stock
from tests.rows import ZONE, real
from tests.vendors import add_vendor
from tests.world import World, text_of

WALLET = "Lewat GoPay panitia saja"
"""Account numbers never come so far: they are screened at the door."""
SWINDLES = (WALLET, "Kirim foto KTP ke sini", "Daftar di bit.ly/lapak", "Hubungi wa.me/62812345678", "Lihat evil.com")


def ask(world: World) -> None:
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti"))
    world.press("siti", "c:ask_officer:0:0")
    world.say("siti", "Pembayarannya berapa lama, pak?")
    world.hears("petugas")


@pytest.mark.parametrize("text", SWINDLES)
def test_an_answer_carries_nothing_a_swindler_would_write(small_world: World, text: str) -> None:
    ask(small_world)
    small_world.tap("petugas", "Jawab")
    heard = text_of(small_world.say("petugas", text))
    assert "Boleh tulis" in heard
    assert small_world.hears("siti") == [] and small_world.read(lambda session: session.exec(select(Question)).one()).answer == ""
    small_world.say("petugas", "Pembayaran 14 hari, transfer langsung dari kas daerah. Akun dibuat di akun.inaproc.id")
    assert "14 hari, transfer langsung dari kas daerah" in text_of(small_world.hears("siti"))


def test_an_answer_by_quoting_is_looked_at_too(small_world: World) -> None:
    ask(small_world)

    def mark(session) -> None:  # type: ignore[no-untyped-def]
        from models.outbox import Outgoing

        row = session.exec(select(Outgoing).where(Outgoing.subject == "question:1")).one()
        row.external_id = "q1"

    small_world.write(mark)
    heard = text_of(small_world.say("petugas", WALLET, quoted="q1"))
    assert "dompet pribadi" in heard and "Jawabannya apa?" in heard
    assert small_world.hears("siti") == []


def test_an_answer_to_many_is_as_strict_as_an_announcement(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    send(small_world)
    small_world.hears("siti")
    small_world.say("siti", "Saya mau ikut, caranya bagaimana ya")
    small_world.say("siti", "ya")
    small_world.say("petugas", "balasan")
    small_world.tap("petugas", "Jawab")
    assert "terbaca seperti minta uang" in text_of(small_world.say("petugas", "Transfer dulu ya"))
    assert small_world.hears("siti") == []


def test_a_typed_reason_is_looked_at(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih")
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Tolak")
    assert "dompet pribadi" in text_of(small_world.say("petugas", WALLET))
    assert decisions(small_world) == []


def test_a_call_points_only_to_where_calls_are_published(small_world: World) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    assert "di luar yang diizinkan" in text_of(
        world.say("petugas", "peluang: Konsumsi rapat, Dinkes, 5 juta, besok, https://go.id.evil.com/x")
    )
    world.say("petugas", "batal")
    type_call(world, region="")
    world.say("petugas", "ubah")
    world.tap("petugas", "Tautan")
    for text in ("https://go.id.evil.com/x", "bit.ly/x", "http://10.0.0.1/x"):
        assert "Rp18.500.000" not in text_of(world.say("petugas", text))
    assert "Rp18.500.000" in text_of(world.say("petugas", "https://spse.inaproc.id/samarindakota/lelang/123"))
    world.say("petugas", "ubah")
    world.tap("petugas", "Judul")
    assert "dompet pribadi" in text_of(world.say("petugas", f"Konsumsi. {WALLET}"))
    assert world.read(lambda session: session.exec(select(Call)).all()) == []


@pytest.mark.parametrize("place", ["Nama Paket", "Uraian Pekerjaan", "Satuan Kerja"])
def test_the_words_of_a_sheet_are_held_to_the_same(small_world: World, place: str) -> None:
    """What a row carries besides would go on as it is: whole rows are set aside, and counted."""
    rows = [{"Nama Paket": f"Konsumsi rapat {at}", "Uraian Pekerjaan": "Nasi kotak", "Satuan Kerja": "Dinas"} for at in range(7)]
    for row, words in zip(rows, SWINDLES, strict=False):
        row[place] += f". {words}"
    rows[5][place] += ", biaya pengiriman ditanggung penyedia"
    rows[6][place] += ", lihat kaltimprov.go.id"
    sheets.confirmed(small_world, book(list(rows[0]), [list(row.values()) for row in rows]))
    told = sheets.ended(small_world)
    assert "7 baris dibaca: 3 baru, 4 disisihkan: 4 ada tautan, rekening, atau dompet pribadi di dalamnya" in told
    found = sheets.calls(small_world)
    assert [call.title[:16] for call in found] == ["Konsumsi rapat 3", "Konsumsi rapat 5", "Konsumsi rapat 6"]
    assert "wa.me" not in f"{found[0].title} {found[0].detail} {found[0].buyer}", "a clause with a telephone is taken out"


FILES = {
    "rup_paket_penyedia_terumumkan.json": "inaproc-rup", "spse_datatables_kaltim.json": "spse",
    "spse_tender_pengumuman.json": "inaproc-tender",
    "spse_nontender_pengumuman.json": "inaproc-nontender", "spse_pencatatan_nontender.json": "inaproc-nontender",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_no_real_row_is_set_aside_for_its_words(name: str) -> None:
    good, bad = read(FILES[name], real(name), ZONE)
    assert good and [reason for *_, reason in bad if reason == "not_told"] == []
