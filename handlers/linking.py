"""One person, two apps: a code shown in one and typed in the other makes one of two."""

from __future__ import annotations

from handlers.doors import app_name, news_door
from handlers.submission import check_waiting
from handlers.vendor import facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params, Value, joined, say
from models import link
from models.business import businesses_of
from models.codes import typed
from models.contact import Address, Person, addresses_of, consented, doors_of
from models.conversation import Conversation, current_of
from models.joining import choose, join
from models.link import LinkCode
from models.post import reply


def connect(visit: Visit, subject: str, version: int) -> Outcome:
    """sambungkan: a code, and what to do with it."""
    code = link.make_code(visit.session, visit.person_id, visit.now)
    return Message("link.code", {"code": code, "other": elsewhere(visit)})


def elsewhere(visit: Visit) -> Value:
    channel = visit.address.channel
    return say(f"app.elsewhere_{channel}" if channel in ("telegram", "whatsapp") else "app.elsewhere")


def code_said(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """For everybody but officers, whose words were asked before: a code that fits nobody must not count twice."""
    return None if visit.offices else _code_said(visit, text, conversation)


def code_said_by_officer(visit: Visit, text: str) -> Outcome | None:
    return _code_said(visit, text, current_of(visit.session, visit.person_id)) if typed(text) else None


def _code_said(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "sambung ABCD-2345", whatever is asked: once more whether these two are one. None for words that are no code."""
    found = typed(text)
    if found is None:
        return None
    code = link.look_up(visit.session, found.code, visit.person_id, visit.now)
    if not isinstance(code, LinkCode):
        # "meja2345" may well be an answer.
        return None if conversation and not found.sure and code != "own" else _refused(visit, code)
    other = visit.session.get_one(Person, code.person_id)
    there = shown_at(visit, code)
    params: Params = {"name": other.call_name or say("link.nameless"), "app": app_name(there.channel if there else "")}
    return Message("link.sure", params, (command("link_yes", found.code), command("link_no", found.code)))


def shown_at(visit: Visit, code: LinkCode) -> Address | None:
    """The door that a code was asked for at: the one heard from last."""
    return next(iter(addresses_of(visit.session, code.person_id)), None)


def _refused(visit: Visit, reason: link.Reason) -> Outcome:
    message = Message(f"link.{reason}", {"other": elsewhere(visit)} if reason == "own" else {})
    return Aside(message) if current_of(visit.session, visit.person_id) else message


def accepted(visit: Visit, subject: str, version: int) -> Outcome:
    """The code is looked up anew: the button carries it, so one that was made up is a guess like any other."""
    code = link.look_up(visit.session, subject, visit.person_id, visit.now)
    if not isinstance(code, LinkCode):
        return Aside(Message("common.button_old")) if code == "own" else _refused(visit, code)
    there = shown_at(visit, code)
    keep, gone = choose(visit.session, code.person_id, visit.person_id)
    if not (link.use_up(visit.session, code, visit.now) and join(visit.session, keep, gone, visit.now)):
        return _refused(visit, "unknown")
    visit.become(visit.session.get_one(Person, keep))
    if there:
        reply(visit.session, there, Message("link.arrived", {"app": app_name(visit.address.channel)}), visit.now, visit.now)
    for business in businesses_of(visit.session, keep):
        check_waiting(visit, business, facts(visit, {}))
    return _went_on(visit, told(visit))


def _went_on(visit: Visit, message: Message) -> Outcome:
    """With what was open on either side; two strangers are introduced first."""
    if visit.offices or consented(visit.session, visit.person_id, "registration") or current_of(visit.session, visit.person_id):
        return Aside(message)
    return Begin("welcome", lead=message)


def told(visit: Visit) -> Message:
    apps = list(dict.fromkeys(door.channel for door in doors_of(visit.session, visit.person_id)))
    news = news_door(visit)
    example = next((app for app in apps if app != news), apps[0])
    params = {"apps": joined([app_name(app) for app in apps], ", "), "news": app_name(news), "example": app_name(example)}
    return Message("link.joined", params)


def declined(visit: Visit, subject: str, version: int) -> Outcome:
    """Not theirs: a code that came to the wrong person works for nobody any more."""
    code = link.look_up(visit.session, subject, visit.person_id, visit.now)
    if isinstance(code, LinkCode):
        link.use_up(visit.session, code, visit.now)
    message = Message("link.declined")
    return Aside(message) if current_of(visit.session, visit.person_id) else message


COMMANDS = {"connect": connect, "link_yes": accepted, "link_no": declined}
OFFICER_SAYS = (code_said_by_officer,)
SAYS = (code_said,)
