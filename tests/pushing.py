"""What was queued for somebody who had not just written, after a play."""

from __future__ import annotations

from sqlmodel import Session, col, select

from messages import Message, Voice
from messages.templates import fitting, templated
from models.campaign import Campaign
from models.outbox import REPLY, Outgoing
from tests.world import World

PUSHING = {"announcement", "call", "questions", "reject", "review"}
"""Transcripts in which somebody hears of what another did."""


def pushed_in(session: Session) -> list[Message]:
    rows = session.exec(select(Outgoing.message).where(Outgoing.lane != REPLY, col(Outgoing.message).is_not(None)))
    campaigns = session.exec(select(Campaign.message))
    return [Message.from_json(said) for said in (*rows, *campaigns) if said]


def assert_sendable(world: World, name: str) -> None:
    """As a template, each in its category."""
    said = world.read(pushed_in)
    for message in said:
        assert templated(message, Voice(you="Bu Siti", now=world.now)), f"{message.key} has no template that fits it"
        pushed = fitting(message)
        assert pushed
        assert (pushed.category == "marketing") == (message.category == "marketing"), message.key
    assert said or name not in PUSHING
