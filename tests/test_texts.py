"""Every text in both languages: the same keys and placeholders, the voice, and a length that fits where it is shown."""

from __future__ import annotations

import re
import string
from itertools import groupby
from pathlib import Path

import pytest

from handlers import topics
from handlers.dialogue import Form, Step
from handlers.menu import OFFICER, VENDOR
from handlers.questions import FIXED
from handlers.shortcuts import WORDS
from messages import Message, Voice, locales, render, words
from messages.catalogue import _flat, _tables, texts

STEPS = [pytest.param(form, step, id=f"{form.name}.{step.key}") for form in topics.FORMS.values() for step in form.steps]
TOPICS = {topic: sorted(keys) for topic, keys in groupby(sorted(texts("id")), lambda key: key.partition(".")[0])}
"""The keys by their first word: a test for each of thousands costs more than what it looks at."""
CARDS = {"product.confirm.ask"}
"""Texts that show a whole form."""
BLAME = {
    "id": re.compile(r"(?<!\w)(?:salah(?! satu)|tidak valid|error|kamu)(?!\w)", re.I),
    "en": re.compile(r"(?<!\w)(?:invalid|error|mistake|wrong(?! on our side))(?!\w)", re.I),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    assert locales() == ("en", "id")
    assert set(texts("id")) == set(texts("en"))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_text_has_the_same_placeholders_in_both_languages(topic: str) -> None:
    for key in TOPICS[topic]:
        # An address may be left out where a language does without it.
        assert placeholders(texts("id")[key]) - {"you"} == placeholders(texts("en").get(key, "")) - {"you"}, key


def test_both_languages_know_the_same_lists_of_words() -> None:
    lists = [{key for key, value in _flat(_tables(locale)) if isinstance(value, list)} for locale in locales()]
    assert lists[0] == lists[1]


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_text_can_be_said(topic: str, locale: str) -> None:
    for key in TOPICS[topic]:
        template = texts(locale)[key]
        assert template.count("*") % 2 == 0, f"emphasis of {key} is not closed"
        assert not BLAME[locale].search(template), f"a mistake is ours in {key}"
        rendered = render(Message(key, {name: 7 for name in placeholders(template) if name != "you"}), Voice(locale, you="Bu Siti"))
        assert 0 < len(rendered.text) <= 4096, key
        assert "{" not in rendered.text, key


@pytest.mark.parametrize("locale", ["id", "en"])
def test_questions_are_short(locale: str) -> None:
    asked = {form.text(step, "ask") for form in topics.FORMS.values() for step in form.steps if not step.summary} - CARDS
    assert [key for key in sorted(asked) if len(texts(locale)[key]) > 340] == []


@pytest.mark.parametrize("locale", ["id", "en"])
def test_buttons_fit(locale: str) -> None:
    labels = {key: text for key, text in texts(locale).items() if key.startswith("option.")}
    assert {key: text for key, text in labels.items() if len(text) > 20} == {}


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize(("form", "step"), STEPS)
def test_a_step_has_its_texts(form: Form, step: Step, locale: str) -> None:
    parts = ("ask",) if step.summary else ("ask", "label")
    assert [form.text(step, part) for part in parts if form.text(step, part) not in texts(locale)] == []


def test_a_draft_has_a_title() -> None:
    assert [name for name, form in topics.FORMS.items() if not form.title and f"drafts.title_{name}" not in texts("id")] == []


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_fixed_answer_is_found_by_words(locale: str) -> None:
    assert [name for name in FIXED if not words(f"asks_{name}", locale)] == []


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("name", [name for name in WORDS if name != "restart"])
def test_a_word_that_works_everywhere_is_listed(name: str, locale: str) -> None:
    assert words(name, locale)


@pytest.mark.parametrize("name", sorted({*WORDS, *(button.id for button in (*VENDOR, *OFFICER))}))
def test_a_word_or_a_menu_button_has_a_handler(name: str) -> None:
    assert name in topics.COMMANDS


@pytest.mark.parametrize("name", sorted({button.id for button in (*VENDOR, *OFFICER) if not button.label}))
def test_a_menu_button_has_a_label(name: str) -> None:
    assert all(f"option.{name}" in texts(locale) for locale in locales())


def test_every_command_that_is_offered_has_a_handler_and_a_label() -> None:
    """Commands are written as `command("name", ...)`; without a label of its own a button is worded as `option.<name>`."""
    offered = commands_in_code()
    assert sorted(offered - set(topics.COMMANDS)) == []


def commands_in_code() -> set[str]:
    code = "\n".join(file.read_text(encoding="utf-8") for file in Path(topics.__file__).parent.glob("*.py"))
    return set(re.findall(r'(?<!\w)command\(\s*"(\w+)"', code))
