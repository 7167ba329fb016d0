"""Becoming an officer: the single-use link or code of an invitation."""

from __future__ import annotations

from handlers.menu import menu
from handlers.visit import Outcome, Visit, command, note
from messages import Message
from models.contact import open_invitation
from models.places import name_of

PREFIX = "o_"


def opened(visit: Visit, parameter: str) -> Outcome | None:
    """Uses the invitation up. One that was used or has expired says so."""
    if not parameter.startswith(PREFIX):
        return None
    region = open_invitation(visit.session, parameter.removeprefix(PREFIX), visit.person_id, visit.now)
    if not region:
        return note("officers.link_over", command("menu"))
    return menu(visit, Message("officers.welcome", {"region": name_of(region)}))


OPENED = (opened,)
