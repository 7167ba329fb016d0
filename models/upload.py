"""Pictures that a platform has already: uploaded once, sent by their id after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from models.columns import moment


class Upload(SQLModel, table=True):
    """`name` is the file as we keep it; `external_id` what the account calls it. Other accounts do not know it."""

    account: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    external_id: str
    at: datetime = moment(nullable=False)


def uploaded(session: Session, account: str, names: Sequence[str]) -> list[Upload]:
    rows = select(Upload).where(col(Upload.account) == account, col(Upload.name).in_(names))
    return list(session.execute(rows).scalars())


def keep_upload(session: Session, account: str, name: str, external_id: str, now: datetime) -> None:
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = {"external_id": external_id, "at": now}
    row = make(Upload).values(account=account, name=name, **new)
    session.execute(row.on_conflict_do_update(index_elements=["account", "name"], set_=new))


def forget_upload(session: Session, account: str, name: str, external_id: str) -> None:
    """Not one that was uploaded anew in the meantime."""
    this = (col(Upload.account) == account, col(Upload.name) == name, col(Upload.external_id) == external_id)
    session.execute(delete(Upload).where(*this))
