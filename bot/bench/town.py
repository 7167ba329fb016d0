"""A town of any size for the benches: persons with an address, consents, a business and a product, made by one statement a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from models.business import Business, Membership
from models.contact import Address, Consent, Person
from models.places import regions
from models.product import APPROVED, Product

MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :persons)"
SINCE = {"sqlite": "'2026-11-01 00:00:00.000000'", "postgresql": "TIMESTAMPTZ '2026-11-01 00:00:00+00'"}


def settle(engine: Engine, persons: int, account: str, codes: Sequence[str] = (), products: bool = True) -> None:
    """Person `i` of an empty database writes from the address "t<i>" of `account`, and wants to be told.

    `codes` are the regions in turn.
    """
    since, codes = SINCE[engine.dialect.name], codes or [code for code, _ in regions("64")]
    region = "CASE i % {} {} END".format(len(codes), " ".join(f"WHEN {n} THEN '{code}'" for n, code in enumerate(codes)))
    consent: dict[str, str] = {"person_id": "i", "version": "'1'", "channel": f"'{account}'", "given_at": since}
    rows: list[tuple[type[SQLModel], Mapping[str, str]]] = [
        (Person, {"call_name": "'Bu ' || i", "created_at": since}),
        (Address, {"person_id": "i", "account": f"'{account}'", "channel": f"'{account}'", "address": "'t' || i", "since": since}),
        (Consent, consent | {"purpose": "'registration'"}),
        (Consent, consent | {"purpose": "'announcements'"}),
        (Business, {"name": "'Dapur ' || i", "region": region, "created_at": since}),
        (Membership, {"person_id": "i", "business_id": "i", "since": since}),
        (Product, {"business_id": "i", "person_id": "i", "name": "'Amplang ' || i", "etalase": "'mamin'", "price": "25000",
                   "unit": "'bungkus'", "status": f"'{APPROVED}'", "submitted_at": since, "updated_at": since}),
    ]  # fmt: skip
    with engine.begin() as connection:
        for table, given in rows if products else rows[:-1]:
            usual = {name: field.get_default() for name, field in table.model_fields.items() if name != "id" and not field.is_required()}
            values = {**{name: quoted(value) for name, value in usual.items()}, **given}
            statement = f"INSERT INTO {table.__tablename__} ({', '.join(values)}) {MANY} SELECT {', '.join(values.values())} FROM n"
            connection.execute(text(statement), {"persons": persons})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def quoted(value: Any) -> str:
    """A model's own default as it stands in a statement."""
    if value is None or isinstance(value, int | float):
        return "NULL" if value is None else str(value)
    return f"'{value if isinstance(value, str) else json.dumps(value)}'"
