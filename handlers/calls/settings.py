"""How somebody wants to hear of calls: at once, each morning or each Monday, more of them or fewer."""

from __future__ import annotations

from functools import partial

from handlers.matching import says
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, say
from models.taste import MOST, RHYTHMS, STEP, choose_rhythm, level, shift, taste_of

FEWER, MORE = 1, -1
END = round(MOST / STEP)


def settings(visit: Visit, subject: str, version: int) -> Outcome:
    """How it is now, and what can be chosen instead."""
    if visit.person.stopped_at:
        return Aside(Message("taste.stopped", {}, (command("alerts"),)))
    taste = taste_of(visit.session, visit.person_id)
    others = tuple(_rhythm(name) for name in RHYTHMS if name != taste.rhythm)
    return Aside(
        Message("taste.now", {"rhythm": say(f"taste.is_{taste.rhythm}")}, (*others, _shift("fewer", level(taste)), command("menu")))
    )


def _rhythm(name: str) -> Option:
    return command("calls_rhythm", name, label=say(f"taste.choose_{name}"))


def _shift(name: str, now: int) -> Option:
    """The level is in the button: a second tap finds that it has moved already."""
    return command(f"calls_{name}", now + END)


def fewer(visit: Visit) -> Option:
    """[Kurangi yang seperti ini], under what was not wanted."""
    return _shift("fewer", level(taste_of(visit.session, visit.person_id)))


def rhythm(visit: Visit, subject: str, version: int) -> Outcome:
    if subject not in RHYTHMS:
        return Aside(Message("common.button_old"))
    choose_rhythm(visit.session, visit.person_id, subject)
    return Aside(Message("taste.chosen", {"rhythm": say(f"taste.is_{subject}")}, (command("calls_settings"), command("menu"))))


def moved(visit: Visit, subject: str, version: int, steps: int, name: str) -> Outcome:
    """With a level in the button it is a tap; without one it was said in words."""
    before = level(taste_of(visit.session, visit.person_id))
    again = subject.isdecimal() and subject != "0" and int(subject) - END != before
    changed = again or shift(visit.session, visit.person_id, steps)
    back = "more" if steps == FEWER else "fewer"
    buttons = (_shift(back, level(taste_of(visit.session, visit.person_id))), command("menu"))
    return Aside(Message(f"taste.{name}" if changed else f"taste.{name}_end", {}, buttons))


def said(visit: Visit, text: str) -> Outcome | None:
    """In words, while no question is open."""
    if visit.offices:
        return None
    if says(text, "calls_settings"):
        return settings(visit, "", 0)
    for name in RHYTHMS:
        if says(text, f"rhythm_{name}"):
            return rhythm(visit, name, 0)
    if says(text, "calls_fewer"):
        return moved(visit, "", 0, FEWER, "fewer")
    return moved(visit, "", 0, MORE, "more") if says(text, "calls_more") else None


COMMANDS = {
    "calls_settings": settings,
    "calls_rhythm": rhythm,
    "calls_fewer": partial(moved, steps=FEWER, name="fewer"),
    "calls_more": partial(moved, steps=MORE, name="more"),
}
IDLE_SAYS = (said,)
