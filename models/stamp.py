"""Which products changed, in the order in which the changes were committed: what follows the tables in memory reads what is new here.

The database itself writes it, so that no way of changing a product can be forgotten: a product's own row, the region and size of its
business, who speaks for that, and what those people answered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, text
from sqlmodel import Field, Session, SQLModel

from models.prepared import Prepared

FIELDS = "status, etalase, scope, name, details, price, capacity, business_id"
_OWN = "SELECT id AS id FROM product WHERE business_id = NEW.{}"
_THEIRS = "SELECT p.id AS id FROM product p JOIN membership m ON m.business_id = p.business_id WHERE m.person_id = NEW.person_id"
NOTICED: Sequence[tuple[str, str, str, str, str]] = (
    ("product_added", "INSERT", "product", "", "SELECT NEW.id AS id"),
    ("product_changed", f"UPDATE OF {FIELDS}", "product", "", "SELECT NEW.id AS id"),
    ("product_gone", "DELETE", "product", "", "SELECT OLD.id AS id"),
    ("business_changed", "UPDATE OF region, size", "business", "", _OWN.format("id")),
    ("member_added", "INSERT", "membership", "", _OWN.format("business_id")),
    ("member_changed", "UPDATE", "membership", "", _OWN.format("business_id")),
    ("answer_added", "INSERT", "callnotice", "NEW.answer <> ''", _THEIRS),
    ("answer_changed", "UPDATE OF answer, person_id", "callnotice", "", _THEIRS),
)
"""The name of each trigger, what sets it off, of which table, when, and the products that it means."""
_LITE = """CREATE TRIGGER {name} AFTER {on} ON {table} {when} BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM ({products}) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END"""
_POSTGRES = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, pg_current_xact_id()::text::bigint
FROM ({products}) AS changed ORDER BY 1 ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; RETURN NULL; END $$"""


class Stamp(SQLModel, table=True):
    """`number` grows with every commit on SQLite, which has one writer; on PostgreSQL it is the id of the transaction."""

    product_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=BigInteger, index=True)


def notice_changes(connection: Connection) -> None:
    """Makes the triggers, for a migration."""
    for name, on, table, when, products in NOTICED:
        condition = f"WHEN ({when})" if when else ""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_LITE.format(name=name, on=on, table=table, when=condition, products=products))
            continue
        connection.exec_driver_sql(_POSTGRES.format(name=name, products=products))
        made = f"CREATE TRIGGER {name} AFTER {on} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
        connection.exec_driver_sql(made)


def _asked(sql: str) -> Prepared:
    return Prepared(text(sql).columns(number=BigInteger))


@dataclass(frozen=True, slots=True)
class News:
    """The products that changed, and the mark from which to ask the next time."""

    products: Collection[int]
    mark: int


MARK = {
    "sqlite": _asked("SELECT coalesce(max(number), 0) + 1 AS number FROM stamp"),
    # What is under way keeps its number: until it ends, everything from there on is asked for again.
    "postgresql": _asked("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS number"),
}
SINCE = {
    "sqlite": _asked("SELECT product_id AS number FROM stamp WHERE number >= :mark"),
    # A number beyond what this server has given comes from the server that a dump was taken of.
    "postgresql": _asked(
        "SELECT product_id AS number FROM stamp WHERE number >= :mark AND number < greatest("
        "pg_snapshot_xmax(pg_current_snapshot())::text::bigint, coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0) + 1)"
    ),
}


def mark_of(session: Session) -> int:
    """Everything that this session cannot see yet will have this number or a greater one."""
    return int(MARK[session.get_bind().dialect.name](session)[0].number)


def changed_since(session: Session, mark: int) -> list[int]:
    """The products that changed since, those included that the session's own transaction changes."""
    return [row.number for row in SINCE[session.get_bind().dialect.name](session, mark=mark)]


def news(session: Session, mark: int) -> News:
    after = mark_of(session)  # first: what is committed between the two is then found twice, not missed
    return News(changed_since(session, mark), after)
