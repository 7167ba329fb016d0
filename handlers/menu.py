"""The menu, the language, and stopping calls and announcements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, say
from models.audience import silence
from models.call import hear_all_again
from models.contact import CONSENT_VERSION, consented, doors_of, give_consent
from models.conversation import drafts_of

CALLS = command("calls_found", "~", label=say("option.calls"))
VENDOR = (command("register"), command("products"), CALLS, command("ask_officer"))
"""With "lanjut" five at most: WhatsApp folds more than three into a list, and asking an officer must not be further away for that."""
OFFICER = (command("queue"), command("new_call"), command("new_announcement"), command("inbox"))


def menu(visit: Visit, lead: Message | None = None) -> Message:
    """What one can do here; officers see their own."""
    if visit.offices:
        return Message("menu.officer", {}, OFFICER).after(lead)
    begun = (command("go"),) if drafts_of(visit.session, visit.person_id) else ()
    return Message("menu.vendor", {}, (*begun, *VENDOR)).after(lead)


def show(visit: Visit, subject: str, version: int) -> Outcome:
    if not visit.offices and not consented(visit.session, visit.person_id, "registration"):
        return Begin("welcome")
    return menu(visit)


def say_help(visit: Visit, subject: str, version: int) -> Outcome:
    if visit.offices:
        return menu(visit, Message("menu.help_officer"))
    shown = menu(visit, Message("menu.help"))
    apps = command("doors" if len(doors_of(visit.session, visit.person_id)) > 1 else "connect")
    return replace(shown, options=(*shown.options, command("faq"), apps))


def stop(visit: Visit, subject: str, version: int) -> Outcome:
    """BERHENTI ends calls and announcements, never answers about the person's own products."""
    visit.person.stopped_at = visit.person.stopped_at or visit.now
    silence(visit.session, visit.person_id, visit.now)
    return Aside(Message("menu.stopped", {}, (command("alerts"),)))


def alerts(visit: Visit, subject: str, version: int) -> Outcome:
    """Asked for in so many words: that is the consent to calls and announcements too."""
    visit.person.stopped_at = None
    hear_all_again(visit.session, visit.person_id)
    give_consent(visit.session, visit.person_id, "announcements", CONSENT_VERSION, visit.address.channel, visit.now)
    return Aside(Message("menu.alerts_on"))


def speak(locale: str) -> Callable[[Visit, str, int], Outcome]:
    def change(visit: Visit, subject: str, version: int) -> Outcome:
        visit.person.locale = locale
        return Aside(Message("menu.language"))

    return change


def start(visit: Visit, parameter: str) -> Outcome | None:
    """A deep link: its parameter is kept as the source of the registration."""
    visit.person.source = visit.person.source or parameter[:64]
    return None


COMMANDS = {
    "menu": show,
    "help": say_help,
    "cancel": show,
    "back": show,
    "stop": stop,
    "alerts": alerts,
    "english": speak("en"),
    "bahasa": speak("id"),
    "start": show,
    "restart": show,
}
OPENED = (start,)
