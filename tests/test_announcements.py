"""An announcement from the first word to the last reply."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select, update

from bot.channels.channel import Inbound
from bot.spread import add_recipients
from handlers.said import Said
from models.campaign import Campaign, fill
from models.contact import Officer
from models.outbox import Outgoing
from models.question import Question
from tests.vendors import add_person, add_vendor
from tests.world import World, text_of

TEXT = "Assalamualaikum Bapak/Ibu.\nSosialisasi katalog Kamis jam 9 di kantor Biro PBJ. Gratis, tanpa biaya. Sudah punya NIB?"


def write(
    world: World, text: str = TEXT, region: str = "semua", state: str = "Semua yang terdaftar", etalase: str = "Semua kelompok"
) -> str:
    """Up to the card."""
    world.say("petugas", "pengumuman")
    world.say("petugas", text)
    world.tap("petugas", "Tanpa gambar")
    if region:
        world.say("petugas", region)
    heard = world.tap("petugas", state)
    if etalase:
        heard = world.say("petugas", etalase)
    return text_of(heard)


def send(world: World, **more: str) -> str:
    write(world, **more)
    world.tap("petugas", "Kirim ke saya dulu")
    return text_of(world.press("petugas", card_button(world)))


def card_button(world: World) -> str:
    """The card is shown above the copy that came after it."""
    world.say("petugas", "menu")
    world.say("petugas", "lanjut")
    return world.button("petugas", "Kirim ke ")


def recipients(session: Session) -> list[Outgoing]:
    return list(session.exec(select(Outgoing).where(Outgoing.kind == "announcement").order_by(col(Outgoing.id))))


def campaign(session: Session) -> Campaign:
    return session.exec(select(Campaign)).one()


def test_from_the_text_to_the_phones(world: World) -> None:
    world.officer("petugas")
    for name, more in {"siti": {}, "wati": {"consent": False}, "edo": {"stopped": True}, "hilang": {"reachable": False}}.items():
        world.write(lambda session, name=name, more=more: add_vendor(session, name, **more))  # type: ignore[misc]
    card = write(world)
    assert "1 orang dikabari. Tidak dikabari: 1 berhenti dikabari, 1 belum minta dikabari, 1 tidak bisa dihubungi." in card
    assert "[Kirim ke saya dulu]" in card and "[Kirim ke 1 orang]" not in card
    shown, proof = world.tap("petugas", "Kirim ke saya dulu")
    assert "[Kirim ke 1 orang]" in text_of([shown])
    assert "mulai dikirim" in text_of(world.say("petugas", "kirim ke 1 orang"))
    heard = world.hears("siti")
    assert text_of(heard) == text_of([proof])
    assert text_of(heard) == f"*Pengumuman petugas Kalimantan Timur*\n\n{TEXT}\n\nTulis *berhenti* kalau tidak mau dikabari lagi."
    assert heard[0].category == "marketing"
    for name in ("wati", "edo"):
        assert world.hears(name) == []
    assert "Terkirim 1 dari 1. Selesai." in text_of(world.say("petugas", "progres"))
    assert world.read(lambda session: campaign(session).status) == "done"


def test_a_picture_goes_with_it_and_an_audience_is_picked(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_vendor(session, "budi", etalase="atk"))
    small_world.write(lambda session: add_vendor(session, "rina", status="SUBMITTED"))
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    small_world.say("petugas", "pengumuman")
    small_world.say("petugas", TEXT)
    small_world.photos("petugas", [7])
    small_world.say("petugas", "samarinda")
    small_world.tap("petugas", "Produk disetujui")
    small_world.tap("petugas", "Makanan & Minuman")
    card = small_world.tap("petugas", "Selesai")
    assert len(card[0].media) == 1
    assert "Untuk: Produk disetujui, Samarinda, Makanan & Minuman\n1 orang dikabari." in text_of(card)
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.press("petugas", card_button(small_world))
    assert len(small_world.hears("siti")[0].media) == 1
    assert [small_world.hears(name) for name in ("budi", "rina", "tono")] == [[], [], []]


def test_who_has_not_finished_can_be_told(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_person(session, "baru"))
    small_world.say("baru", "daftar")
    small_world.photos("baru", [1], "Amplang 25rb per bungkus")
    assert "1 orang dikabari" in write(small_world, state="Belum selesai", etalase="")


def test_nothing_goes_out_before_the_officer_has_seen_it(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    write(small_world)
    for words in ("send_all", "kirim", "ya", "kirim ke 1 orang", "kirim ke semua"):
        small_world.say("petugas", words)
    small_world.press("petugas", small_world.button("petugas", "Ubah").replace(":change", ":send_all"))
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []
    small_world.tap("petugas", "Kirim ke saya dulu")
    card_button(small_world)
    small_world.tap("petugas", "Ubah")
    small_world.tap("petugas", "Isi")
    changed = text_of(small_world.say("petugas", "Sosialisasi pindah ke hari Jumat jam 9."))
    assert "Kirim ke 1 orang" not in changed, "what was changed must be looked at again"
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Transfer Rp50.000 untuk ikut sosialisasi.", "terbaca seperti minta uang"),
        ("Siapkan nomor rekening masing-masing, ya.", "nomor rekening"),
        ("Kirim ke dana 0812 3456 7890 ya Bapak/Ibu.", "dompet pribadi"),
        ("Gabung https://chat.whatsapp.com/AbCd segera.", "Tautan WhatsApp"),
        ("Daftar di bit.ly/lapak sebelum Jumat.", "Tautan pendek"),
        ("Daftar di https://go.id.evil.com/daftar", "di luar yang diizinkan (go.id)"),
        ("Daftar di https://kaltimprov.gо.id ya", "huruf yang mirip"),
    ],
)
def test_what_may_not_be_announced_is_refused_with_the_reason(small_world: World, text: str, said: str) -> None:
    small_world.officer("petugas")
    small_world.say("petugas", "pengumuman")
    assert said in text_of(small_world.say("petugas", text))
    assert "Ada gambarnya" in text_of(small_world.say("petugas", TEXT))


def test_a_text_of_ten_letters_is_enough(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.say("petugas", "pengumuman")
    assert "minimal 10" in text_of(small_world.say("petugas", "Rapat jam"))
    assert "1000" in text_of(small_world.say("petugas", "Rapat " * 200))
    assert "Ada gambarnya" in text_of(small_world.say("petugas", "Rapat jam 9"))


def test_only_officers_announce_and_only_to_their_regions(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    for press in ("c:new_announcement:0:0", "c:progress:0:0", "c:announcement_stop:1:0", "c:announcement_self:0:0"):
        assert "hanya untuk petugas" in text_of(small_world.press("siti", press))
    small_world.officer("petugas")
    send(small_world)
    small_world.officer("samarinda", "64.72")
    for press in ("c:progress:1:0", "c:announcement_stop:1:0", "c:progress:x:0", "c:progress:99:0"):
        assert "hanya untuk petugas" in text_of(small_world.press("samarinda", press))
    assert "Belum ada pengumuman" in text_of(small_world.press("samarinda", "c:progress:0:0"))
    small_world.say("samarinda", "pengumuman")
    small_world.say("samarinda", TEXT)
    assert "Untuk siapa?" in text_of(small_world.tap("samarinda", "Tanpa gambar")), "there is only one place to choose"
    assert small_world.read(lambda session: campaign(session).status) == "running"


def test_an_office_that_is_gone_sends_nothing(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    write(small_world)
    small_world.tap("petugas", "Kirim ke saya dulu")
    press = card_button(small_world)

    def dismiss(session: Session) -> None:
        session.delete(session.exec(select(Officer)).one())

    small_world.write(dismiss)
    small_world.press("petugas", press)
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []


def test_confirmed_twice_at_once_it_goes_once(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    write(world)
    world.tap("petugas", "Kirim ke saya dulu")
    said = Said(kind="tap", press=card_button(world))

    async def both() -> None:
        await asyncio.gather(*(world.app.receive(world.channel, Inbound(f"twice{n}", "petugas", said)) for n in range(2)))

    world._run(both())
    assert world.read(lambda session: len(session.exec(select(Campaign)).all())) == 1
    assert len(world.hears("siti")) == 1


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
    assert "Terkirim 1 dari 3. Dibatalkan, sisanya tidak dikirim." in text_of(world.tap("petugas", "Batalkan"))
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
    assert "Terkirim 1 dari 3. Belum sampai 1 (diblokir 1). Masih berjalan." in text_of(small_world.say("petugas", "progres"))
    small_world.hears("v2")
    assert "Terkirim 2 dari 3. Belum sampai 1 (diblokir 1). Selesai." in text_of(small_world.say("petugas", "progres"))


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
