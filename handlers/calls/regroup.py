"""An officer corrects the etalase of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.announcements.reach import etalase_buttons, etalase_names, night_words
from handlers.calls.form import hearers, several
from handlers.calls.taking_back import take_back
from handlers.calls.wording import TITLE
from handlers.derived import guesses
from handlers.dialogue import Answers, Form, Step, is_id
from handlers.office.door import not_yours, officers_only
from handlers.said import Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, say
from messages.folding import cut
from models.alerts import untell
from models.call import Call, is_open, locked
from models.conversation import Conversation
from models.correction import correct, unanswered_by
from models.etalase import etalases
from models.hearers import told_of
from models.overview import shows


def seen(visit: Visit, subject: str, *, changing: bool = False) -> Call | None:
    """A call of the officer's regions; nobody learns whether there is one elsewhere."""
    if not is_id(subject):
        return None
    call = locked(visit.session, int(subject)) if changing else visit.session.get(Call, int(subject))
    return call if call and shows(visit.offices, call) else None


def regroup(visit: Visit, subject: str, version: int) -> Outcome:
    """Asks for its etalase, those it has ticked."""
    call = seen(visit, subject)
    if call is None:
        return Aside(not_yours(visit))
    if not is_open(call, visit.now):
        return Aside(Message("call.over_already", {"title": call.title}))
    return Begin("regroup", {"etalase": _known(call)}, {"call": call.id}, ("etalase",))


def _known(call: Call) -> list[str]:
    return [code for code in call.etalase if code in etalases()]


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    call = visit.session.get(Call, about.get("call", 0))
    return {"title": call.title if call else "", "now": _known(call) if call else []}


def params(answers: Answers, facts: Facts) -> Params:
    return {"title": cut(facts["title"], TITLE), "now": _names(facts["now"])}


def _names(codes: Sequence[str]) -> Value:
    return etalase_names(codes) if codes else say("common.none")


def options(answers: Answers, facts: Facts) -> Sequence[Option]:
    likely = [guess.code for guess in guesses(facts["title"])]
    return etalase_buttons(list(dict.fromkeys([*facts["now"], *likely])))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Region and state are looked at again: much may have happened while the question lay open."""
    call = seen(visit, str(conversation.about["call"]), changing=True)
    if call is None:
        return Aside(not_yours(visit))
    if not is_open(call, visit.now):
        return Aside(Message("call.over_already", {"title": call.title}))
    codes: list[str] = conversation.answers["etalase"]
    said: dict[str, Value] = {"title": cut(call.title, TITLE), "etalase": _names(codes)}
    buttons = (command("call_interest", call.id or 0), command("calls"), command("menu"))
    if set(codes) == set(call.etalase):
        return Message("call.regroup_same", said, buttons)
    withdraw(visit, call)
    correct(visit.session, call, codes, visit.person_id, visit.now)
    return Message("call.regrouped", {**said, "who": new_hearers(visit, call)}, buttons)


def withdraw(visit: Visit, call: Call) -> None:
    """What has not left yet may concern others now."""
    gone = take_back(visit.session, unanswered_by(visit.session, call.id or 0), call.id or 0, visit.now)
    untell(visit.session, [(call.id or 0, person) for person in gone])


def new_hearers(visit: Visit, call: Call) -> Value:
    """Those who hear of it now and did not before."""
    found = told_of(visit.session, call, visit.now)
    if not found.tally[""]:
        return say("call.regrouped_nobody")
    new = replace(found, tally={"": found.tally[""]})
    return hearers(new, night_words(visit.now, visit.province, call.closes_at))


FORMS = (Form("regroup", (Step("etalase", several, options=options, params=params, many=True),), facts=facts, finish=finish),)
COMMANDS = {"call_regroup": officers_only(regroup)}
