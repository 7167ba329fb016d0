"""The first ten of an announcement on WhatsApp, where what became of a message is told later, by webhook, or not at all."""

from __future__ import annotations

from pathlib import Path

from tests.canarying import FIRST, FOLK, Broadcast, on_whatsapp, templates
from tests.standin_whatsapp import StandIn
from tests.whatsapp_player import WhatsappPlayer

PRICE = 697
UNDELIVERABLE, CAPPED, LATER = 131026, 131049, "failed"
On = Broadcast[WhatsappPlayer, StandIn]


def begun(on: On, *faults: tuple[int, int]) -> None:
    """The first ten were taken by the platform; of so many it tells later that they failed, with which code."""
    assert "Biaya" not in on.announce("[pay]")
    for code, times in faults:
        on.platform.fail(LATER, code=code, times=times, kind="template")
    on.stage.wait(1)
    assert (on.status, on.counts, templates(on.platform), on.spent()) == ("canary", {"sent": FIRST}, FIRST, FIRST * PRICE)


def test_failures_told_later_stop_it_before_the_others(database: str, tmp_path: Path) -> None:
    with on_whatsapp(database, tmp_path) as on:
        begun(on, (UNDELIVERABLE, 4))
        on.stage.wait(60)
        assert (on.status, on.left) == ("canary", FOLK - FIRST), "what was taken has not arrived yet"
        on.player.hear()
        on.stage.wait(1)
        assert (on.status, on.counts, on.left) == ("stopped", {"failed": 4, "read": 6}, 110)
        assert "terlalu banyak yang tidak sampai atau memblokir (4 orang). Terkirim 6, belum dikirim 110." in on.heard()
        assert on.spent() == 6 * PRICE, "what did not arrive costs nothing"
        on.stage.wait(3600)
        assert (templates(on.platform), on.heard()) == (FIRST, "")
        assert "Tetap lanjutkan ke 110 orang" in on.say("[announcement_resume]")
        on.say("[announcement_resume]")
        on.stage.wait(1)
        on.player.hear()
        on.stage.wait(1)
        assert (on.status, on.counts, on.left) == ("done", {"failed": 4, "read": 116}, 0)


def test_few_failures_let_it_go_on_as_soon_as_all_were_told_of(database: str, tmp_path: Path) -> None:
    with on_whatsapp(database, tmp_path) as on:
        begun(on, (UNDELIVERABLE, 2))
        on.player.hear()
        on.stage.wait(1)
        on.player.hear()
        on.stage.wait(1)
        assert (on.status, on.counts, on.left) == ("done", {"failed": 2, "read": 118}, 0)


def test_five_minutes_without_a_word_are_enough(sqlite_database: str, tmp_path: Path) -> None:
    with on_whatsapp(sqlite_database, tmp_path) as on:
        begun(on)
        on.until(4.5)
        assert (on.status, templates(on.platform)) == ("canary", FIRST)
        on.until(5.5)
        assert (on.status, templates(on.platform)) == ("running", FOLK)


def test_whom_the_platform_spares_for_a_day_does_not_hold_up_the_others(sqlite_database: str, tmp_path: Path) -> None:
    """Its cap on marketing is of the person: half an hour later the others are told."""
    with on_whatsapp(sqlite_database, tmp_path) as on:
        begun(on, (CAPPED, 4))
        on.player.hear()
        on.until(29)
        assert (on.status, on.counts) == ("canary", {"queued": 4, "read": 6})
        on.until(31)
        on.player.hear()
        assert (on.status, on.counts) == ("running", {"queued": 4, "read": 116})
        on.until(24 * 60 + 5)
        on.player.hear()
        on.stage.wait(1)
        assert (on.status, on.counts) == ("done", {"read": FOLK})
