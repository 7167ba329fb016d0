"""An officer of the province says where a call is of which no source named the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.announcements.reach import office_facts, place_name, region, region_options
from handlers.calls.regroup import new_hearers, seen, withdraw
from handlers.calls.wording import TITLE
from handlers.dialogue import Answers, Form, Step
from handlers.office.door import not_yours, officers_only
from handlers.said import Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params
from messages.folding import cut
from models.call import Call, is_open
from models.conversation import Conversation
from models.correction import locate
from models.history import located
from models.overview import provincial


def may_place(visit: Visit, call: Call) -> bool:
    """What an officer said can be said anew, what a source said cannot."""
    return provincial(visit.offices) and (not call.region or located(call)) and is_open(call, visit.now)


def place(visit: Visit, subject: str, version: int) -> Outcome:
    call = seen(visit, subject)
    if call is None:
        return Aside(not_yours(visit))
    return Begin("placing", about={"call": call.id}) if may_place(visit, call) else _late(call)


def _late(call: Call) -> Outcome:
    """It closed, or a source named the place, since the button was shown."""
    if call.region:
        return Aside(Message("call.placed_already", {"title": cut(call.title, TITLE), "place": place_name(call.region)}))
    return Aside(Message("call.over_already", {"title": call.title}))


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    call = visit.session.get(Call, about.get("call", 0))
    return {**office_facts(visit), "title": call.title if call else ""}


def params(answers: Answers, facts: Facts) -> Params:
    return {"title": cut(facts["title"], TITLE)}


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """All is looked at again: much may have happened while the question lay open."""
    call = seen(visit, str(conversation.about["call"]), changing=True)
    if call is None:
        return Aside(not_yours(visit))
    if not may_place(visit, call):
        return _late(call)
    code: str = conversation.answers["region"]
    withdraw(visit, call)
    locate(visit.session, call, code, visit.person_id, visit.now)
    said = {"title": cut(call.title, TITLE), "place": place_name(code), "who": new_hearers(visit, call)}
    return Message("call.placed", said, (command("call_interest", call.id or 0), command("calls"), command("menu")))


FORMS = (Form("placing", (Step("region", region, options=region_options, params=params),), facts=facts, finish=finish),)
COMMANDS = {"call_place": officers_only(place)}
