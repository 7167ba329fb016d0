""" "Apa caranya?", typed: of the call that is plain, else it is asked of which; it is no question for the officers."""

from __future__ import annotations

from functools import partial

import pytest

from tests.alerting import day, package, small_day, tended, vendor
from tests.packages import closing, listed
from tests.world import World, text_of

__all__ = ["day", "small_day"]


def digest(world: World) -> None:
    vendor(world, "siti")
    for key, method in (("A", "langsung"), ("B", "tender")):
        package(world, key, f"Konsumsi rapat {key}", closes_at=closing("12-08"), method=method)
    tended(world)
    world.later(hours=22, minutes=1)
    tended(world)
    world.hears("siti")


@pytest.mark.parametrize("words", ["apa caranya?", "gimana cara ikutnya bu", "caranya gmn"])
def test_below_a_digest_it_is_asked_of_which(day: World, words: str) -> None:
    digest(day)
    heard = text_of(day.say("siti", words))
    assert "1. Konsumsi rapat" in heard and heard.count("Nomor") == 2 and "cara ikut yang mana" in heard
    assert "Tender: lomba terbuka" in text_of(day.say("siti", "2"))


def test_a_number_says_which(small_day: World) -> None:
    digest(small_day)
    heard = text_of(small_day.say("siti", "apa caranya no 2"))
    assert "Cara ikut *Konsumsi rapat B*:" in heard and "Tender" in heard


def test_after_other_words_the_call_that_waits_is_meant(small_world: World) -> None:
    vendor(small_world, "siti")
    small_world.write(partial(listed, line="package A 64.72 11-25 18500000: Nasi kotak rapat", now=small_world.now))
    small_world.steer()
    small_world.hears("siti")
    small_world.say("siti", "menu")
    assert "Cara ikut *Nasi kotak rapat*:" in text_of(small_world.say("siti", "apa caranya"))


def test_of_what_is_typed_without_a_link_no_notice_is_said_to_tell_more(small_world: World) -> None:
    vendor(small_world, "siti")
    small_world.officer("petugas", "64.72")
    for words in (
        "peluang baru",
        "Dinas Sosial Samarinda butuh nasi kotak 50 dus, 18 juta, tutup 25 November 10.00",
        "lewati",
        "kabari 1 orang",
    ):
        small_world.say("petugas", words)
    small_world.steer()
    assert "Cara ikutnya belum disebut; boleh tanya petugas." in text_of(small_world.hears("siti"))
    assert "belum disebut dinasnya, jadi tanya petugas dulu" in text_of(small_world.say("siti", "minat"))


def test_with_no_call_the_ways_are_told(small_world: World) -> None:
    vendor(small_world, "siti")
    heard = text_of(small_world.say("siti", "cara ikutnya gimana?"))
    assert "Tiap peluang punya cara sendiri" in heard and "[Peluang terbuka]" in heard


def test_in_the_middle_of_a_form_the_question_comes_again(small_day: World) -> None:
    vendor(small_day, "siti")
    small_day.say("siti", "daftar produk")
    package(small_day, "A", "Konsumsi rapat", closes_at=closing("12-08"), method="tender")
    tended(small_day)
    small_day.later(hours=22, minutes=1)
    tended(small_day)
    small_day.hears("siti")
    heard = text_of(small_day.say("siti", "apa caranya"))
    assert "Tender" in heard and heard.count("foto") == 1


def test_what_is_said_nowhere_leads_to_the_officers(small_world: World) -> None:
    vendor(small_world, "siti")
    package(small_world, "A", "Nasi kotak rapat", closes_at=closing("11-25"), method="", link="")
    small_world.steer()
    assert "Cara ikutnya belum disebut; boleh tanya petugas." in text_of(small_world.hears("siti"))
    heard = text_of(small_world.tap("siti", "Apa caranya?"))
    assert "Cara belinya belum disebut dinasnya." in heard and "[Tanya petugas]" in heard
