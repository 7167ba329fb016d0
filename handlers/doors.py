"""The apps a person writes from: which are connected, which one news goes to, and taking one away."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.dialogue import is_id
from handlers.matching import bare, known
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, day, has, joined, say
from models.contact import Address, addresses_of, best, doors_of
from models.conversation import Conversation, current_of
from models.doors import end

APPS = ("telegram", "whatsapp", "webchat", "terminal")


def app_name(channel: str) -> Value:
    return say(f"app.{channel}") if has(f"app.{channel}") else channel or say("app.elsewhere")


def news_door(visit: Visit) -> str:
    """The channel that news goes to now."""
    found = best(addresses_of(visit.session, visit.person_id), visit.person.channel, visit.now)
    return (found or visit.address).channel


def doors(visit: Visit, subject: str, version: int) -> Outcome:
    """putuskan: the connected apps, where news goes, and what can be done about either."""
    own = doors_of(visit.session, visit.person_id)
    if len(own) < 2:
        return Message("link.one_door", {"app": app_name(visit.address.channel)}, (command("connect"),))
    news, apps = news_door(visit), list(dict.fromkeys(door.channel for door in own))
    others = [command("news_by", app, label=say("link.by", app=app_name(app))) for app in apps if app != news]
    take = [command("take", door.id or 0, label=say("link.take", app=app_name(door.channel)), detail=_which(visit, door)) for door in own]
    options: tuple[Option, ...] = (*others, *take, command("connect"))
    return Message("link.doors", {"apps": _names(apps), "news": app_name(news)}, options)


def _which(visit: Visit, door: Address) -> Value:
    """Two of one app are told apart."""
    return say("link.here") if door.id == visit.address.id else say("link.since", since=day(door.since.date()))


def _names(apps: Sequence[str]) -> Value:
    return joined([app_name(app) for app in dict.fromkeys(apps)], ", ")


def take(visit: Visit, subject: str, version: int) -> Outcome:
    """Asks once more before a door is taken away. The last one stays."""
    door = _mine(visit, subject)
    if not isinstance(door, Address):
        return Aside(door)
    buttons = (command("take_yes", subject, label=say("link.take_yes")), command("menu", label=say("link.take_no")))
    return Message("link.take_sure", {"app": app_name(door.channel)}, buttons)


def _mine(visit: Visit, subject: str) -> Address | Message:
    """The door that is meant, or why it is not taken."""
    own = doors_of(visit.session, visit.person_id)
    door = next((one for one in own if is_id(subject) and one.id == int(subject)), None)
    if door is None:
        return Message("common.button_old")
    return door if len(own) > 1 else Message("link.last")


def taken(visit: Visit, subject: str, version: int) -> Outcome:
    door = _mine(visit, subject)
    if not isinstance(door, Address):
        return Aside(door)
    here, app = door.id == visit.address.id, app_name(door.channel)
    end(visit.session, door, visit.now, "unlinked")
    rest = [one.channel for one in doors_of(visit.session, visit.person_id)]
    message = Message("link.taken", {"app": app, "rest": _names(rest)})
    # On the door that was taken nothing of the person is shown any more.
    return message if here or not current_of(visit.session, visit.person_id) else Aside(message)


def news_by(visit: Visit, subject: str, version: int) -> Outcome:
    """Where news goes from now on; answers go to wherever somebody wrote from."""
    if subject not in [door.channel for door in doors_of(visit.session, visit.person_id)]:
        return Aside(Message("link.news_not", {"app": app_name(subject if subject in APPS else "")}))
    visit.person.channel = subject
    return Aside(Message("link.news_set", {"app": app_name(subject)}))


def said(visit: Visit, text: str, conversation: Conversation | None = None) -> Outcome | None:
    """ "kabari lewat wa" """
    words = bare(text)
    begun = next((phrase for phrase in known("news_by") if words.startswith(phrase + " ")), "")
    rest = words.removeprefix(begun).strip()
    app = next((app for app in APPS if begun and rest in known(f"app_{app}")), "")
    return news_by(visit, app, 0) if app else None


def said_by_officer(visit: Visit, text: str) -> Outcome | None:
    return said(visit, text)


COMMANDS = {"doors": doors, "disconnect": doors, "take": take, "take_yes": taken, "news_by": news_by}
OFFICER_SAYS = (said_by_officer,)
SAYS = (said,)
