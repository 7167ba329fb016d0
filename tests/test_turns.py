"""A message on its way through the whole process: repeats, bugs, pictures that are waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.inbox import Scene
from handlers import topics
from handlers.announcements import card
from handlers.said import Said
from handlers.visit import Outcome, Uncounted, Visit
from messages import Message
from models.audience import Audience, Tally, tally
from models.contact import Person
from models.conversation import Conversation
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing
from models.post import reply
from models.tick import Tick
from tests.talk import Talk
from tests.world import World, text_of


def test_a_bug_is_answered_kept_and_left_behind(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(visit: Visit, subject: str, version: int) -> Outcome:
        raise RuntimeError("a bug")

    small_world.say("siti", "halo")
    monkeypatch.setitem(topics.COMMANDS, "who", broken)
    assert "gangguan" in text_of(small_world.say("siti", "siapa ini"))
    monkeypatch.undo()
    letter = small_world.read(lambda session: session.exec(select(DeadLetter)).one())
    assert "RuntimeError" in letter.error and letter.said["text"] == "siapa ini"
    small_world.say("siti", "setuju")
    assert small_world.read(lambda session: session.exec(select(Received).where(Received.status == "failed")).all())
    assert "panggil" in text_of([small_world.last["siti"]])


def test_an_answer_that_waits_gives_way_to_the_next_of_its_conversation_only(talk: Talk) -> None:
    talk.meet()
    wait, address = timedelta(seconds=2), talk.address("siti")

    def queue(key: str, conversation: int | None, settles: bool) -> list[tuple[str, bool]]:
        due = talk.now + (wait if settles else timedelta(0))
        reply(talk.session, address, Message(key), talk.now, due, conversation_id=conversation, settles=settles)
        rows = talk.session.exec(select(Outgoing).where(Outgoing.status == "queued").order_by(col(Outgoing.id))).all()
        return [(row.message["key"] if row.message else "", row.due_at > talk.now) for row in rows]

    assert queue("first", 1, True) == [("first", True)]
    assert queue("second", 1, True) == [("second", True)]
    assert queue("common.apology", None, False) == [("second", False), ("common.apology", False)]
    assert queue("third", 1, True)[-1] == ("third", True)
    assert queue("of another", 2, False) == [("second", False), ("common.apology", False), ("third", False), ("of another", False)]


def test_a_repeat_ends_at_the_door(small_world: World) -> None:
    first = Inbound("same", "siti", Said(text="halo"))
    assert len(small_world.hand(first)) == 1
    assert small_world.hand(first) == []
    assert small_world.read(lambda session: len(session.exec(select(Outgoing)).all())) == 1


def test_an_album_before_the_consent_is_not_lost(small_world: World) -> None:
    small_world.photos("siti", [1, 2, 3], "Amplang ikan tenggiri 25rb per bungkus")
    small_world.say("siti", "setuju")
    small_world.say("siti", "Bu Siti")
    kept = small_world.read(lambda session: session.exec(select(Conversation).where(Conversation.form == "product")).one())
    assert len(kept.answers["photos"]) == 3
    assert kept.answers["name"] == "Amplang ikan tenggiri"


def test_a_text_behind_a_picture_waits_for_it(small_world: World) -> None:
    small_world.say("siti", "halo")
    small_world.say("siti", "setuju")
    small_world.say("siti", "Bu Siti")
    small_world.photos("siti", [1])
    small_world.say("siti", "Amplang ikan")
    person = small_world.read(lambda session: session.exec(select(Person)).one())
    answers = small_world.read(lambda session: session.exec(select(Conversation).where(Conversation.current)).one()).answers
    assert person.call_name == "Bu Siti" and answers["name"] == "Amplang ikan" and len(answers["photos"]) == 1


def test_characters_that_a_database_refuses_are_dropped_at_the_door(world: World) -> None:
    world.say("siti", "halo\x00")
    world.say("siti", "setuju\ud83d")
    assert "gangguan" not in text_of(world.say("siti", "Bu Si\x00ti\udc00"))
    assert world.read(lambda session: session.exec(select(Person)).one()).call_name == "Bu Siti"


def test_what_takes_long_is_counted_beside_the_turn(small_world: World) -> None:
    def ticks(session: Session) -> int:
        return int(session.exec(select(func.count()).select_from(Tick)).one())

    def turn(session: Session, scene: Scene) -> tuple[int, int]:
        session.add(Tick(job="played", due_at=small_world.now, taken_at=small_world.now))
        session.flush()
        assert scene.counts is not None
        if "ticks" not in scene.counts:
            raise Uncounted("ticks", ticks)
        return scene.counts["ticks"], ticks(session)

    # The count saw nothing of the first play, of which nothing is left after the second.
    assert small_world.do(small_world.app.play(turn)) == (0, 1)
    assert small_world.read(ticks) == 1


def test_an_announcement_is_counted_on_the_reader(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[bool] = []

    def counting(session: Session, audience: Audience) -> Tally:
        counted.append(session.get_bind() is small_world.app.store.reader)
        return tally(session, audience)

    monkeypatch.setattr(card, "tally", counting)
    small_world.officer("kepala", "64.72")
    for words in ("pengumuman", "Sosialisasi katalog Kamis jam 9. Gratis.", "tanpa gambar", "semua yang terdaftar", "semua kelompok"):
        heard = small_world.say("kepala", words)
    assert "Kirim ke saya dulu" in text_of(heard)
    assert counted and all(counted)
