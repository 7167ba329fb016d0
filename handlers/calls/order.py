""" "Ada pesanan, lalu?": what comes after an order, in four short messages."""

from __future__ import annotations

from handlers.matching import says
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, say

STEPS = ("agree", "deliver", "receipt", "payment")


def step(visit: Visit, subject: str, version: int) -> Outcome:
    """One of the four, with a way to the next."""
    place = min(max(int(subject), 1), len(STEPS)) if subject.isdecimal() and len(subject) < 3 else 1
    onward = (command("order", place + 1, label=say("order.next")),) if place < len(STEPS) else (command("ask_officer"),)
    return Aside(Message(f"order.{STEPS[place - 1]}", {}, (*onward, command("menu"))))


def said(visit: Visit, text: str) -> Outcome | None:
    if visit.offices:
        return None
    if says(text, "has_order"):
        return step(visit, "1", 0)
    return step(visit, "3", 0) if says(text, "has_receipt") else None


COMMANDS = {"order": step}
IDLE_SAYS = (said,)
