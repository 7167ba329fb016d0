"""Which form or command a message belongs to: words that work everywhere, buttons of others, officers and owners."""

from __future__ import annotations

import pytest

from handlers.dialogue import Form, Step
from handlers.visit import Outcome, Visit, command
from messages import Message
from messages.catalogue import texts
from models.conversation import Conversation, drafts_of
from tests.forms import CONFIRM, FRUIT, NAME, NOTE, PRICE, options, trial
from tests.talk import Talk


@pytest.fixture
def talk(talk: Talk) -> Talk:
    talk.forms["trial"] = trial(NAME, PRICE, NOTE, CONFIRM)
    return talk


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
