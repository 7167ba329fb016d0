"""Conversations in memory, fast enough for thousands of turns: the real router on fresh tables, with no app, files or waiting."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col, select

from handlers import topics
from handlers.dialogue import Form
from handlers.routing import turn
from handlers.said import Photo, Said
from handlers.visit import Visit
from messages import Message, Rendered, Voice, render
from models import tables
from models.contact import Address, Person, give_consent, make_officer
from models.conversation import Conversation, begin, current_of
from models.outbox import Outgoing
from models.post import notify, reply
from tests.world import MORNING

__all__ = ["Talk", "photo", "tables"]


ACCOUNT = "terminal"


def photo(seed: int, **more: Any) -> Photo:
    """A stored picture; different seeds are different pictures."""
    twin = f"{(seed * 0x9E3779B97F4A7C15) % 2**64:016x}"
    plain = Photo(f"{seed}.jpg", f"{seed:064x}", 1200, 900, twin)
    return replace(plain, **more)


class Talk:
    """`forms` are known besides the real ones. Each message is a transaction of its own, and everything is read back from the tables."""

    def __init__(self, *forms: Form, check: Callable[[Message], None] | None = None) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        SQLModel.metadata.create_all(self.engine)
        self.forms: dict[str, Form] = {**topics.FORMS, **{form.name: form for form in forms}}
        self.now = MORNING
        self.check = check
        self.last: dict[str, Rendered] = {}
        self.shown: dict[str, list[Rendered]] = {}
        """All that each person was shown, oldest first."""
        self.session = Session(self.engine, expire_on_commit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.engine.dispose()

    def meet(self, name: str = "siti", office: str = "", consent: bool = True, locale: str = "id") -> Person:
        """The person of this name, made at first contact."""
        address = self.session.exec(select(Address).where(Address.address == name)).first()
        if address:
            found = self.session.get(Person, address.person_id)
            assert found
            return found
        person = Person(call_name=f"Bu {name.title()}", locale=locale, created_at=self.now)
        self.session.add(person)
        self.session.flush()
        assert person.id
        self.session.add(Address(person_id=person.id, account=ACCOUNT, channel=ACCOUNT, address=name, since=self.now))
        if consent:
            give_consent(self.session, person.id, "registration", "1", ACCOUNT, self.now)
        if office:
            make_officer(self.session, person.id, office, self.now)
        self.session.commit()
        return person

    def begin(
        self, form: str, name: str = "siti", answers: Mapping[str, Any] | None = None, about: Mapping[str, Any] | None = None
    ) -> None:
        """Opens a conversation and asks its first question."""
        person = self.meet(name)
        self.opened = begin(self.session, person.id or 0, form, self.now, dict(answers or {}), dict(about or {})).id or 0
        self.session.commit()
        self.say("lanjut", name)

    def hand(self, said: Said, name: str = "siti") -> Rendered | None:
        """Handles one message and returns what this person is shown for it; None for silence."""
        self.now += timedelta(seconds=1)
        visit = self.visit(Said.from_json(_through_json(said.to_json())), name)
        try:
            answer = turn(visit)
            self.session.flush()
            if answer.message:
                reply(self.session, visit.address, answer.message, self.now, self.now, conversation_id=answer.conversation_id)
            self.session.commit()
        except BaseException:
            self.session.rollback()
            raise
        shown = self.deliver(name)
        assert len(shown) == (1 if answer.message else 0), "one message a turn"
        return shown[0] if shown else None

    def visit(self, said: Said | None = None, name: str = "siti") -> Visit:
        return Visit(self.session, self.meet(name), self.address(name), said or Said(), self.now, self.forms)

    def deliver(self, name: str) -> list[Rendered]:
        """Everything queued for this person is sent and seen."""
        rows = self.session.exec(
            select(Outgoing).where(Outgoing.address_id == self.address(name).id, Outgoing.status == "queued").order_by(col(Outgoing.id))
        ).all()
        shown = [self._show(name, row) for row in rows]
        self.session.commit()
        return shown

    def _show(self, name: str, row: Outgoing) -> Rendered:
        row.status, row.settled_at = "sent", self.now
        message, person = Message.from_json(_through_json(row.message)), self.meet(name)
        if self.check:
            self.check(message)
        self.last[name] = render(message, Voice(person.locale, person.zone, self.now, person.call_name))
        self.shown.setdefault(name, []).append(self.last[name])
        return self.last[name]

    def address(self, name: str) -> Address:
        return self.session.exec(select(Address).where(Address.address == name)).one()

    def say(self, text: str, name: str = "siti", **more: Any) -> Rendered:
        heard = self.hand(Said(text=text, **more), name)
        assert heard is not None, f"silence after {text!r}"
        return heard

    def tap(self, label: str, name: str = "siti") -> Rendered | None:
        """Taps the button of the message shown last whose label begins so."""
        return self.press(self.button(label, name), name)

    def button(self, label: str, name: str = "siti") -> str:
        found = [button.press for button in self.last[name].buttons if button.label.startswith(label)]
        assert found, f"no button {label!r} among {[button.label for button in self.last[name].buttons]}"
        return found[0]

    def press(self, press: str, name: str = "siti") -> Rendered | None:
        return self.hand(Said(kind="tap", press=press), name)

    def photo(
        self, seed: int, name: str = "siti", caption: str = "", group: str = "", sent_at: datetime | None = None, **more: Any
    ) -> Rendered:
        heard = self.hand(Said(kind="photo", photo=photo(seed, **more), text=caption, group=group, sent_at=sent_at), name)
        assert heard is not None, "silence after a photo"
        return heard

    def notice(self, text: Message, name: str = "siti") -> None:
        """Something else reaches this person in between."""
        self.now += timedelta(seconds=1)
        notify(self.session, self.meet(name).id or 0, text, self.now, urgent=True)
        self.deliver(name)

    def current(self, name: str = "siti") -> Conversation | None:
        self.session.expire_all()
        return current_of(self.session, self.meet(name).id or 0)

    @property
    def answers(self) -> dict[str, Any]:
        """What is answered in the open conversation of siti."""
        found = self.current()
        assert found, "no conversation is open"
        return found.answers

    def labels(self, name: str = "siti") -> list[str]:
        return [button.label for button in self.last[name].buttons]


def _through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))
