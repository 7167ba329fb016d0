"""Spreadsheets that officers sent in a chat: a row until all their rows have been taken in and the officer was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from models.call import Call, CallKey
from models.change import region
from models.columns import json, moment
from models.contact import sees
from models.feed import Columns
from models.package import SHEET, Package, Unreadable

MOST_ROWS, MOST_MEGABYTES = 20_000, 10
"""What one sheet may hold."""
TRIES = 5
"""So often it is begun anew without getting on before it is given up."""
LISTED = 10
"""Rows that were set aside and are shown one by one."""
ELSEWHERE = "elsewhere"
"""Why a row is set aside that is of another officer's region."""


class Sheet(SQLModel, table=True):
    """`file` holds its rows in the media folder until `ended_at`; `fields` are our fields and the sheet's names of columns.

    `taken` is how many rows are done: committed together with what became of them, so that whoever goes on begins there. What the file was
    called is not kept, `digest` knows its content.
    """

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="person.id", index=True)
    address_id: int = Field(foreign_key="address.id")
    file: str
    digest: str
    fields: dict[str, Any] = json(dict)
    total: int
    taken: int = 0
    counts: dict[str, Any] = json(dict)
    aside: list[Any] = json(list)
    """[row of the sheet, reason] of the first that were set aside."""
    tries: int = 0
    problem: str = ""
    """Why not all of it was taken: gone, office or stumbled."""
    asked_at: datetime = moment(nullable=False)
    ended_at: datetime | None = moment(index=True)


def confirm_columns(session: Session, header: str, fields: dict[str, str], officer_id: int | None, now: datetime) -> None:
    """`fields` by the sheet's names of columns; the next sheet with this header is understood so. The last word counts."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    said = {"fields": fields, "officer_id": officer_id, "at": now}
    session.execute(make(Columns).values(header=header, **said).on_conflict_do_update(index_elements=["header"], set_=said))


def confirmed_columns(session: Session, header: str) -> dict[str, str]:
    found = session.get(Columns, header)
    return dict(found.fields) if found else {}


def sent_before(session: Session, officer_id: int, digest: str) -> Sheet | None:
    """The newest that this officer has confirmed with the same content."""
    same = select(Sheet).where(Sheet.officer_id == officer_id, Sheet.digest == digest)
    return session.exec(same.order_by(col(Sheet.id).desc()).limit(1)).first()


def waiting_sheets(session: Session) -> list[int]:
    return [int(id or 0) for id in session.exec(select(Sheet.id).where(col(Sheet.ended_at).is_(None)).order_by(col(Sheet.id)))]


def within(session: Session, packages: Sequence[Package], offices: Sequence[str]) -> list[Package | Unreadable]:
    """As a typed call: one that names no place is of the officer's own region, one of another region is not the officer's to announce."""
    placed = [package if package.places or region(package) else replace(package, places=(offices[0],)) for package in packages]
    known = _regions(session, [key for package in packages for key in package.keys])
    return [
        package
        if _is_own(package, offices) and all(sees(list(offices), known[key]) for key in package.keys if known.get(key))
        else Unreadable(ELSEWHERE)
        for package in placed
    ]


def _is_own(package: Package, offices: Sequence[str]) -> bool:
    return all(sees(list(offices), place) for place in package.places or (region(package),))


def _regions(session: Session, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of the calls that are known by these keys."""
    rows = select(CallKey.system, CallKey.number, Call.region).join(Call, col(Call.id) == col(CallKey.call_id))
    found = session.exec(rows.where(tuple_(col(CallKey.system), col(CallKey.number)).in_(keys))) if keys else ()
    return {(system, number): place for system, number, place in found}


def sign(session: Session, packages: Sequence[Package], officer_id: int, now: datetime) -> None:
    """Calls that began with these packages at this moment are the officer's."""
    keys = [package.keys[0] for package in packages]
    own = select(CallKey.call_id).where(tuple_(col(CallKey.system), col(CallKey.number)).in_(keys))
    new = (col(Call.source) == SHEET, col(Call.created_at) == now, col(Call.created_by).is_(None))
    signed = update(Call).where(col(Call.id).in_(own), *new).values(created_by=officer_id)
    session.execute(signed, execution_options={"synchronize_session": False})
