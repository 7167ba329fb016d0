"""A call from the officer's hands to the phones it concerns, and what comes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.alerts import match_calls
from bot.channels.channel import Inbound
from handlers.calls.notices import tell
from handlers.said import Said
from models.call import Call
from tests.calling import announce, notices, type_call
from tests.vendors import add_vendor
from tests.world import World, text_of


def test_a_call_reaches_the_right_phones(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: add_vendor(session, "rina", status="SUBMITTED", product="Snack box"))
    world.write(lambda session: add_vendor(session, "tono", "64.03"))
    world.write(lambda session: add_vendor(session, "lia", "64.03", scope="64"))
    world.write(lambda session: add_vendor(session, "wati", consent=False))
    world.write(lambda session: add_vendor(session, "edo", stopped=True))
    world.write(lambda session: add_vendor(session, "hilang", reachable=False))
    world.write(lambda session: add_vendor(session, "budi", etalase="atk", product="Kertas HVS"))
    type_call(world)
    card = text_of([world.last["petugas"]])
    for part in ("Rp18.500.000", "25 November 2026, 15.00 WITA (2 hari lagi)", "Makanan & Minuman", "3 orang dikabari", "1 di antaranya"):
        assert part in card
    told = text_of(world.tap("petugas", "Kabari 3 orang"))
    for part in ("1 berhenti dikabari", "1 belum minta dikabari", "1 tidak bisa dihubungi", "1 di luar jangkauan"):
        assert part in told
    heard = text_of(world.hears("siti"))
    assert "Dinas Kesehatan Kota Samarinda cari *Konsumsi rapat koordinasi 50 orang*, Rp18.500.000" in heard
    assert "Saya kabari karena Bu Siti jual Nasi kotak" in heard
    assert "(Tombol ini belum berarti ikut mendaftar.)" in heard
    assert "masih diperiksa petugas" in text_of(world.hears("rina"))
    assert "Berminat" in text_of(world.hears("lia"))
    for name in ("tono", "wati", "edo", "budi"):
        assert world.hears(name) == []
    assert world.read(lambda session: {row.kind for row in notices(session)}) == {"call"}


def test_a_call_for_the_province_reaches_all_of_it(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    assert "1 orang dikabari" in announce(small_world, region="se-provinsi")
    assert "Tempat: se-Kalimantan Timur" in text_of(small_world.hears("tono"))


def test_only_officers_type_calls_and_only_for_their_regions(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    for press in ("c:new_call:0:0", "c:calls:0:0", "c:call_interest:1:0"):
        assert "hanya untuk petugas" in text_of(small_world.press("siti", press))
    small_world.officer("petugas", "64.72")
    type_call(small_world, region="")
    assert "Tempat: Samarinda" in text_of([small_world.last["petugas"]])
    small_world.say("petugas", "ubah")
    small_world.tap("petugas", "Daerah")
    for words in ("Berau", "se-provinsi", "64"):
        assert "Pilih salah satu" in text_of(small_world.say("petugas", words))
    asked = small_world.button("petugas", "Samarinda")
    small_world.press("petugas", asked.replace("64.72", "64.03"))
    assert "Untuk daerah mana" in text_of([small_world.last["petugas"]])
    assert small_world.read(lambda session: session.exec(select(Call)).all()) == []


def test_an_officer_of_one_place_does_not_see_the_calls_of_another(small_world: World) -> None:
    small_world.officer("petugas")
    type_call(small_world, region="Berau")
    small_world.tap("petugas", "Simpan peluang")
    small_world.officer("samarinda", "64.72")
    assert "Belum ada peluang" in text_of(small_world.say("samarinda", "peluang"))
    assert "tidak ada di daerah" in text_of(small_world.press("samarinda", "c:call_interest:1:0"))


def test_at_night_a_call_waits_for_the_morning(world: World) -> None:
    world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 21.00 WITA
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: add_vendor(session, "papua", zone="Asia/Jayapura"))
    assert "berangkat jam 07.00" in announce(world)
    assert world.hears("siti") == []
    due = world.read(lambda session: [row.due_at for row in notices(session)])
    assert sorted(due) == [datetime(2026, 11, 23, 22, 0, tzinfo=UTC), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)]
    world.later(hours=10)
    assert "Berminat" in text_of(world.hears("siti"))


def test_at_night_a_call_that_closes_before_morning_goes_at_once(small_world: World) -> None:
    small_world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    announce(small_world, closes="24 November 06.30")
    assert "Tutup 24 November 2026, 06.30 WITA" in text_of(small_world.hears("siti"))


def test_after_closing_nothing_is_sent(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world, closes="hari ini jam 16.00")
    world.later(hours=8)
    assert world.hears("siti") == []
    assert world.read(lambda session: [row.status for row in notices(session)]) == ["expired"]


def test_a_card_that_waited_too_long_asks_for_the_time_again(small_world: World) -> None:
    small_world.officer("petugas")
    type_call(small_world, closes="hari ini jam 16.00")
    small_world.later(hours=9)
    small_world.say("petugas", "lanjut")
    heard = text_of(small_world.tap("petugas", "Simpan peluang"))
    assert "sudah lewat" in heard and "Kapan tutupnya" in heard
    assert small_world.read(lambda session: session.exec(select(Call)).all()) == []
    small_world.say("petugas", "besok jam 15.00")
    small_world.tap("petugas", "Simpan peluang")
    assert small_world.read(lambda session: session.exec(select(Call)).one().title) == "Konsumsi rapat koordinasi 50 orang"


def test_a_link_is_kept_and_shown_as_the_source(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    type_call(small_world)
    small_world.say("petugas", "ubah")
    small_world.tap("petugas", "Tautan")
    for words in ("javascript:alert(1)", "ftp://sirup.lkpp.go.id", "https://go.id@evil.com", "tidak tahu"):
        assert "Tautannya apa?" in text_of(small_world.say("petugas", words))
    small_world.say("petugas", "sirup.lkpp.go.id/sirup/12345678")
    small_world.tap("petugas", "Kabari")
    assert "Sumber: https://sirup.lkpp.go.id/sirup/12345678" in text_of(small_world.hears("siti"))


def test_confirmed_twice_at_once_it_is_told_once(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    type_call(world)
    said = Said(kind="tap", press=world.button("petugas", "Kabari"))

    async def both() -> None:
        await asyncio.gather(*(world.app.receive(world.channel, Inbound(f"twice{n}", "petugas", said)) for n in range(2)))

    world._run(both())
    assert world.read(lambda session: len(session.exec(select(Call)).all())) == 1
    assert world.read(lambda session: len(notices(session))) == 1


def test_a_large_call_is_told_in_slices_and_only_what_is_missing(world: World) -> None:
    for n in range(7):
        world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]

    def begin(session: Session) -> int:
        call = Call(source_id="x", title="Konsumsi", buyer="Dinkes", region="64.72", etalase=["mamin"], created_at=world.now,
                    closes_at=world.now + timedelta(days=2))  # fmt: skip
        session.add(call)
        session.flush()
        return tell(session, call, world.now, limit=3)

    assert world.write(begin) == 3
    assert world.do(match_calls(world.app)) == 4
    rows = world.read(notices)
    assert len(rows) == len({row.person_id for row in rows}) == 7
    world.write(lambda session: add_vendor(session, "baru"))
    assert world.do(match_calls(world.app)) == 0


@pytest.mark.parametrize("word", ["ya", "kirim", "sudah"])
def test_sudah_pas_is_answered_with_a_word(small_world: World, word: str) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    type_call(small_world)
    assert "1 orang dikabari" in text_of(small_world.say("petugas", word))
    assert "Berminat" in text_of(small_world.hears("siti"))
