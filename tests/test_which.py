""" "minat" and "bukan usaha saya", typed where several calls may be meant."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session, col, select

from bot.alerts import match_calls
from handlers.calls.which import numbered
from models.call import COMPLETE, Call, CallNotice
from models.history import JOINED, note
from tests.alerting import FAR, day, package, small_day, taste, tended, vendor
from tests.packages import LINK, closing
from tests.world import World, text_of

__all__ = ["day", "small_day"]


def answers(session: Session) -> dict[int, str]:
    rows = session.exec(select(CallNotice).order_by(col(CallNotice.call_id)))
    return {row.call_id: row.answer for row in rows if row.answer}


def digest(world: World, *ends: str) -> None:
    """In the morning of 24 November, of calls that close on these days."""
    vendor(world, "siti")
    for key, end in zip("ABC", ends, strict=False):
        package(world, key, f"Konsumsi rapat {key}", closes_at=closing(end))
    world.do(match_calls(world.app))
    world.later(hours=22, minutes=1)
    tended(world)
    world.hears("siti")


@pytest.mark.parametrize(("words", "answer"), [("minat", "interested"), ("Bukan usaha saya", "unrelated")])
def test_after_a_digest_of_several_it_is_asked_which(day: World, words: str, answer: str) -> None:
    digest(day, "12-05", "12-08", "12-10")
    heard = text_of(day.say("siti", words))
    assert "2. Konsumsi rapat B, tutup 8 Desember 2026, 15.00 WITA" in heard and "yang mana" in heard.lower()
    assert day.read(answers) == {}
    day.tap("siti", "Nomor 2")
    assert day.read(answers) == {2: answer}


@pytest.mark.parametrize("words", ["minat 2", "saya berminat yang nomor 2 ya bu", "mau ikut ke-2", "2"])
def test_a_number_says_which(small_day: World, words: str) -> None:
    digest(small_day, "12-05", "12-08", "12-10")
    small_day.say("siti", "minat")
    small_day.say("siti", words)
    assert small_day.read(answers) == {2: "interested"}


def test_a_number_counts_as_it_was_shown_whatever_closed_since(small_day: World) -> None:
    digest(small_day, "11-30", "12-08", "12-10")
    small_day.later(days=8)
    small_day.say("siti", "minat no. 3")
    assert small_day.read(answers) == {3: "interested"}


def test_what_closed_since_is_not_asked_for(small_day: World) -> None:
    digest(small_day, "11-30", "12-08", "12-10")
    small_day.later(days=8)
    assert "1. Konsumsi rapat B" in text_of(small_day.say("siti", "minat"))
    small_day.say("siti", "2")
    assert small_day.read(answers) == {3: "interested"}


def test_where_one_is_left_that_is_meant(day: World) -> None:
    digest(day, "11-30", "12-08")
    day.later(days=8)
    assert "*Konsumsi rapat B* sudah saya catat" in text_of(day.say("siti", "berminat"))
    assert day.read(answers) == {2: "interested"}


@pytest.mark.parametrize("then", ["menu", "produk saya"])
def test_a_number_of_a_list_that_is_not_on_the_screen_any_more_is_asked_back(small_day: World, then: str) -> None:
    digest(small_day, "12-05", "12-08", "12-10")
    small_day.say("siti", then)
    heard = text_of(small_day.say("siti", "minat 3"))
    assert "Berminat yang mana, Bu Siti?" in heard and "3. Konsumsi rapat A" in heard
    assert small_day.read(answers) == {}
    small_day.say("siti", "minat 3")
    assert small_day.read(answers) == {1: "interested"}


def test_what_closed_since_is_said_of_its_own_number(small_day: World) -> None:
    digest(small_day, "11-30", "12-08", "12-10")
    small_day.later(days=8)
    assert "sudah tutup" in text_of(small_day.say("siti", "minat 1"))
    assert small_day.read(answers) == {}


def joined(session: Session, part: int, call: int) -> None:
    """As the plan and the announcement of one package become one."""
    for id in (part, call):
        note(session.get_one(Call, id), FAR, "sirup", JOINED, part, call)
    session.get_one(Call, part).status = COMPLETE


def test_what_became_part_of_another_call_is_that_one(small_day: World) -> None:
    digest(small_day, "12-05", "12-10", "12-08")
    package(small_day, "D", "Konsumsi rapat D", closes_at=closing("12-12"))
    small_day.write(lambda session: joined(session, 1, 4))
    heard = text_of(small_day.say("siti", "minat"))
    assert "1. Konsumsi rapat D" in heard and "2. Konsumsi rapat B" in heard and small_day.read(answers) == {}


def test_two_places_that_lead_to_one_call_count_once(small_day: World) -> None:
    digest(small_day, "12-05", "12-08")
    small_day.write(lambda session: joined(session, 1, 2))
    assert "*Konsumsi rapat B* sudah saya catat" in text_of(small_day.say("siti", "minat"))


def test_the_second_page_of_a_search_is_counted_as_it_reads(small_day: World) -> None:
    vendor(small_day, "siti")
    for key in "ABCDEFGHIJKL":
        package(small_day, key, f"Konsumsi rapat {key}")
    small_day.say("siti", "cari konsumsi")
    small_day.tap("siti", "Lihat lainnya")
    small_day.tap("siti", "Lihat lainnya")
    titles = dict(re.findall(r"(\d+)\. (Konsumsi rapat \w)", small_day.last["siti"].text))
    assert list(titles) == ["11", "12"]
    assert f"*{titles['12']}* sudah saya catat" in text_of(small_day.say("siti", "minat 12"))


def test_what_was_shown_last_is_meant_before_what_else_waits(small_day: World) -> None:
    digest(small_day, "12-05", "12-08", "12-10")
    package(small_day, "D", "Sewa tenda", etalase=["sewa"], closes_at=closing("12-20"))
    assert "Sewa tenda" in text_of(small_day.say("siti", "cari tenda"))
    assert "*Sewa tenda* sudah saya catat" in text_of(small_day.say("siti", "minat"))
    small_day.later(days=30)
    assert "*Sewa tenda* sudah tutup" in text_of(small_day.say("siti", "minat"))
    package(small_day, "E", "Sewa kursi", etalase=["sewa"], closes_at=None)
    assert "Ada 1 peluang yang terbuka" in text_of(small_day.say("siti", "minat")), "nothing was told that waits for an answer"


def test_of_several_that_were_only_found_one_is_opened_first(small_day: World) -> None:
    taste(small_day, vendor(small_day, "siti", product="Kertas", etalase="atk"), threshold=0.6)
    for key in "AB":
        package(small_day, key, f"Konsumsi rapat {key}")
    small_day.say("siti", "cari konsumsi")
    small_day.say("siti", "minat")
    assert small_day.read(answers) == {}
    assert "Berminat, Bu Siti?" in text_of(small_day.tap("siti", "Nomor 1"))


def test_a_digest_says_that_the_way_in_and_the_link_are_one_tap_away(day: World) -> None:
    digest(day, "12-05", "12-08")
    assert "Di tiap nomor ada cara ikut dan tautan resminya. Mau lihat yang mana?" in text_of([day.last["siti"]])
    heard = text_of(day.tap("siti", "Lihat 2"))
    assert "Pengadaan langsung: pejabatnya yang mengundang" in heard and f"Sumber: {LINK}B" in heard and "[Saya berminat]" in heard
    assert "dinas membeli dari satu penyedia tanpa lomba" in text_of(day.tap("siti", "Apa caranya?"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("minat", ("minat", 0)),
        ("minat 2", ("minat", 2)),
        ("minat yang ke 3 pak", ("minat", 3)),
        ("2", ("2", 0)),
        ("minat 25", ("minat", 25)),
        ("minat 250", ("minat 250", 0)),
    ],
)
def test_a_number_at_the_end(text: str, found: tuple[str, int]) -> None:
    assert numbered(text) == found
