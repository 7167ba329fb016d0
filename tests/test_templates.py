"""The templates: each keeps the platform's rules in both languages, and says what the chat would have said."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.templates import every, markdown, payload, show
from bot.settings import Settings
from handlers import topics
from handlers.visit import command
from messages import Message, Option, Voice, lines, locales, render, say
from messages.catalogue import texts
from messages.folding import cut, folded, shared
from messages.pushed import NAMED, PUSHED, TABLE, Pushed
from messages.template_rules import broken
from messages.templates import BODY, ROOM, body, filled, labels, sample_voice, samples, templated

ALL = [pytest.param(one, locale, id=f"{one.name}-{locale}") for one, locale in every()]
AS_SAID = [(one, locale) for one, locale in every() if f"template.{one.name}" not in texts("id")]
"""Those whose text is the chat's own."""
ONE = Pushed("question.reply", "utility", {"question": "Boleh?", "answer": "Boleh"})


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - {"you"}


def of(one: Pushed, **more: Any) -> Message:
    """The message that a template's sample stands for, with buttons as the conversations make them."""
    options = tuple(Option(option.id, option.label, press=option.press or f"c:{option.id}:7:3") for option in one.buttons)
    return Message(one.key, {**one.sample, **more}, options)


@pytest.mark.parametrize(("one", "locale"), ALL)
def test_a_template_can_be_submitted(one: Pushed, locale: str) -> None:
    assert broken(one, locale) == []
    made = body(one, locale)
    # Looked at once more without the rules' own code: nothing but signs before the first variable or after the last is refused.
    assert not re.match(r"[^\w{]*\{\{", made.text)
    assert not re.search(r"\}\}[^\w}]*$", made.text)
    assert len(samples(one, locale)) == len(made.variables)
    assert "{{" not in filled(made.text, samples(one, locale))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{answer} itu jawaban petugas untuk {question} dari kami.", "it begins with a variable"),
        ("*{answer}* itu jawaban petugas untuk {question} dari kami.", "it begins with a variable"),
        ("Jawaban petugas untuk pertanyaan {question} yaitu {answer}.", "it ends with a variable"),
        ("Petugas menjawab *{question}*\n\n{answer} dan salam dari kami.", "two variables stand side by side"),
        ("Jawaban {question}: {answer} ya.", "2 variables are too many for 2 words"),
        ("Jawaban untuk {question} " + "panjang " * 60 + "yaitu {answer} ya.", "it is too long"),
        ("Jawaban untuk {question}\n\n\nyaitu {answer} begitu ya.", "it has a tab"),
    ],
)
def test_what_whatsapp_would_refuse_is_found(text: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(texts("id"), "template.question_reply", text)
    found = broken(ONE, "id")
    assert len(found) == 1
    assert found[0].startswith(fault) or ("leave no 600" in found[0] and fault == "it is too long")


def test_a_button_that_does_not_fit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(texts("id"), "option.whole", "Baca semuanya sampai selesai")
    assert any("longer than 25" in fault for fault in broken(PUSHED["question.reply"], "id"))
    monkeypatch.setitem(texts("id"), "option.whole", texts("id")["option.ask_officer"])
    assert any("the same label" in fault for fault in broken(PUSHED["question.reply"], "id"))


def test_a_key_is_of_one_category_and_a_name_of_one_key() -> None:
    assert len(PUSHED) == len(NAMED) == len(TABLE)
    assert {one.name for one in TABLE if one.category == "marketing"} == {
        "call_new", "call_digest", "call_nearest", "call_changed", "call_off", "call_opened", "announcement_body",
    }  # fmt: skip


@pytest.mark.parametrize("one", [one for one in TABLE if one.category == "utility"], ids=lambda one: one.name)
def test_a_text_of_utility_offers_nothing(one: Pushed) -> None:
    """An opportunity, an invitation or a word of stopping in it would make WhatsApp count it as marketing."""
    said = body(one, "id").text.lower()
    assert not re.search(r"berminat|tertarik|diundang|gratis|ikuti|daftarkan|\*berhenti\*", said)
    assert not {"register", "call_yes"} & {option.id for option in one.buttons}


def test_a_message_that_calls_itself_marketing_goes_with_no_template_of_utility() -> None:
    said = of(PUSHED["question.reply"])
    assert templated(said, Voice()) is not None
    assert templated(Message(said.key, said.params, said.options, category="marketing"), Voice()) is None


def test_another_wording_stands_only_where_the_chats_own_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {key.removeprefix("template.") for key in texts("id") if key.startswith("template.")} - {"empty"}
    assert own <= set(NAMED)
    for name in own:
        key = NAMED[name].key
        for locale in locales():
            assert placeholders(texts(locale)[f"template.{name}"]) == placeholders(texts(locale)[key]), name
            monkeypatch.delitem(texts(locale), f"template.{name}")
        assert any(broken(NAMED[name], locale) for locale in locales()), f"{name} needs no other wording"


@pytest.mark.parametrize(("one", "locale"), AS_SAID)
def test_without_another_wording_it_says_what_the_chat_says(one: Pushed, locale: str) -> None:
    sent = templated(of(one), sample_voice(locale))
    assert sent is not None
    said = filled(body(one, locale).text, sent.values).replace("*", "")
    assert folded(said) == folded(render(of(one), sample_voice(locale)).text.replace("\n- ", "\n"))


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.name)
def test_what_is_sent_has_the_buttons_that_were_submitted(one: Pushed) -> None:
    sent = templated(of(one), Voice("en", you="Bu Siti"))
    assert sent is not None
    assert (sent.name, sent.locale, sent.category) == (one.name, "en", one.category)
    assert tuple(button.label for button in sent.buttons) == labels(one, "en")
    for button, option in zip(sent.buttons, one.buttons, strict=True):
        assert button.press == (option.press or f"c:{option.id}:7:3")
        assert button.press.split(":")[1] in topics.COMMANDS
        if option.press:
            assert option.press == command(option.id).press


def test_a_message_without_a_template_can_only_wait() -> None:
    said = of(PUSHED["decision.fix"])
    assert templated(said, Voice()) is not None
    assert templated(Message("product.name.ask"), Voice()) is None
    assert templated(said.after(Message("common.still_open")), Voice()) is None, "what is said before would be lost"
    assert templated(Message(said.key, said.params), Voice()) is None, "a button it shows would lead nowhere"


def test_somebody_with_another_language_gets_indonesian() -> None:
    sent = templated(of(PUSHED["review.waiting"]), Voice("fr"))
    assert sent is not None
    assert sent.locale == "id"


def test_a_call_without_budget_and_link_says_so() -> None:
    sent = templated(of(PUSHED["call.new"], budget="", link=""), sample_voice("id"))
    assert sent is not None
    said = filled(body(PUSHED["call.new"], "id").text, sent.values)
    assert "Anggaran: tidak disebut." in said
    assert "Tautan resmi: tidak disebut\n" in said
    full = templated(of(PUSHED["call.new"]), sample_voice("id"))
    assert full is not None
    assert {"Rp18.500.000", "https://sirup.lkpp.go.id/sirup/home"} <= set(full.values)


def test_lines_become_one() -> None:
    assert folded("- satu\n- dua\n\nTiga:\n\tempat     lima") == "satu; dua; Tiga: empat lima"
    sent = templated(of(PUSHED["decision.fix"], list=lines(say("decision.point", reason=word) for word in ("foto", "harga"))), Voice())
    assert sent is not None
    assert sent.values[-1] == "foto; harga"


def test_the_longest_gives_way_between_two_words_and_no_link_is_halved() -> None:
    assert shared(["pendek", "kata " * 200], 100) == ("pendek", ("kata " * 18).strip() + "…")
    assert shared(["a" * 30, "b" * 30], 60) == ("a" * 30, "b" * 30)
    assert cut("lihat https://sirup.lkpp.go.id/sirup/home", 20) == "lihat…"
    assert cut("https://sirup.lkpp.go.id/sirup/home", 20) == ""
    assert cut("a" * 30, 10) == "a" * 9 + "…"


@given(st.text(max_size=1500), st.text(max_size=1500), st.sampled_from(["id", "en"]))
def test_whatever_people_write_is_a_value_that_whatsapp_takes(question: str, answer: str, locale: str) -> None:
    sent = templated(of(PUSHED["question.reply"], question=question, answer=answer), Voice(locale))
    assert sent is not None
    assert all(value and not re.search(r"[\n\t\r]| {4}", value) for value in sent.values)
    assert sum(map(len, sent.values)) <= ROOM + 20
    assert len(filled(body(PUSHED["question.reply"], locale).text, sent.values)) <= BODY


def test_the_page_is_what_the_command_prints() -> None:
    page = Path(__file__).parent.parent / "docs" / "templates.md"
    assert page.read_text(encoding="utf-8") == markdown(), "./run templates --markdown > docs/templates.md"


def test_what_is_submitted_is_complete() -> None:
    made = payload(PUSHED["decision.fix"], "id")
    assert (made["name"], made["language"], made["category"]) == ("decision_fix", "id", "UTILITY")
    text, buttons = made["components"]
    assert text["text"].startswith("Hampir selesai, {{1}}. Petugas minta {{2}} hal untuk *{{3}}*:\n{{4}}")
    assert len(text["example"]["body_text"][0]) == 4
    assert buttons["buttons"] == [{"type": "QUICK_REPLY", "text": "Perbaiki sekarang"}, {"type": "QUICK_REPLY", "text": "Tanya petugas"}]


def test_the_command_fails_where_a_rule_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/none.db", media_dir=tmp_path)  # type: ignore[call-arg]
    assert show(settings, "json") == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 2 * len(TABLE)
    monkeypatch.setitem(texts("id"), "template.review_waiting", "{n} produk menunggu diperiksa.")
    assert show(settings, "json") == 1
    assert "review_waiting (id): it begins with a variable" in capsys.readouterr().err
