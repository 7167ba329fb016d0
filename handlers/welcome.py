"""The first meeting: who runs this, that it is free, consent, and how the person is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.dialogue import Form, Step
from handlers.papers import never
from handlers.pricelist.form import begin_list
from handlers.reading.answers import call_name, find_price, is_greeting, looks_like_list, looks_like_question, photo, yes
from handlers.reading.answers import text as words
from handlers.reading.telling import caption, first_words
from handlers.said import Facts, Reader, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, say
from models.contact import CONSENT_VERSION, give_consent
from models.conversation import Conversation


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    greeting = is_greeting(about.get("text", "")) or "hello"
    return {"named": bool(visit.person.call_name), "greeting": greeting, "asked_between": _asked_between(visit)}


def _asked_between(visit: Visit) -> bool:
    """Whether something was asked once the opening had been shown: under its answer the question alone is enough."""
    seen = visit.shown is not None and visit.shown.conversation_id is not None
    return seen and (visit.said.press.startswith("c:who:") or (not visit.said.press and looks_like_question(visit.said.text)))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Records the consent and goes on with what the person came for."""
    give_consent(visit.session, visit.person_id, "registration", CONSENT_VERSION, visit.address.channel, visit.now)
    if conversation.answers.get("name"):
        visit.person.call_name = conversation.answers["name"]
    about = conversation.about
    text = conversation.answers.get("list") or about.get("text", "")
    if looks_like_list(text):
        return begin_list(text).after(Message("welcome.hello_list"))
    photos = {"photos": conversation.answers["photos"]} if conversation.answers.get("photos") else {}
    said = {**first_words(text), **caption(conversation.answers.get("words") or "")}
    return Begin("product", {**photos, **said}, groups=tuple(conversation.groups), lead=Message("welcome.hello"))


def greeted(answers: Mapping[str, Any], facts: Facts) -> Params:
    """A greeting is answered as a greeting."""
    return {"hello": say(f"welcome.{facts['greeting']}_back")}


def trust_options(answers: Mapping[str, Any], facts: Facts) -> tuple[Option, ...]:
    return (Option("agree"), command("who"))


def _read_consent(said: Said, facts: Facts) -> str:
    """Any clear yes; nothing less is a consent."""
    if yes(said.text):
        return "agree"
    kept: dict[str, Any] = {}
    if looks_like_list(said.text):
        kept = {"list": said.text}
    elif first_words(said.text):
        kept = {"words": " ".join(said.text.split())}
    raise Rejected("welcome.agree_kept" if kept else "welcome.agree_first", also=kept)


def _read_list(said: Said, facts: Facts) -> str:
    return said.text


def _read_name(said: Said, facts: Facts) -> Any:
    """A product with its price, told too early, is kept for later."""
    if find_price(said.text)[0]:
        raise Rejected("welcome.noted", also={"words": " ".join(said.text.split())})
    return call_name.read(said, facts)


agreed = Reader(_read_consent, lambda value: value == "agree")
WELCOME = Form(
    "welcome",
    (
        Step("photos", photo, upto=5, when=never, texts="product.photos"),
        Step("words", words(1, 1000), when=never, texts="product.name"),
        Step("list", Reader(_read_list, lambda value: isinstance(value, str)), when=never, texts="product.name"),
        Step("consent", agreed, options=trust_options, params=greeted),
        Step("name", replace(call_name, read=_read_name), when=lambda answers, facts: not facts["named"]),
    ),
    facts=facts,
    finish=finish,
    caption=lambda said: {"words": " ".join(said.split())},
    collects=lambda conversation, said, facts: "photos",
)
FORMS = (WELCOME,)


def who(visit: Visit, subject: str, version: int) -> Outcome:
    """Siapa ini? Repeats who runs this and, where the office named one, the page that names this number."""
    return Aside(Message("welcome.who_page", {"page": visit.page}) if visit.page else Message("welcome.who"))


COMMANDS = {"who": who}
