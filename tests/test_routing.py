"""Which form or command a message belongs to: words that work everywhere, buttons of others, officers and owners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.channels.channel import Inbound
from handlers import topics
from handlers.dialogue import Form, Step
from handlers.said import Said
from handlers.visit import Outcome, Visit, command
from messages import Message
from messages.catalogue import texts
from models.contact import Person
from models.conversation import Conversation, drafts_of
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing
from models.post import reply
from tests.forms import CONFIRM, FRUIT, NAME, NOTE, PRICE, TEXTS, options, trial
from tests.talk import Talk
from tests.world import World, text_of


@pytest.fixture(autouse=True)
def _texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for locale in ("id", "en"):
        for key, worded in TEXTS.items():
            monkeypatch.setitem(texts(locale), key, worded)


@pytest.fixture
def talk() -> Iterator[Talk]:
    with Talk(trial(NAME, PRICE, NOTE, CONFIRM)) as made:
        yield made


@pytest.mark.parametrize("word", ["menu", "Menu", "MENU!", "/menu", "mnu", "menu ya bu", "menuuu", "main menu"])
def test_menu_keeps_the_draft(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    heard = talk.say(word)
    assert "Sudah tersimpan" in heard.text and talk.current() is None
    assert talk.labels()[0] == "Lanjutkan"


@pytest.mark.parametrize("word", ["batal", "Batal.", "batalkan", "gak jadi", "cancel", "batal ya bu"])
def test_cancel(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    assert "lanjut" in talk.say(word).text and talk.current() is None


@pytest.mark.parametrize("word", ["kembali", "kmbali", "balik", "back", "Kembali!"])
def test_back(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    talk.say(word)
    assert talk.labels() == ["Tetap Amplang"]


@pytest.mark.parametrize("word", ["ubah", "ganti", "ralat", "edit", "ubah ya", "change"])
def test_change(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    assert "Bagian mana" in talk.say(word).text


@pytest.mark.parametrize("word", ["bantuan", "tolong", "help", "Bantu dong"])
def test_help(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    assert talk.say(word).text.endswith("price?")


@pytest.mark.parametrize("word", ["berhenti", "STOP", "stop.", "unsubscribe", "henti"])
def test_stop_in_the_middle_keeps_the_question(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    heard = talk.say(word)
    assert "sudah dihentikan" in heard.text and heard.text.endswith("price?")
    assert talk.meet().stopped_at is not None
    talk.say("kabari")
    assert talk.meet().stopped_at is None and talk.answers == {"name": "Amplang"}


@pytest.mark.parametrize("word", ["lanjut", "lnjut", "lanjut aja", "terus", "continue", "lanjutkan pak"])
def test_go_on(talk: Talk, word: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    talk.say("batal")
    assert talk.say(word).text == "price?"


def test_change_outside_a_conversation_leads_to_the_draft(talk: Talk) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    talk.say("batal")
    assert "Bagian mana" in talk.say("ubah").text
    talk.tap("Name")
    assert talk.labels() == ["Tetap Amplang"]


EVERYWHERE = (
    "menu", "kembali", "ubah", "batal", "bantuan", "berhenti", "lanjut", "kabari", "siapa ini", "bahasa", "daftar", "mulai", "produk saya",
)  # fmt: skip


@pytest.mark.parametrize("word", EVERYWHERE)
def test_every_word_is_answered_where_nothing_is_open(talk: Talk, word: str) -> None:
    talk.meet()
    assert talk.say(word).text
    assert "pesan lama" not in talk.last["siti"].text


def test_a_language_is_changed_in_the_middle(talk: Talk) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    assert "English" in talk.say("english").text and talk.meet().locale == "en"
    talk.say("keep going")
    talk.say("back")
    assert talk.labels() == ["Keep Amplang"]
    assert "Indonesia" in talk.say("bahasa").text


def test_a_word_that_is_a_button_of_the_question_is_that_button(talk: Talk) -> None:
    go = Step("fruit", FRUIT.reader, options=options("apel", "jeruk"))
    talk.forms["trial"] = trial(go, NAME, CONFIRM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(texts("id"), "option.jeruk", "Lanjut")
        talk.begin("trial")
        talk.say("lanjut")
    assert talk.answers == {"fruit": "jeruk"}


FORGED = (
    "c:nonsense", "c:", "c:::::", "c:draft_go:0:0", "c:draft_delete:abc:1", f"c:draft_delete:{10**40}:1",
    f"c:go:0:{10**40}", "c:answer:99:0", "c:question_send:77:0", "c:is_answer:1:0", "x", "a:", "c:\u0663:\u0663:\u0663",
)  # fmt: skip


@pytest.mark.parametrize("press", FORGED)
def test_an_unknown_button_is_answered_kindly(talk: Talk, press: str) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    assert talk.press(press)
    assert talk.answers == {"name": "Amplang"}
    talk.say("batal")
    assert talk.press(press)


def test_nobody_reaches_the_conversation_of_another(talk: Talk) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    theirs = talk.opened
    old = [f"a:{theirs}:0:price:keep", f"a:{theirs}:1:price:o1", f"c:draft_delete:{theirs}:1", f"c:draft_go:{theirs}:0",
           f"c:draft_edit:{theirs}:0", f"c:is_answer:{theirs}:0", f"c:is_question:{theirs}:0"]  # fmt: skip
    for press in old:
        heard = talk.press(press, "rina")
        assert heard and "Amplang" not in heard.text
        assert drafts_of(talk.session, talk.meet("rina").id or 0) == []
    assert talk.answers == {"name": "Amplang"}


def test_an_owner_is_no_officer(talk: Talk) -> None:
    talk.meet()
    for name in ("queue", "inbox", "new_call", "new_announcement", "answer"):
        heard = talk.press(f"c:{name}:1:0")
        assert heard and "petugas" in heard.text.casefold(), name


def test_an_officer_sees_another_menu_and_is_not_asked_for_consent(talk: Talk) -> None:
    talk.meet("petugas", office="64", consent=False)
    assert "Menu petugas" in talk.say("halo", "petugas").text


def test_a_first_message_asks_for_consent_and_keeps_what_it_said(talk: Talk) -> None:
    talk.meet(consent=False)
    assert "Setuju" in talk.say("mau daftar amplang ikan").text
    talk.say("setuju")
    assert talk.answers["name"].casefold() == "amplang ikan"


def test_numbers_mean_the_buttons_that_were_seen_last(talk: Talk) -> None:
    talk.begin("trial", answers={"name": "Amplang"})
    talk.say("batal")
    assert talk.labels()[0] == "Lanjutkan"
    talk.say("1")
    assert talk.answers == {"name": "Amplang"} and talk.last["siti"].text == "price?"


def test_wanting_to_register_twice_makes_one_draft(talk: Talk) -> None:
    talk.meet()
    for _ in range(3):
        talk.say("daftar")
    assert len(drafts_of(talk.session, talk.meet().id or 0)) == 1


def test_the_button_daftar_produk_can_be_typed(talk: Talk) -> None:
    talk.meet()
    talk.say("menu")
    assert "Daftar produk" in talk.labels()
    talk.say("Daftar produk")
    current = talk.current()
    assert current and current.form == "product"


def test_a_form_without_any_question_left_still_says_what_came_before(talk: Talk) -> None:
    def finish(visit: Visit, conversation: Conversation) -> Outcome:
        return Message("trial.finished", {"n": 0}, (command("menu"),))

    talk.forms["trial"] = Form("trial", (), facts=lambda visit, about: {}, finish=finish)
    talk.begin("trial")
    assert talk.last["siti"].text == "Selesai, 0 jawaban."


# What follows runs through the whole process, on the database and its queue.


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
