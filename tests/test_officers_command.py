"""An office is given and taken back; whoever holds it no more sees nothing, by no door."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.channels.channel import Inbound
from bot.ownership import Complaint
from handlers.office.officers import dismiss
from handlers.said import Said
from handlers.topics import COMMANDS
from models.contact import Address, invite
from models.outbox import Outgoing
from tests.calling import type_call
from tests.reviewing import open_card, statuses, stock
from tests.test_commands import ask, settings_in, talk
from tests.world import World, text_of


def test_an_office_is_taken_back_by_command(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ask(settings, "/officers", address="terminal:dewi", region="64.72")
    with pytest.raises(Complaint, match="no officer of Bontang"):
        ask(settings, "/officers", method="DELETE", address="terminal:dewi", region="64.74")
    with pytest.raises(Complaint, match="looks like"):
        ask(settings, "/officers", method="DELETE", address="dewi", region="64.72")
    assert ask(settings, "/officers", method="DELETE", address="terminal:dewi", region="64.72") == {"name": "Samarinda"}
    assert ask(settings, "/officers")["officers"] == []
    assert "Menu petugas" not in "".join(talk(settings, "menu", name="dewi"))


def test_the_own_link_opened_twice_is_no_harm(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    code = ask(settings, "/invitations", region="64.74")["code"]
    for _ in range(2):
        assert "petugas untuk Bontang" in talk(settings, f"/start {code}", name="dewi")[1]
    ask(settings, "/officers", method="DELETE", address="terminal:dewi", region="64.74")
    assert "sudah pernah dipakai" in talk(settings, f"/start {code}", name="dewi")[1]


def test_a_new_officer_is_asked_for_a_name_and_told_the_words(small_world: World) -> None:
    world = small_world
    world.write(lambda session: invite(session, "abc", "64.72", world.now))
    heard = text_of(world.hand(Inbound("l1", "dewi", Said(kind="start", start="o_abc"))))
    assert "petugas untuk Samarinda" in heard and heard.endswith("Saya panggil siapa? Contoh: Bu Siti")
    stock(world, "siti", "Amplang")
    assert "Senang kenal, Bu Dewi. Tulis *antrean*" in text_of(world.say("dewi", "bu dewi"))
    assert "Mulai dari mana, Bu Dewi?" in text_of(world.say("dewi", "antrean"))
    assert "*rekap*" in text_of(world.say("dewi", "bantuan"))


def end(world: World, name: str) -> None:
    def write(session: Session) -> bool:
        person = session.exec(select(Address.person_id).where(Address.address == name)).one()
        return dismiss(session, person, "64.72", world.now)

    assert world.write(write)


@pytest.mark.parametrize("opened", ["list", "fix", "reject", "answer", "call", "announcement"])
def test_who_is_no_officer_any_more_sees_and_does_nothing(small_world: World, opened: str) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang rahasia")
    world.press("siti", "c:ask_officer:0:0")
    world.say("siti", "Pertanyaan rahasia saya, boleh?")
    world.hears("petugas")
    if opened == "list":
        world.press("petugas", "c:queue:clean:0")
    elif opened in ("fix", "reject"):
        open_card(world, "petugas", 1)
        world.tap("petugas", "Tolak" if opened == "reject" else "Perlu perbaikan")
    elif opened == "answer":
        world.press("petugas", "c:answer:1:0")
    elif opened == "call":
        type_call(world, region="")
    else:
        world.say("petugas", "pengumuman")
    end(world, "petugas")
    for text in ("antrean", "1", "setujui 1", "cari siti", "rekap", "urungkan", "peluang", "perkembangan", "pertanyaan", "lanjut", "ya"):
        heard = text_of(world.say("petugas", text))
        assert heard and "rahasia" not in heard and "Dapur Siti" not in heard and "gangguan" not in heard
    for name in sorted(COMMANDS):
        assert "Dapur Siti" not in text_of(world.press("petugas", f"c:{name}:1:1"))
    world.later(minutes=5)
    assert statuses(world) == ["SUBMITTED"] and world.hears("siti") == []


def test_what_waits_for_the_morning_does_not_reach_who_has_left(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang rahasia")
    small_world.later(hours=11)
    small_world.press("siti", "c:ask_officer:0:0")
    small_world.say("siti", "Pertanyaan rahasia saya, boleh?")
    end(small_world, "petugas")
    small_world.later(hours=12)
    assert small_world.hears("petugas") == []
    assert "cancelled" in small_world.read(lambda session: list(session.exec(select(Outgoing.status))))
