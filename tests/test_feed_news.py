"""What officers see and hear of the sources: the state of each, a word when one stops, a word when it is well again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.doctor import database as database_findings
from bot.feeds.standing import UNSET, standing
from models.outbox import REPLY, Outgoing
from tests.standin_sources import Refusal, plans, searched, tender
from tests.watching import Watch, watching

RUP = "inaproc-rup"


def pushed(session: Session) -> list[str]:
    rows = session.exec(select(Outgoing.message).where(Outgoing.lane != REPLY).order_by(col(Outgoing.id)))
    return [str(said["key"]) for said in rows if said]


def test_away_for_three_days_and_back(database: str, tmp_path: Path) -> None:
    """Everything is caught up once, and the officers of the province hear of it in between, once, in plain words."""
    with watching(database, tmp_path, "sirup") as sirup:
        sirup.world.officer("petugas")
        sirup.world.officer("samarinda", "64.72")
        sirup.standin.rows = {("sirup", "14903"): searched(1, 130)}
        sirup.all()
        sirup.world.do(sirup.standin.stop())
        sirup.standin.rows["sirup", "14903"] = searched(131, 240) + searched(1, 130)
        gone = len(sirup.standin.asked)
        sirup.pass_by(days=1)
        assert sirup.feed("sirup").error == "unreachable"
        assert sirup.world.hears("petugas") == []
        sirup.pass_by(days=2)
        (told,) = sirup.world.hears("petugas")
        assert "SiRUP (rencana pengadaan): situsnya tidak bisa dihubungi (sejak 24 November 2026, 03.17 WITA)" in told.text
        assert [button.label for button in told.buttons] == ["Sumber peluang"]
        assert len(sirup.standin.asked) == gone
        sirup.world.do(sirup.standin.start())
        sirup.pass_by(hours=2)
        assert sirup.feed("sirup").counts == {"read": 370, "new": 240, "same": 130, "pages": 7}
        assert sirup.calls("sirup") == 370
        (told,) = sirup.world.hears("petugas")
        assert "SiRUP (rencana pengadaan): 240 peluang baru, 0 berubah" in told.text
        sirup.pass_by(days=2)
        assert sirup.calls("sirup") == 370
        assert sirup.world.hears("petugas") == []
        assert sirup.world.hears("samarinda") == []
        assert sirup.world.read(pushed) == ["feeds.failing", "feeds.well"]


def test_a_token_that_is_refused_is_told_at_once_and_stands_nowhere(
    database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    wrong = "kunci-lama-yang-ditolak"
    with watching(database, tmp_path, "inaproc", inaproc_token=wrong) as gateway:
        gateway.world.officer("petugas")
        gateway.look()
        (told,) = gateway.world.hears("petugas")
        assert told.text.count("kunci aksesnya (token) ditolak") == 6  # one message for the eight of one key
        assert gateway.standin.asked[0].headers["authorization"] == f"Bearer {wrong}"
        seen = gateway.feed(RUP)
        gateway.world.say("petugas", "sumber peluang")
        said = "".join(gateway.world.transcript) + str(seen.model_dump()) + repr(gateway.world.app.settings)
        heard = capfd.readouterr()
        assert wrong not in said + heard.out + heard.err + caplog.text
        gateway.pass_by(minutes=50)
        assert gateway.standin.times("rup") == 1  # it is not knocked at with a key that does not fit


def test_a_short_disturbance_is_nobody_s_news(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "inaproc") as gateway:
        gateway.world.officer("petugas")
        gateway.standin.rows = {("rup", "D107"): plans(1, 3)}
        gateway.standin.fail("rup", Refusal(500), times=5)
        gateway.pass_by(hours=6)
        assert gateway.feed(RUP).failed_since is None
        assert gateway.world.hears("petugas") == []


def test_a_column_that_is_renamed_is_told_and_reading_goes_on(database: str, tmp_path: Path) -> None:
    with watching(database, tmp_path, "inaproc") as gateway:
        gateway.world.officer("petugas")
        gateway.standin.rows = {("rup", "D107"): plans(1, 30)}
        gateway.all()
        gateway.standin.rows = {
            ("rup", "D107"): [{("nilai" if key == "pagu" else key): value for key, value in row.items()} for row in plans(1, 31)]
        }
        gateway.pass_by(days=1)
        (told,) = gateway.world.hears("petugas")
        assert "Rencana pengadaan (data.inaproc.id). Kolom baru: nilai. Kolom yang hilang: pagu." in told.text
        assert gateway.calls(RUP) == 31
        gateway.standin.rows["rup", "D107"] += plans(32, 1)  # a row of the old kind changes nothing
        gateway.pass_by(days=2)
        assert gateway.world.hears("petugas") == []


def test_the_columns_of_spse_have_places_for_names(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "spse") as spse:
        spse.world.officer("petugas")
        spse.standin.cells = {"lelang": [tender(1)], "pl": [tender(2)[:13]]}
        spse.all()
        spse.standin.cells["lelang"] = [tender(1)[:13]]
        spse.pass_by(days=1)
        (told,) = spse.world.hears("petugas")
        assert "SPSE samarindakota. Kolom yang hilang: lelang 14." in told.text


def test_officers_see_how_each_source_is(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "inaproc", "sirup") as both:
        both.world.officer("petugas")
        (none,) = both.world.say("petugas", "sumber peluang")
        assert none.text.startswith("Belum ada sumber peluang yang terhubung")
        rows = [*plans(1, 40), *plans(41, 1, nama_paket="")]
        both.standin.rows = {("rup", "D107"): rows}
        both.standin.fail("sirup", "cut")
        both.look()
        (shown,) = both.world.say("petugas", "sumber peluang")
        assert shown.text.splitlines()[1:] == [
            "1. SiRUP (rencana pengadaan): terhenti sejak 23 November 2026, 10.00 WITA, situsnya tidak menjawab sampai selesai",
            "2. Pengadaan langsung (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "3. Jadwal pengadaan langsung (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "4. Rencana pengadaan (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "5. Sumber dana rencana (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "6. Tempat rencana (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "7. Revisi rencana (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "8. Tender (data.inaproc.id): lancar, terbaca 23 November 2026, 10.00 WITA",
            "Masih ada 1 lagi, tidak ada yang terhenti.",
        ]
        (one,) = both.world.tap("petugas", "Lihat 4")
        assert one.text == (
            "Rencana pengadaan (data.inaproc.id)\n"
            "Keadaan: lancar, terbaca 23 November 2026, 10.00 WITA\n"
            "Terakhir terbaca lengkap: 23 November 2026, 10.00 WITA\n"
            "Data terbaru bertanggal: 20 November 2026, 09.00 WITA\n"
            "Isinya: 41 dibaca, 40 baru\n"
            "Tidak terbaca: 1 (tanpa nama paket)\n"
            "Dibaca lagi: 24 November 2026, 04.17 WITA"
        )
        (back,) = both.world.tap("petugas", "Sumber peluang")
        assert back.text == shown.text


def test_every_source_can_be_seen_and_nothing_is_called_well_that_is_not(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "inaproc", "sirup", "spse") as all_of_them:
        all_of_them.world.officer("petugas")
        for kind in ("rup", "tender", "nontender", "stages", "nontender-stages", "funds", "places", "revisions", "front"):
            all_of_them.standin.fail(kind, Refusal(500), times=99)
        all_of_them.look()
        (first,) = all_of_them.world.say("petugas", "sumber peluang")
        assert first.text.splitlines()[-1] == "Masih ada 3 lagi, 1 di antaranya perlu dilihat."
        (second,) = all_of_them.world.tap("petugas", "Sumber berikutnya")
        rows = [row for shown in (first, second) for row in shown.text.splitlines() if row[:1].isdecimal()]
        assert [row.partition(".")[0] for row in rows] == [str(place) for place in range(1, 12)]
        (one,) = all_of_them.world.tap("petugas", "Lihat 11")
        assert one.text.splitlines()[0] in rows[-1]
        all_of_them.world.press("petugas", "c:sources:~8:0")
        (back,) = all_of_them.world.tap("petugas", "Kembali ke awal")
        assert back.text == first.text
        (odd,) = all_of_them.world.press("petugas", "c:sources:~99:0")
        assert odd.text == first.text


def test_a_source_that_turns_still_or_empty_is_not_well(database: str, tmp_path: Path) -> None:
    """Ten days without anything new, whether the site says so itself or gives all again; empty is said after a day."""
    with watching(database, tmp_path, "sirup", "spse") as both:
        both.world.officer("petugas")
        both.standin.rows = {("sirup", "14903"): searched(1, 3)}
        both.standin.cells["lelang"] = [tender(1)]
        both.pass_by(days=9)
        assert all("lancar" in row for row in state(both, 3))
        both.pass_by(days=2)
        assert ["terbaca, tapi sudah 11 hari tidak ada yang baru" in row for row in state(both, 3)] == [True, True, False]
        both.standin.rows["sirup", "14903"] = searched(1, 4)
        both.standin.cells["lelang"] = []
        both.pass_by(days=2)
        assert state(both, 3) == [
            "1. SPSE samarindakota: terbaca, tapi isinya kosong sejak 4 Desember 2026, 11.17 WITA",
            "2. SiRUP (rencana pengadaan): lancar, terbaca 6 Desember 2026, 03.17 WITA",
            "3. Halaman paket SPSE samarindakota: lancar, terbaca 6 Desember 2026, 09.17 WITA",
        ]
        (one,) = both.world.tap("petugas", "Lihat 1")
        assert "Isinya: kosong" in one.text and "Data terbaru" not in one.text
        both.standin.cells["lelang"] = [tender(1), tender(2)]
        both.pass_by(days=1)
        assert all("lancar" in row for row in state(both, 3))


def test_the_doctor_has_a_line_for_each_source(database: str, tmp_path: Path) -> None:
    with watching(database, tmp_path, "sirup", "spse") as both:
        app = both.world.app

        def lines() -> dict[str, tuple[str, str]]:
            found = both.world.read(lambda session: list(standing(session, app.settings, both.world.now)))
            return {words.partition(": ")[0]: (mark, words.partition(": ")[2]) for mark, words in found}

        assert {mark for mark, _ in lines().values()} == {"note"} and "never read in full yet" in lines()["sirup"][1]
        both.standin.rows = {("sirup", "14903"): searched(1, 3)}
        both.standin.cells["lelang"] = [tender(1)]
        both.pass_by(days=1)
        assert lines()["sirup"] == ("good", "last read in full 2026-11-23 19:17 UTC")
        both.standin.robots = True
        both.pass_by(days=2)
        mark, words = lines()["spse:samarindakota"]
        assert mark == "bad" and words.startswith("last read in full 2026-11-24") and words.endswith("UTC: antibot")
        found = list(database_findings(app.settings))
        assert [one.mark for one in found if one.what == "source"] == ["bad", "bad", "bad"]
    with watching(database, tmp_path) as none:
        told = none.world.read(lambda session: list(standing(session, none.world.app.settings, none.world.now)))
        assert told == [("note", UNSET)]


def state(both: Watch, n: int) -> list[str]:
    (shown,) = both.world.say("petugas", "sumber peluang")
    rows = shown.text.splitlines()[1:]
    assert len(rows) == n
    return rows


def test_a_site_among_several_has_a_button_of_its_own(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "spse") as spse:
        spse.world.officer("petugas")
        spse.standin.cells["lelang"] = [tender(number) for number in range(1, 4)]
        spse.all()
        spse.world.say("petugas", "sumber peluang")
        (one,) = spse.world.tap("petugas", "Lihat 1")
        assert one.text.startswith("Halaman paket SPSE samarindakota") and "Tidak terbaca: 3 (halaman paketnya tidak terbaca)" in one.text
        spse.world.say("petugas", "sumber peluang")
        (one,) = spse.world.tap("petugas", "Lihat 2")
        assert "Isinya: 3 dibaca, 3 baru" in one.text


def test_only_officers_see_them(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "sirup") as sirup:
        sirup.all()
        (heard,) = sirup.world.press("siti", "c:sources:sirup:0")
        assert "SiRUP" not in heard.text
