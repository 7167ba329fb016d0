"""The first ten of an announcement over real HTTP to Telegram's stand-in: who blocks, who sleeps, and what the others hear."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.canarying import CHATS, FIRST, FOLK, on_telegram, told

BLOCKED = "Forbidden: bot was blocked by the user"


def test_first_ones_who_have_blocked_stop_it_before_the_others(database: str, tmp_path: Path) -> None:
    with on_telegram(database, tmp_path) as on:
        on.platform.blocked.update(CHATS)
        assert "ke 10 orang dulu, dipilih acak" in on.announce()
        on.steer()
        on.steer()
        assert (on.status, on.counts, on.left) == ("stopped", {"failed": FIRST}, FOLK - FIRST)
        assert on.heard() == (
            "Pengumuman *Assalamualaikum Bapak/Ibu. Sosialisasi katalog Kamis jam 9…* berhenti sendiri, Bapak/Ibu, karena terlalu banyak "
            "yang tidak sampai atau memblokir (10 orang). Terkirim 0, belum dikirim 110. Rinciannya ada di Perkembangan. Dilanjutkan atau "
            "dibatalkan?\n  [Perkembangan]\n  [Lanjut kirim]\n  [Batalkan]"
        )
        for _ in range(3):
            on.steer(3600)
        asked = {asked["chat_id"] for method, asked in on.platform.requests if int(asked.get("chat_id", 0)) in CHATS}
        assert (told(on.platform), len(asked), on.heard()) == ([], FIRST, "")


def test_an_officer_goes_on_after_it_stopped_by_itself(sqlite_database: str, tmp_path: Path) -> None:
    with on_telegram(sqlite_database, tmp_path) as on:
        on.announce()
        on.platform.fail(status=403, description=BLOCKED, times=4)
        on.steer()
        on.steer()
        assert (on.status, on.counts) == ("stopped", {"failed": 4, "sent": 6})
        assert "(4 orang). Terkirim 6, belum dikirim 110." in on.heard()
        looked = on.say("[progress]")
        assert "Terkirim 6 dari 120. Belum sampai 4 (bot diblokir orangnya 4). Berhenti sendiri" in looked and "110 belum dikirim" in looked
        assert "Tetap lanjutkan ke 110 orang" in on.say("[announcement_resume]") and on.status == "stopped"
        assert "Masih berjalan" in on.say("[announcement_resume]")
        on.steer()
        on.steer()
        assert (on.status, on.counts, on.left) == ("done", {"failed": 4, "sent": 116}, 0)
        assert len(set(told(on.platform))) == len(told(on.platform)) == 116, "nobody twice"


def test_an_officer_cancels_from_the_notice(sqlite_database: str, tmp_path: Path) -> None:
    with on_telegram(sqlite_database, tmp_path) as on:
        on.announce()
        on.platform.fail(status=403, description=BLOCKED, times=3)
        on.steer()
        on.steer()
        on.heard()
        assert "Masih 110 orang yang belum dikirimi" in on.say("[announcement_stop]") and on.status == "stopped"
        assert "Terkirim 7 dari 120. Belum sampai 3 (bot diblokir orangnya 3). Dibatalkan, 110 tidak dikirim." in on.say(
            "[announcement_stop]"
        )
        on.steer(3600)
        assert (on.status, on.left, len(told(on.platform))) == ("cancelled", 110, 7)


def test_what_stays_below_the_threshold_goes_on(database: str, tmp_path: Path) -> None:
    with on_telegram(database, tmp_path) as on:
        on.announce()
        on.platform.fail(status=403, description=BLOCKED, times=2)
        on.steer()
        assert (on.status, on.counts, on.left) == ("canary", {"failed": 2, "sent": 8}, 110)
        on.steer()
        on.steer()
        assert (on.status, on.counts, on.left) == ("done", {"failed": 2, "sent": 118}, 0)
        assert len(set(told(on.platform))) == len(told(on.platform)) == 118


def test_many_who_block_later_stop_what_runs(sqlite_database: str, tmp_path: Path) -> None:
    """The first ten are well, of the others more than a tenth of two hundred are not; those who sleep are never written to."""
    with on_telegram(sqlite_database, tmp_path, Makassar=220, New_York=110) as on:
        on.announce()
        on.steer()
        assert (on.status, on.counts) == ("canary", {"sent": FIRST})
        on.platform.fail(status=403, description=BLOCKED, times=60)
        on.steer()
        on.steer()
        assert (on.status, on.counts, on.left) == ("stopped", {"failed": 60, "sent": 160, "queued": 110}, 110)
        assert "(60 orang). Terkirim 160, belum dikirim 110." in on.heard()
        on.until(24 * 60)
        assert len(told(on.platform)) == 160


@pytest.mark.parametrize(("awake", "after"), [(9, "running"), (8, "canary")])
def test_half_an_hour_is_waited_for_the_last_of_the_first_and_a_tenth_may_be_out_then(
    awake: int, after: str, sqlite_database: str, tmp_path: Path
) -> None:
    """Those who are awake are among the first ten; for the others it is night."""
    with on_telegram(sqlite_database, tmp_path, Makassar=awake, New_York=FOLK - awake) as on:
        on.announce()
        on.steer()
        on.until(29)
        assert (on.status, on.counts, on.left) == ("canary", {"sent": awake, "queued": FIRST - awake}, FOLK - awake)
        on.until(31)
        assert (on.status, on.left) == (after, FOLK - awake)
        assert len(told(on.platform)) == awake


def test_first_ones_who_sleep_are_waited_for_until_their_morning(sqlite_database: str, tmp_path: Path) -> None:
    with on_telegram(sqlite_database, tmp_path, Makassar=5, New_York=FOLK - 5) as on:
        on.announce()
        on.steer()
        on.until(9 * 60)
        assert (on.status, on.left) == ("canary", FOLK - 5)
        on.until(10 * 60)  # 07.00 in New York
        on.steer()
        on.steer()
        assert (on.status, on.counts) == ("done", {"sent": FOLK})


def test_while_the_platform_is_away_nobody_else_is_told(sqlite_database: str, tmp_path: Path) -> None:
    """A connection that is refused is no failure yet, and no reason to go on."""
    with on_telegram(sqlite_database, tmp_path) as on:
        on.announce()
        asyncio.run(on.platform.stop())
        on.steer()
        on.until(31)
        assert (on.status, on.counts, on.left) == ("canary", {"queued": FIRST}, FOLK)
        asyncio.run(on.platform.start())
        on.steer(600)
        on.steer()
        on.steer()
        assert (on.status, on.counts) == ("done", {"sent": FOLK})
        assert len(set(told(on.platform))) == len(told(on.platform)) == FOLK
