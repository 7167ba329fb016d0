"""A call in words where its source says little: no budget but an estimate (HPS), no closing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.calls.digest import digest
from handlers.calls.nearest import Near, Silent, message
from handlers.calls.wording import notice, worth
from messages import Message, Voice, render
from messages.templates import templated
from models.alerts import Waiting
from models.call import ACTIVE, Call
from tests.alerting import package, vendor
from tests.world import World, text_of

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BUDGET, ESTIMATE = 18_500_000, 990_000_000


def call(**more: Any) -> Call:
    given = {"source": "spse", "source_id": "A", "title": "Konsumsi rapat", "buyer": "Dinas Kesehatan", "region": "64.72"}
    return Call(id=1, method="tender", status=ACTIVE, created_at=NOW, **given | more)


def heard(said: Message, locale: str = "id") -> str:
    return text_of([render(said, Voice(locale, now=NOW, you="Bu Siti"))])


def waits(asked: Call) -> Waiting:
    return Waiting(1, 1, "Asia/Makassar", "daily", asked, 0.8, "Nasi", ())


def test_an_estimate_is_said_to_be_one_and_a_budget_goes_before_it() -> None:
    told = {given: heard(notice(call(**dict(given)), "Nasi", ())) for given in ((), (("estimate", ESTIMATE),), (("budget", BUDGET),))}
    assert "cari *Konsumsi rapat*. Tempat" in told[()]
    assert "*, HPS (perkiraan harga dinas) Rp990.000.000. Tempat" in told[(("estimate", ESTIMATE),)]
    assert "*, Rp18.500.000. Tempat" in told[(("budget", BUDGET),)]
    assert worth(call(budget=BUDGET, estimate=ESTIMATE)) == worth(call(budget=BUDGET))
    assert "the office's own estimate" in heard(notice(call(estimate=ESTIMATE), "Nasi", ()), "en")


def test_in_a_line_it_stands_without_the_hard_word() -> None:
    asked = call(estimate=ESTIMATE)
    one = Silent(1, "Asia/Makassar", "Nasi", 1, "64.72")
    for said in (digest([waits(asked)], 0), message(one, [Near(asked, (), 0.2)])):
        assert "Dinas Kesehatan, perkiraan harga Rp990.000.000, Samarinda." in heard(said) and "HPS" not in heard(said)


@pytest.mark.parametrize(
    ("locale", "whole"), [("id", "Tutup belum disebut (lihat pengumumannya)."), ("en", "not stated yet (see the notice).")]
)
def test_a_closing_that_is_not_known_reads_well(locale: str, whole: str) -> None:
    said = heard(notice(call(), "Nasi", ()), locale)
    assert whole in said and "belum ada" not in said and "none yet" not in said
    assert whole.partition(" (")[0] in heard(digest([waits(call())], 0), locale)


def test_a_template_says_both_too() -> None:
    made = templated(notice(call(estimate=ESTIMATE), "Nasi", ()), Voice("id", now=NOW, you="Bu Siti"))
    assert made and {"HPS (perkiraan harga dinas) Rp990.000.000", "belum disebut", "lihat pengumumannya"} <= set(made.values)


def test_owners_who_look_and_officers_see_the_estimate_too(world: World) -> None:
    world.officer("petugas")
    vendor(world, "siti")
    package(world, closes_at=None, estimate=ESTIMATE)
    assert "Samarinda, perkiraan harga Rp990.000.000, tutup belum disebut" in text_of(world.say("siti", "cari konsumsi rapat"))
    world.say("petugas", "peluang")
    card = text_of(world.tap("petugas", "Lihat 1"))
    assert "Nilai: HPS (perkiraan harga dinas) Rp990.000.000\nTutup: belum disebut" in card
