"""A call of which no source named the place: officers of the province see it and say where it is, and whom it reaches follows."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from models.call import Call, CallNotice
from models.change import apply
from models.overview import count_open, open_page, shows
from models.package import Package
from tests.alerting import FAR, day, package, small_day, tended, vendor
from tests.world import World, text_of

__all__ = ["day", "small_day"]


def the_call(world: World) -> Call:
    return world.read(lambda session: session.exec(select(Call)).one())


def card(world: World, name: str = "provinsi") -> str:
    return text_of(world.press(name, "c:call_interest:1:0"))


@pytest.fixture
def placeless(day: World) -> World:
    """It waits for the morning of a vendor in Samarinda and one in Berau."""
    day.officer("provinsi", "64")
    day.officer("kota", "64.72")
    vendor(day, "siti")
    vendor(day, "tono", region="64.03")
    package(day, region="", buyer="Satuan Kerja")
    tended(day)
    return day


def test_the_province_sees_it_and_a_kabupaten_does_not(placeless: World) -> None:
    assert "1. Konsumsi rapat (daerah belum disebut), tutup" in text_of(placeless.say("provinsi", "peluang terbuka"))
    assert "Satuan Kerja, daerah belum disebut" in card(placeless)
    assert "Belum ada peluang" in text_of(placeless.say("kota", "peluang terbuka"))
    assert "tidak ada di daerah" in card(placeless, "kota")
    assert "sudah ada daerahnya" not in text_of(placeless.say("kota", "peluang tanpa tempat")), "what it cannot see may be there"

    def same(session: Session) -> list[tuple[int, int, bool]]:
        call = session.exec(select(Call)).one()
        offices: tuple[list[str], ...] = (["64"], ["64.72"], ["64.72", "64"], [])
        return [
            (count_open(session, of, placeless.now), len(open_page(session, of, placeless.now, 0)), shows(of, call)) for of in offices[:3]
        ]

    assert placeless.read(same) == [(1, 1, True), (0, 0, False), (1, 1, True)]


def test_a_place_that_was_said_decides_who_hears(placeless: World) -> None:
    def people(session: Session) -> list[int]:
        return sorted(session.exec(select(CallNotice.person_id)))

    assert len(placeless.read(people)) == 2, "before, it may be anywhere"
    card(placeless)
    assert "Untuk daerah mana? Contoh: Samarinda" in text_of(placeless.tap("provinsi", "Isi daerah"))
    assert "sekarang untuk Berau. 1 orang lewat ringkasan jam 08.00." in text_of(placeless.say("provinsi", "berau"))
    placeless.later(minutes=2)
    tended(placeless)
    assert len(placeless.read(people)) == 1
    placeless.later(days=1)
    tended(placeless)
    assert placeless.hears("siti") == []
    assert "Tempat: Berau." in text_of(placeless.hears("tono"))


def test_what_has_not_left_is_taken_back_from_those_it_does_not_reach(placeless: World) -> None:
    placeless.later(days=1)
    tended(placeless)
    card(placeless)
    placeless.tap("provinsi", "Isi daerah")
    placeless.say("provinsi", "berau")
    tended(placeless)
    assert placeless.hears("siti") == []


def test_a_source_that_comes_again_does_not_take_the_place_away(placeless: World) -> None:
    card(placeless)
    placeless.tap("provinsi", "Isi daerah")
    placeless.say("provinsi", "samarinda")

    def again(session: Session) -> None:
        call = session.exec(select(Call)).one()
        apply(call, Package(source="sirup", keys=(("rup", "A"),), title=call.title, closes_at=FAR, places=("64.74",)), placeless.now)

    placeless.write(again)
    assert (the_call(placeless).region, the_call(placeless).places) == ("64.72", ["64.72"])
    card(placeless)
    placeless.tap("provinsi", "Isi daerah")
    assert "sekarang untuk Bontang" in text_of(placeless.say("provinsi", "bontang")), "an officer may say it anew"


def test_a_place_that_a_source_named_meanwhile_stays(placeless: World) -> None:
    card(placeless)
    placeless.tap("provinsi", "Isi daerah")

    def named(session: Session) -> None:
        call = session.exec(select(Call)).one()
        apply(call, Package(source="sirup", keys=(("rup", "A"),), title=call.title, places=("64.74",)), placeless.now)

    placeless.write(named)
    assert "sudah disebut sumbernya: Bontang" in text_of(placeless.say("provinsi", "samarinda"))
    assert the_call(placeless).region == "64.74"
    assert "Isi daerah" not in card(placeless)
    assert "tidak ada di daerah" in text_of(placeless.press("kota", "c:call_place:1:0"))


@pytest.mark.parametrize("words", ["peluang tanpa tempat", "panggilan tanpa tempat", "peluang tanpa daerah"])
def test_those_without_a_place_are_listed_by_themselves(placeless: World, words: str) -> None:
    package(placeless, "B", "Snack rapat", region="64.72")
    heard = text_of(placeless.say("provinsi", words))
    assert "1. Konsumsi rapat (daerah belum disebut)" in heard and "Snack rapat" not in heard
    assert "[Isi daerah]" in text_of(placeless.say("provinsi", "1"))
    placeless.say("provinsi", "isi daerah")
    assert "sekarang untuk Samarinda" in text_of(placeless.say("provinsi", "smd"))
    assert "sudah ada daerahnya" in text_of(placeless.say("provinsi", words))


def test_the_list_of_all_leads_to_them(placeless: World) -> None:
    assert "[Tanpa daerah (1)]" in text_of(placeless.say("provinsi", "peluang"))
    assert "Mau diisi yang mana" in text_of(placeless.say("provinsi", "tanpa daerah"))
    package(placeless, "B", "Snack rapat", region="64.72")
    assert "Tanpa daerah" not in text_of(placeless.say("kota", "peluang"))
    assert "Konsumsi" not in text_of(placeless.say("kota", "peluang tanpa tempat"))
