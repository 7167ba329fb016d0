"""Who is behind an address: found in one statement, by its other name where that is new, or met for the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from bot.channels.channel import Channel, Inbound
from models.contact import LIVE, Address, Person, make_officer
from models.doors import Names, recognise
from models.prepared import Prepared, attach


def once(table: Table, unique: Sequence[str], columns: Sequence[str], where: Any = None) -> Mapping[str, Prepared]:
    """By dialect: an insert that returns the new id, and nothing where the row was there before."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    same: dict[str, Any] = {"index_elements": unique, "index_where": where}
    lite = sqlite.insert(table).values(values).on_conflict_do_nothing(**same).returning(table.c.id)
    post = postgresql.insert(table).values(values).on_conflict_do_nothing(**same).returning(table.c.id)
    return {"sqlite": Prepared(lite), "postgresql": Prepared(post)}


OF_PERSON = "of_"
# FOR NO KEY UPDATE: rows that only refer to the person need not wait, so two people who tell each other something never block.
PLACE, PERSON = (SQLModel.metadata.tables[name] for name in ("address", "person"))
KNOWN = Prepared(
    select(*PLACE.c, *(column.label(f"{OF_PERSON}{column.name}") for column in PERSON.c))
    .join_from(PLACE, PERSON)
    .where(PLACE.c.account == bindparam("account"), PLACE.c.address == bindparam("at"), PLACE.c.until.is_(None))
    .with_for_update(of=PERSON, key_share=True)
)
MEET = once(
    PLACE,
    ("account", "address"),
    ("person_id", "account", "channel", "address", "alias", "since", "reason"),
    LIVE,
)


def meet(session: Session, channel: Channel, inbound: Inbound, now: datetime, zone: str) -> tuple[Address, Person]:
    """The person behind an address, made at first contact, and locked: a person's messages are handled one at a time."""
    found = _known(session, channel.account, inbound.address)
    if found is None or inbound.moved or inbound.alias not in ("", found[0].alias):
        found = _looked_for(session, channel, inbound, now, zone)
    address, person = found
    if inbound.phone and not person.phone:
        person.phone = inbound.phone
    if inbound.office:
        make_officer(session, address.person_id, inbound.office, now)
        session.flush()
    return address, person


def _known(session: Session, account: str, address: str) -> tuple[Address, Person] | None:
    found = KNOWN(session, account=account, at=address)
    if not found:
        return None
    values = found[0]._asdict()
    person = {name.removeprefix(OF_PERSON): values.pop(name) for name in list(values) if name.startswith(OF_PERSON)}
    return attach(session, Address, values), attach(session, Person, person)


def _looked_for(session: Session, channel: Channel, inbound: Inbound, now: datetime, zone: str) -> tuple[Address, Person]:
    row = recognise(session, channel.account, Names(inbound.address, inbound.alias, inbound.moved, inbound.said.sent_at), now)
    if row is None:
        _introduce(session, channel, inbound, now, zone)
    found = _known(session, channel.account, row.address if row else inbound.address)
    assert found
    return found


def _introduce(session: Session, channel: Channel, inbound: Inbound, now: datetime, zone: str) -> None:
    person = Person(locale="en" if inbound.locale.startswith("en") else "id", zone=zone, created_at=now)
    session.add(person)
    session.flush()
    made = MEET[session.get_bind().dialect.name](
        session, person_id=person.id, account=channel.account, channel=channel.name, address=inbound.address, alias=inbound.alias,
        since=now, reason="",
    )  # fmt: skip
    if not made:
        # Another process met the same address in this moment: its person is the one.
        session.delete(person)
