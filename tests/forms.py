"""Small forms made for the tests, with their texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.dialogue import Form, Step
from handlers.reading.answers import choice, number, photo, price_with_unit, text
from handlers.reading.telling import caption
from handlers.said import Facts, Reader, Rejected, Said
from handlers.visit import Outcome, Visit
from messages import Message, Option
from models.conversation import Conversation
from tests.talk import Talk

COLOURS = tuple(f"warna{place}" for place in range(1, 24))
SPICES = tuple(f"bumbu{place}" for place in range(1, 13))


def no_facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    return {}


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    return Message("trial.finished", {"n": len(conversation.answers)})


def options(*ids: str) -> Any:
    return lambda answers, facts: [Option(id) for id in ids]


def labelled(ids: tuple[str, ...]) -> Any:
    """Buttons that carry their own words: "warna 3"."""
    return lambda answers, facts: [Option(id, id.replace("warna", "warna ").replace("bumbu", "bumbu ")) for id in ids]


def ticked(ids: tuple[str, ...]) -> Reader:
    def read(said: Said, facts: Facts) -> list[str]:
        raise Rejected("problem.choose")

    return Reader(read, lambda value: isinstance(value, list) and bool(value) and all(part in ids for part in value), ", ".join)


def trial(*steps: Step, name: str = "trial", **more: Any) -> Form:
    return Form(name, steps, facts=no_facts, finish=finish, **more)


PHOTOS = Step("photos", photo, upto=3)
NAME = Step("name", text(3, 50))
PRICE = Step("price", price_with_unit)
FRUIT = Step("fruit", choice("apel", "jeruk"), options=options("apel", "jeruk"))
AMOUNT = Step("amount", number(1, 1000))
NOTE = Step("note", text(3, 100), optional=True)
COLOUR = Step("colour", choice(*COLOURS), options=labelled(COLOURS))
SPICE = Step("spice", ticked(SPICES), options=labelled(SPICES), many=True)
CONFIRM = Step("confirm", choice("send"), options=options("send", "change"), summary=True)
TRIAL = trial(PHOTOS, NAME, PRICE, FRUIT, AMOUNT, NOTE, CONFIRM, caption=caption, title=lambda answers: answers.get("name") or "Percobaan")

FILLED = {"name": "Amplang", "price": {"amount": 25_000, "unit": "bungkus"}, "fruit": "apel", "amount": 20, "note": None}

TEXTS = {
    "trial.finished": "Selesai, {n} jawaban.",
    "drafts.title_trial": "Percobaan",
    "drafts.title_other": "Yang lain",
    "option.apel": "Apel",
    "option.jeruk": "Jeruk",
    "trial.amount.help": "Bantuan untuk jumlah.",
    "trial.price.heard": "{value}, siap.",
    **{
        f"{form}.{key}.{part}": f"{key}?" if part == "ask" else key.title()
        for form in ("trial", "other")
        for key in ("photos", "name", "price", "fruit", "amount", "note", "colour", "spice", "confirm", "extra", "renamed")
        for part in ("ask", "label")
    },
}


def opened(talk: Talk, *steps: Step, **answers: object) -> Talk:
    """A conversation of these steps and a card, with what is answered already."""
    talk.forms["trial"] = trial(*steps, CONFIRM)
    talk.begin("trial", answers=answers)
    return talk


def asks(talk: Talk, key: str) -> bool:
    """Whether the question shown last is this one."""
    return talk.last["siti"].text.endswith(f"{key}?")
