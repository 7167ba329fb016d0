"""An officer types a procurement call; on confirmation it goes to those whose products fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.announcements.reach import (
    etalase_buttons,
    etalase_names,
    night_words,
    office_facts,
    place_name,
    region,
    region_default,
    region_options,
    who_hears,
)
from handlers.calls.line import line, parts_of
from handlers.calls.notices import tell
from handlers.corrections import heed, taught_in
from handlers.derived import guesses
from handlers.dialogue import Answers, Form, Step, value_of
from handlers.matching import says
from handlers.office.decency import decent, refusal
from handlers.office.door import not_yours, officers_only
from handlers.reading.answers import budget, choice, date, text
from handlers.said import Facts, Reader, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, decimal, joined, left, moment, rupiah, say
from models.allowed import host_of
from models.call import Call
from models.contact import sees
from models.conversation import Conversation, current_of
from models.etalase import classify, etalases, meant, sure
from models.hearers import Told, told_of
from models.places import zone_of

METHODS = ("langsung", "epurchasing", "tender", "unknown")
NAMED = (
    ("epurchasing", re.compile(r"e-?\s?purchasing|e-?\s?katalog", re.I)),
    ("langsung", re.compile(r"(?:pengadaan|penunjukan) langsung", re.I)),
    ("tender", re.compile(r"(?<!\w)(?:tender|lelang|seleksi)(?!\w)", re.I)),
)
TYPED = re.compile(r"\s*peluang\s*:\s*(?P<title>.{5,600})", re.I | re.S)


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    """`told(call)` says who would hear of a call that is not kept yet, looked up once a turn."""
    known: dict[tuple[Any, ...], Told] = {}

    def found(call: Call) -> Told:
        key = (call.title, call.region, call.budget, call.method, call.closes_at, *sorted(call.etalase))
        if key not in known:
            known[key] = told_of(visit.session, call, visit.now)
        return known[key]

    return {**office_facts(visit), "told": found}


def read_etalase(said: Said, facts: Facts) -> list[str]:
    """Typed words instead of ticks."""
    found = classify(said.text, 3, taught_in(facts))
    if not found:
        raise Rejected("problem.choose")
    return [found[0].code] if sure(found) else [guess.code for guess in found if guess.score >= 0.5 * found[0].score]


def keeps_etalase(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(code in etalases() for code in value)


def read_link(said: Said, facts: Facts) -> str:
    """An http(s) address; one without a scheme gets https."""
    words = said.text.strip()
    address = words if re.match(r"[a-z][a-z0-9+.-]*:", words, re.I) else f"https://{words}"
    if not keeps_link(address):
        raise Rejected("call.link_not")
    if why := refusal(address, facts["links"]):
        raise Rejected(why.key, why.params)
    return address


def keeps_link(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 500 and bool(re.fullmatch(r"https?://\S+", value, re.I)) and bool(host_of(value))


several = Reader(read_etalase, keeps_etalase, lambda codes: ", ".join(etalases()[code].name for code in codes), etalase_names)
link = Reader(read_link, keeps_link)


def etalase_default(answers: Answers, facts: Facts) -> list[str] | None:
    found = guesses(str(answers.get("title") or ""), taught_in(facts))
    return [found[0].code] if found and sure(found) else None


def etalase_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return etalase_buttons([guess.code for guess in guesses(str(answers.get("title") or ""), taught_in(facts))])


def method_default(answers: Answers, facts: Facts) -> str:
    title = str(answers.get("title") or "")
    return next((name for name, pattern in NAMED if pattern.search(title)), "unknown")


def method_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(name, say(f"call.method.is_{name}")) for name in METHODS]


def told(answers: Answers, facts: Facts) -> Told:
    place = answers.get("region") or region_default(answers, facts) or facts["province"]
    call = Call(
        source_id="", title=str(answers.get("title") or ""), buyer=str(answers.get("buyer") or ""), region=place,
        etalase=answers.get("etalase") or etalase_default(answers, facts) or [], budget=answers.get("budget"),
        method=answers.get("method") or method_default(answers, facts), created_at=facts["now"],
        closes_at=moment_of(answers["closes"], place) if answers.get("closes") else None,
    )  # fmt: skip
    found: Told = facts["told"](call)
    return found


def card(answers: Answers, facts: Facts) -> Params:
    found = told(answers, facts)
    closes = moment_of(answers["closes"], facts["province"])
    who = hearers(found, night_words(facts["now"], facts["province"], closes))
    place = answers.get("region") or region_default(answers, facts) or ""
    params: dict[str, Value] = {
        "title": answers["title"],
        "buyer": answers["buyer"],
        "place": place_name(place),
        "budget": rupiah(answers["budget"]) if answers.get("budget") else say("common.none"),
        "closes": moment(closes),
        "left": left(closes),
        "etalase": etalase_names(answers.get("etalase") or etalase_default(answers, facts) or []),
        "method": say(f"call.method.is_{answers.get('method') or method_default(answers, facts)}"),
        "link": answers.get("link") or say("common.none"),
        "who": joined([who, say("call.waiting", n=decimal(found.unchecked))], " ") if found.unchecked else who,
    }
    return params


def hearers(found: Told, night: str) -> Value:
    """How many hear of it and when; the words on the night are for those who hear at once."""
    who = who_hears(found.tally, night if found.soon else "", by_digest=found.later)
    return joined([who, say("reach.about")], " ") if found.about else who


def card_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    n = told(answers, facts).tally.get("", 0)
    return (Option("tell", say("call.tell", n=decimal(n)) if n else say("call.keep")), Option("change"))


def moment_of(local: str, code: str) -> datetime:
    """The aware moment of a local time in the region's zone."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone_of(code)))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """The call is kept and told. What changed since the questions were answered is looked at again."""
    form: Form = visit.forms["call"]
    known = form.facts(visit, conversation.about)
    answers = {step.key: value_of(step, conversation.answers, known) for step in form.steps}
    if not sees(visit.offices, answers["region"]):
        return Aside(not_yours(visit))
    closes = moment_of(answers["closes"], answers["region"])
    if closes <= visit.now:
        kept = {key: value for key, value in conversation.answers.items() if key not in ("closes", "confirm")}
        return Begin("call", kept, lead=Message("call.closed_meanwhile"))
    found = told(answers, known)
    said = {key: answers[key] for key in ("title", "buyer", "region", "etalase", "budget", "method")}
    call = Call(
        source_id=f"conversation:{conversation.id}", **said, closes_at=closes, link=answers["link"] or "", created_by=visit.person_id,
        created_at=visit.now,
    )  # fmt: skip
    visit.session.add(call)
    visit.session.flush()
    understood = [guess.code for guess in meant(guesses(call.title, taught_in(known)))]
    heed(visit, call.title, call.etalase, [understood, etalase_default(answers, known) or []])
    tell(visit.session, call, visit.now)
    who = hearers(found, night_words(visit.now, visit.province, closes))
    return Message("call.announced", {"title": call.title, "who": who}, (command("call_interest", call.id or 0), command("menu")))


def title(answers: Answers) -> Value:
    return answers.get("title") or say("drafts.title_call")


CALL = Form(
    "call",
    (
        Step("title", decent(line)),
        Step("buyer", replace(decent(text(3, 150)), free=False)),
        Step("region", region, options=region_options, default=region_default),
        Step("etalase", several, options=etalase_options, default=etalase_default, many=True),
        Step("budget", budget, optional=True),
        Step("closes", date),
        Step("link", link, optional=True),
        Step("method", choice(*METHODS), options=method_options, default=method_default),
        Step("confirm", choice("tell"), options=card_options, params=card, summary=True),
    ),
    facts=facts,
    finish=finish,
    title=title,
)
FORMS = (CALL,)


def new_call(visit: Visit, subject: str, version: int) -> Outcome:
    return Begin("call")


def officer_says(visit: Visit, words: str) -> Outcome | None:
    """ "peluang: konsumsi rapat" begins a call with its title, unless something else is being written."""
    if says(words, "new_call"):
        return Begin("call")
    typed = TYPED.fullmatch(words)
    if typed and current_of(visit.session, visit.person_id) is None:
        why = refusal(typed["title"], visit.links)
        return Begin("call", {} if why else parts_of(typed["title"], office_facts(visit)), lead=why)
    return None


COMMANDS = {"new_call": officers_only(new_call)}
OFFICER_SAYS = (officer_says,)
