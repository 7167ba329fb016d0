"""A price list pasted or typed: read at once, doubts settled by number, capacity and lead once for all, photos by number, one sending."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.business import ASKED, TOLD, nib_of
from handlers.dialogue import Answers, Form, Step
from handlers.drafts import close
from handlers.papers import KBLI_CODES, PAPERS, likely_kbli
from handlers.pricelist.checking import CHECKING
from handlers.pricelist.details import descriptions, details_params, details_wanted, licence_params, licence_wanted, licences
from handlers.pricelist.lines import MOST, item_of, lines_of
from handlers.pricelist.photos import collects, photo_wanted, ready
from handlers.pricelist.sending import send, sendable, shown_rows, waiting_rows
from handlers.product import chosen_one, none_yet, sends, which_business
from handlers.reading.answers import looks_like_list, number, photo
from handlers.said import Facts, Found, Reader, Rejected, Said
from handlers.vendor import chosen, facts, has_business, only_business, put_aside
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, lines, say
from models.contact import consented
from models.conversation import Conversation, current_of
from models.etalase import fits_kbli

amount = number(1, 1_000_000)
days = number(0, 365, ("hari", "days", "day"))
READY_IN = re.compile(
    r"(?:[,;/]|(?<!\w)(?:dan|siap|jadi|selesai|and|ready))\s*(?:(?:siap|jadi|selesai|dalam|dlm|ready|in)\s*)*"
    r"(?P<days>\d{1,3}\s*(?:hari|hr|minggu|mgg|days?|weeks?))[\s.!]*$",
    re.I,
)


def _read_capacity(said: Said, facts: Facts) -> Any:
    """ "200, siap 3 hari" answers the next question too."""
    found = READY_IN.search(said.text)
    if not found:
        return amount.read(said, facts)
    found_amount = amount.read(replace(said, text=said.text[: found.start()]), facts)
    try:
        return Found(found_amount, {"lead": days.read(replace(said, text=found["days"]), facts)})
    except Rejected:
        return found_amount


def _read_confirm(said: Said, facts: Facts) -> str:
    if sends(said.text):
        return "send"
    raise Rejected("problem.choose")


def photo_step(number: int) -> Step:
    def wanted(answers: Answers, facts: Facts) -> bool:
        return photo_wanted(number, answers, facts)

    def params(answers: Answers, facts: Facts) -> Params:
        return {"n": number, "name": item_of(number, facts["lines"][number - 1], answers.get(f"fix_{number}")).name}

    def options(answers: Answers, facts: Facts) -> Sequence[Option]:
        return (Option("later"), command("photos_later"))

    return Step(f"photo_{number}", photo, options=options, when=wanted, optional=True, upto=5, params=params, texts="pricelist.photo")


def uncovered(answers: Answers, facts: Facts) -> str:
    """The etalase of most products that the codes of the NIB do not cover; "" where they do or are not known."""
    codes = chosen(answers, facts).get("kbli") or ()
    found = Counter(item.etalase for item in ready(answers, facts) if codes and not fits_kbli(item.etalase, codes))
    return found.most_common(1)[0][0] if found else ""


def kbli_wanted(answers: Answers, facts: Facts) -> bool:
    return bool(uncovered(answers, facts))


def kbli_params(answers: Answers, facts: Facts) -> Params:
    etalase = uncovered(answers, facts)
    code, gloss = likely_kbli(etalase, "") if etalase else ("", "")
    return {"code": code, "gloss": gloss}


def card(answers: Answers, facts: Facts) -> Params:
    close: Value = say("product.statement") if nib_of(answers, facts) else say("product.needs_nib")
    count = len(sendable(answers, facts))
    ready = say("pricelist.ready", n=count) if count else say("pricelist.nothing_ready")
    rows = lines(["", shown_rows(answers, facts)]) if count else ""
    shown: dict[str, Value] = {"ready": ready, "rows": rows, "waiting": waiting_rows(answers, facts)}
    return {**shown, "close": close if count else say("pricelist.keep_sure")}


def send_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    count = len(sendable(answers, facts))
    label = say("pricelist.send", n=count) if count else say("pricelist.keep_all")
    first = Option("send", label) if nib_of(answers, facts) else Option("edit_nib")
    return (first, Option("change"), command("aside")) if count else (first, Option("change"))


PRICELIST = Form(
    "pricelist",
    (
        Step("which", chosen_one, options=which_business, when=has_business, default=only_business, texts="product.which"),
        *CHECKING,
        Step("details", descriptions, when=details_wanted, optional=True, params=details_params),
        Step("capacity", replace(amount, read=_read_capacity)),
        Step("lead", days),
        Step("pirt", licences, options=none_yet, when=licence_wanted, optional=True, params=licence_params),
        *(photo_step(n) for n in range(1, MOST + 1)),
        replace(PAPERS[0], when=kbli_wanted, params=kbli_params),
        KBLI_CODES,
        *ASKED,
        *TOLD,
        Step("confirm", Reader(_read_confirm, lambda value: value == "send"), options=send_options, params=card, summary=True),
    ),
    facts=facts,
    finish=send,
    collects=collects,
)  # fmt: skip
FORMS = (PRICELIST,)


def begin_list(text: str) -> Begin:
    """What is more than one list can hold is told, so that it is sent again."""
    lines = lines_of(text)
    more = Message("pricelist.too_long", {"n": len(lines), "most": MOST, "name": lines[MOST]["name"]}) if len(lines) > MOST else None
    return Begin("pricelist", about={"lines": lines[:MOST]}, lead=more)


def pasted(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """A list where nothing is asked, or where a product is only just begun."""
    if visit.offices or "\n" not in text or not looks_like_list(text) or not consented(visit.session, visit.person_id, "registration"):
        return None
    if conversation and not _just_begun(visit, conversation):
        return None
    begun = _business_of(conversation)
    if conversation and begun == conversation.answers:
        close(conversation, visit.now)
    else:
        put_aside(visit)
    return replace(begin_list(text), answers=begun)


def _business_of(conversation: Conversation | None) -> dict[str, Any]:
    """The business that a product which is only just begun was for: the list is for it too."""
    if conversation is None or conversation.form != "product" or "which" not in conversation.answers:
        return {}
    return {"which": conversation.answers["which"]}


def _just_begun(visit: Visit, conversation: Conversation) -> bool:
    if visit.forms[conversation.form].yields:
        return True
    begun: Mapping[str, Any] = conversation.answers
    return conversation.form == "product" and "product" not in conversation.about and not (begun.get("photos") and begun.get("name"))


def photos_later(visit: Visit, subject: str, version: int) -> Outcome:
    """Foto nanti semua: what has no photo yet waits as a draft."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or conversation.form != "pricelist":
        return Aside(Message("common.button_old"))
    known = facts(visit, conversation.about)
    open_ones = [f"photo_{item.number}" for item in ready(conversation.answers, known)]
    conversation.answers = {**dict.fromkeys(open_ones), **conversation.answers}
    conversation.revision += 1
    return Begin("pricelist", conversation_id=conversation.id)


COMMANDS = {"photos_later": photos_later}
SAYS = (pasted,)
