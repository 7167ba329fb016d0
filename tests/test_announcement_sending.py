"""An announcement on its way: slices, nights, progress, cancelling, and the replies that come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select, update

from bot.spread import add_recipients
from models.campaign import Campaign, fill
from models.outbox import Outgoing
from models.question import Question
from tests.announcing import TEXT, campaign, recipients, send, write
from tests.vendors import add_vendor
from tests.world import World, text_of


def test_filling_adds_only_what_is_missing(world: World) -> None:
    world.officer("petugas")
    for n in range(7):
        world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]

    def begin(session: Session) -> int:
        made = Campaign(officer_id=1, text=TEXT, audience={"region": "64"}, message={"key": "announcement.body"}, total=7,
                        created_at=world.now)  # fmt: skip
        session.add(made)
        session.flush()
        return fill(session, made, world.now, 3)

    assert world.write(begin) == 3
    assert [world.write(lambda session: add_recipients(session, world.now, 3)) for _ in range(3)] == [3, 1, 0]

    def again(session: Session) -> int:
        campaign(session).filled_at = None
        session.execute(update(Outgoing).where(col(Outgoing.person_id) == recipients(session)[0].person_id).values(status="sent"))
        return fill(session, campaign(session), world.now, 3)

    assert world.write(again) == 0
    rows = world.read(recipients)
    assert len(rows) == len({row.person_id for row in rows}) == 7
    assert {row.message for row in rows} == {None}


def test_cancelled_in_the_middle(world: World) -> None:
    world.officer("petugas")
    for n in range(3):
        world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]
    send(world)
    assert len(world.hears("v0")) == 1
    assert "Terkirim 1 dari 3. Dibatalkan, 2 tidak dikirim." in text_of(world.tap("petugas", "Batalkan"))
    assert world.hears("v1") == [] and world.hears("v2") == []
    assert "Dibatalkan" in text_of(world.press("petugas", "c:announcement_stop:1:0"))
    assert world.write(lambda session: add_recipients(session, world.now)) == 0


def test_progress_counts_what_did_not_arrive(small_world: World) -> None:
    small_world.officer("petugas")
    for n in range(3):
        small_world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]
    send(small_world)
    small_world.hears("v0")

    def block(session: Session) -> None:
        row = recipients(session)[1]
        row.status, row.reason = "failed", "blocked"

    small_world.write(block)
    assert "Terkirim 1 dari 3. Belum sampai 1 (bot diblokir orangnya 1). Masih berjalan." in text_of(small_world.say("petugas", "progres"))
    small_world.hears("v2")
    assert "Terkirim 2 dari 3. Belum sampai 1 (bot diblokir orangnya 1). Selesai." in text_of(small_world.say("petugas", "progres"))


def test_at_night_it_waits_for_each_ones_morning(world: World) -> None:
    world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 21.00 WITA, 20.00 WIB
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: add_vendor(session, "jauh", zone="Asia/Jakarta"))
    assert "berangkat jam 07.00" in send(world)
    assert world.hears("siti") == []
    seven = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert world.read(lambda session: [row.due_at for row in recipients(session)]) == [seven, seven + timedelta(hours=1)]
    world.say("siti", "berhenti")
    world.later(hours=13)
    assert world.hears("siti") == []
    assert len(world.hears("jauh")) == 1


def test_replies_are_gathered_for_the_officer(world: World) -> None:
    world.officer("petugas")
    for n in range(5):
        world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]
    send(world)
    for n in range(5):
        world.hears(f"v{n}")

    def mark(session: Session) -> None:
        for row in recipients(session):
            row.external_id = f"n{row.person_id}"

    world.write(mark)
    people = world.read(lambda session: [row.person_id for row in recipients(session)])
    assert "teruskan ke petugas" in text_of(world.say("v0", "Saya hadir", quoted=f"n{people[0]}"))
    for n in range(1, 5):
        assert "Ini balasan untuk pengumuman tadi" in text_of(world.say(f"v{n}", f"Saya hadir berempat {n}"))
    for n in range(1, 4):
        world.tap(f"v{n}", "Ya, balasan")
    assert "Mau saya tanyakan" in text_of(world.tap("v4", "Bukan"))
    assert world.hears("petugas") == []
    world.later(minutes=11)
    heard = text_of(world.hears("petugas"))
    assert '4 balasan untuk "Assalamualaikum Bapak/Ibu. Sosialisasi' in heard and heard.count("menunggu dibaca") == 1
    inbox = text_of(world.tap("petugas", "Pertanyaan"))
    assert "4 balasan" in inbox and inbox.count("- Bu V") == 3 and "Saya hadir\n" not in inbox
    world.tap("petugas", "Jawab")
    assert "dikirim ke 4 orang" in text_of(world.say("petugas", "Terima kasih, sampai jumpa hari Kamis."))
    assert "Saya hadir berempat 1" in text_of(world.hears("v1"))
    assert "Tidak ada pertanyaan" in text_of(world.say("petugas", "pertanyaan"))


def test_an_hour_later_words_are_no_reply_any_more(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    send(small_world)
    small_world.hears("siti")
    small_world.later(minutes=61)
    assert "Ini balasan" not in text_of(small_world.say("siti", "Saya hadir berdua"))


def test_nobody_replies_to_what_they_did_not_get(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    send(small_world)
    small_world.hears("siti")
    small_world.say("siti", "Saya hadir berdua")
    yes = small_world.button("siti", "Ya, balasan")
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    assert "pesan lama" in text_of(small_world.press("tono", yes))
    assert "pesan lama" in text_of(small_world.press("siti", yes[:-1] + "9"))
    small_world.press("siti", yes)
    assert "pesan lama" in text_of(small_world.press("siti", yes))
    assert small_world.read(lambda session: session.exec(select(Question)).one().about) == "campaign:1"


def test_in_english(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.say("siti", "english")
    send(small_world)
    assert "Write *stop* to get no more" in text_of(small_world.hears("siti"))
    assert "[Turn on again]" in text_of(small_world.say("siti", "stop"))


def test_a_yes_sends_to_oneself_and_never_to_all(small_world: World) -> None:
    """Two words typed in a hurry must not reach thousands."""
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    write(small_world)
    assert "persis seperti yang nanti diterima" in text_of(small_world.say("petugas", "ya"))
    small_world.say("petugas", "lanjut")
    for word in ("ya", "kirim"):
        assert "[Kirim ke 1 orang]" in text_of(small_world.say("petugas", word))
    assert small_world.hears("siti") == []
    assert "mulai dikirim" in text_of(small_world.say("petugas", "kirim ke 1 orang"))
    assert "Sosialisasi katalog" in text_of(small_world.hears("siti"))


def test_the_own_announcements_are_found_however_many_others_there_are(world: World) -> None:
    world.officer("petugas", "64.72")

    def write_many(session: Session) -> None:
        for place in range(70):
            audience: dict[str, Any] = {"region": "64.72" if place == 0 else "64.74", "state": "all", "etalase": []}
            session.add(Campaign(officer_id=1, text=f"Kabar nomor {place}", audience=audience, status="done", created_at=world.now))

    world.write(write_many)
    assert "Kabar nomor 0" in text_of(world.say("petugas", "perkembangan"))
