"""An announcement to many and what becomes of its rows, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select, update

from models.audience import Audience
from models.campaign import Campaign
from models.campaign_life import begin, confirm, counted, due_to_begin, remaining
from models.contact import Person
from models.outbox import Outgoing
from tests.announcing import TEXT, campaign
from tests.vendors import add_vendor
from tests.world import World


def begin_due(session: Session, now: datetime) -> list[int]:
    return [id for id in due_to_begin(session, now) if begin(session, id, counted(session, id), now)]


def people(world: World, count: int, **more: Any) -> None:
    def add(session: Session) -> None:
        for n in range(count):
            add_vendor(session, f"v{n}", **more)

    world.write(add)


def new(world: World, above: int = 500, **more: Any) -> str:
    """One that the officer has just confirmed. Returns its status."""

    def add(session: Session) -> str:
        officer = session.exec(select(Person.id).order_by(col(Person.id))).first()
        body = {"key": "announcement.body", "params": {"text": TEXT, "place": "Samarinda"}, "category": "marketing"}
        made = Campaign(officer_id=officer or 0, text=TEXT, audience=Audience("64").to_json(), message=body, created_at=world.now, **more)
        session.add(made)
        session.flush()
        confirm(session, made, world.now, above)
        return made.status

    return world.write(add)


def settle(world: World, status: str, count: int) -> None:
    """What the sender writes of the next `count` recipients."""

    def become(session: Session) -> None:
        ids = session.exec(select(Outgoing.id).where(Outgoing.kind == "announcement", Outgoing.status == "queued").limit(count)).all()
        assert len(ids) == count
        reason = "blocked" if status == "failed" else ""
        session.execute(update(Outgoing).where(col(Outgoing.id).in_(ids)).values(status=status, reason=reason, settled_at=world.now))

    world.write(become)


def status(world: World) -> str:
    return world.read(lambda session: campaign(session).status)


def left(world: World) -> int:
    return world.read(lambda session: remaining(session, campaign(session)))
