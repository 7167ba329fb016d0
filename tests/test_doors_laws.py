"""The laws of many doors: whatever is linked, taken away or passed on, no row refers to nobody and nobody is told twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select as sql
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.inbox import Scene, accept
from handlers.calls.notices import tell
from handlers.said import Said
from messages import Message
from models.audience import Audience
from models.call import Call
from models.campaign import Campaign, fill
from models.contact import Address, Person, give_consent
from models.conversation import Conversation
from models.joining import MERGED, MOVED, column_of
from models.outbox import REPLY, Outgoing
from tests.doors import TELEGRAM, WEB, WHATSAPP, Door
from tests.talk import Talk
from tests.test_laws import CALM, PHASES
from tests.vendors import add_business, add_product

DOORS = ((TELEGRAM, "1"), (TELEGRAM, "2"), (WHATSAPP, "62811"), (WHATSAPP, "62822"), (WEB, "siti"))
USERS = ("ID.a", "ID.b")
WAITS, LIVE = ("queued",), ("queued", "claimed", "sent", "unknown", "delivered", "read")


class Doorways(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.session: Session = self.talk.session
        self.now = self.talk.now
        self.ids = count(1)
        for door in DOORS:
            self.come(*door, "halo")
        for person in self.session.exec(select(Person)).all():
            give_consent(self.session, person.id or 0, "registration", "1", "terminal", self.now)
            give_consent(self.session, person.id or 0, "announcements", "1", "terminal", self.now)
            business = add_business(self.session, person.id or 0)
            add_product(self.session, business, person.id or 0)
        self.session.commit()

    def teardown(self) -> None:
        self.send_all()
        self.talk.__exit__()

    def come(self, channel: str, name: str, words: str = "", **more: Any) -> None:
        self.now += timedelta(seconds=30)
        said = Said(kind="tap", press=words) if words.startswith("c:") else Said(text=words)
        door = Door(channel)
        door.name = channel
        accept(self.session, door, Inbound(f"m{next(self.ids)}", name, said, **more), self.now, Scene())
        self.session.commit()

    def shown(self, channel: str, name: str, key: str) -> Message | None:
        """The newest answer of this text at a door."""
        rows = select(Outgoing).join(Address, col(Address.id) == col(Outgoing.address_id)).where(Outgoing.lane == REPLY)
        rows = rows.where(
            Address.account == f"{channel}:1", col(Address.until).is_(None), (Address.address == name) | (Address.alias == name)
        )
        row = self.session.exec(rows.order_by(col(Outgoing.id).desc())).first()
        return Message.from_json(row.message) if row and row.message and row.message["key"] == key else None

    @rule(first=st.sampled_from(DOORS), second=st.sampled_from(DOORS), agrees=st.booleans())
    def link(self, first: tuple[str, str], second: tuple[str, str], agrees: bool) -> None:
        self.come(*first, "sambungkan")
        if code := self.shown(*first, "link.code"):
            self.come(*second, f"sambung {code.params['code']}")
            if sure := self.shown(*second, "link.sure"):
                self.come(*second, sure.options[0 if agrees else 1].press)

    @rule(door=st.sampled_from(DOORS), place=st.integers(0, 3))
    def take_away(self, door: tuple[str, str], place: int) -> None:
        self.come(*door, "putuskan")
        listed = self.shown(*door, "link.doors")
        presses = [one.press for one in listed.options if one.id == "take"] if listed else []
        if presses:
            self.come(*door, presses[place % len(presses)].replace("c:take:", "c:take_yes:"))

    @rule(number=st.sampled_from(("62811", "62822")), user=st.sampled_from(USERS))
    def name_the_user(self, number: str, user: str) -> None:
        self.come(WHATSAPP, user, "menu", alias=number)

    @rule(number=st.sampled_from(("62811", "62822")), user=st.sampled_from(USERS))
    def move(self, number: str, user: str) -> None:
        self.come(WHATSAPP, user, moved=number)

    @rule(door=st.sampled_from(DOORS), words=st.sampled_from(("menu", "daftar", "berhenti", "kabari", "kabari lewat wa", "lanjut")))
    def say(self, door: tuple[str, str], words: str) -> None:
        self.come(*door, words)

    @rule()
    def announce(self) -> None:
        self.now += timedelta(seconds=30)
        number = next(self.ids)
        self.session.add(Call(source_id=f"{number}", title="Konsumsi", etalase=["mamin"], region="64.72", created_at=self.now))
        campaign = Campaign(officer_id=self.first(), text="Rapat", audience=Audience("64").to_json(), message={"key": "menu.help"},
                            created_at=self.now)  # fmt: skip
        self.session.add(campaign)
        self.session.commit()
        self.tell_again()

    def first(self) -> int:
        return self.session.exec(select(col(Person.id)).order_by(col(Person.id))).first() or 0

    @rule()
    def tell_again(self) -> None:
        for call in self.session.exec(select(Call)).all():
            tell(self.session, call, self.now)
        for campaign in self.session.exec(select(Campaign)).all():
            campaign.filled_at = None
            fill(self.session, campaign, self.now)
        self.session.commit()

    @rule(share=st.integers(1, 3))
    def send_some(self, share: int) -> None:
        for row in self.news(WAITS):
            if (row.id or 0) % share == 0:
                row.status, row.settled_at = "sent", self.now
        self.session.commit()

    def send_all(self) -> None:
        self.send_some(1)
        self.nobody_is_told_twice()

    def news(self, statuses: tuple[str, ...]) -> list[Outgoing]:
        rows = select(Outgoing).where(col(Outgoing.lane) != REPLY, col(Outgoing.status).in_(statuses)).order_by(col(Outgoing.id))
        return list(self.session.exec(rows))

    @invariant()
    def nobody_is_told_twice(self) -> None:
        told = Counter((row.person_id, row.subject) for row in self.news(LIVE))
        for row in self.news(WAITS):
            assert told[row.person_id, row.subject] == 1, "what waits was told before"

    @invariant()
    def nothing_refers_to_nobody(self) -> None:
        assert self.session.execute(text("PRAGMA foreign_key_check")).all() == []
        people = set(self.session.exec(select(Person.id)))
        for name in MOVED | MERGED.keys():
            table, column = column_of(name)
            assert set(self.session.execute(sql(table.c[column]).distinct()).scalars()) - {None} <= people

    @invariant()
    def what_waits_has_a_door_of_its_person(self) -> None:
        for row in self.news(WAITS):
            address = self.session.get_one(Address, row.address_id)
            assert (address.person_id, address.account, address.until) == (row.person_id, row.account, None)

    @invariant()
    def one_question_is_open(self) -> None:
        rows = self.session.exec(select(Conversation.person_id).where(col(Conversation.closed_at).is_(None), col(Conversation.current)))
        assert max(Counter(rows).values(), default=0) <= 1

    @invariant()
    def nobody_is_without_a_door(self) -> None:
        """Only what was passed on leaves somebody behind."""
        live = {row.person_id for row in self.session.exec(select(Address).where(col(Address.until).is_(None)))}
        passed = {row.person_id for row in self.session.exec(select(Address).where(Address.reason == "passed"))}
        assert set(self.session.exec(select(Person.id))) <= live | passed


def test_the_laws_of_many_doors() -> None:
    run_state_machine_as_test(
        Doorways,
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None, derandomize=CALM, database=None, phases=PHASES,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
