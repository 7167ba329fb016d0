"""A town of vendors with products of every etalase for the bench of matching, named by the lexicon's own phrases; always the same one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from json import dumps
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert, text
from sqlmodel import Session, SQLModel

from bot.bench.town import settle
from models.call import INTERESTED, UNRELATED, Call, CallNotice
from models.lexicon import data
from models.places import regions
from models.product import Product

VENDORS, PRODUCTS = 344_581, 1_000_000
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
CHUNK = 5_000
REGIONS = ("64.72",) * 5 + ("64.71",) * 4 + ("64.02",) * 4 + tuple(code for code, _ in regions("64"))
"""Where vendors live, the large towns oftener."""
MADE = ("ka", "ri", "sa", "mu", "lin", "ta", "ber", "ko", "na", "di", "wa", "pu")
BUDGETS = ("Belanja", "Pengadaan", "Belanja Barang", "Paket", "Penyediaan", "Belanja Modal")
AIMS = ("", "", "kegiatan rapat koordinasi", "untuk sekretariat", "tahap II", "Dinas Kesehatan")
METHODS = ("langsung", "epurchasing", "epurchasing", "tender", "")


@cache
def phrases() -> Mapping[str, Sequence[str]]:
    """What the things of each etalase are called, the surest first."""
    table: Mapping[str, Mapping[str, str]] = data()["words"]
    return {code: [one for level in levels.values() for one in re.split(r"\s*,\s*", level.strip())] for code, levels in table.items()}


def skewed(draw: random.Random, among: Sequence[str]) -> str:
    """The first ones far oftener than the last."""
    return among[int(len(among) * draw.random() ** 2)]


@cache
def shares() -> tuple[Sequence[str], Sequence[float]]:
    """Food is what every third vendor sells."""
    codes = ["mamin", *(code for code in phrases() if code != "mamin")]
    return codes, [0.35, *(1 / (place + 3) / 4 for place in range(1, len(codes)))]


def brand(draw: random.Random) -> str:
    return "".join(draw.choices(MADE, k=draw.choice((2, 3, 3, 4))))


def named(draw: random.Random, code: str) -> tuple[str, str]:
    """A name and a description."""
    own = phrases()[code]
    name = [skewed(draw, own), *([skewed(draw, own)] if draw.random() < 0.3 else ()), *([brand(draw)] if draw.random() < 0.6 else ())]
    details = f"Isi {draw.randrange(10, 500)} gram, {', '.join(draw.choices(own, k=3))}, dibuat segar oleh {brand(draw)}"
    return " ".join(name), details if draw.random() < 0.6 else ""


def products(number: int, vendors: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(number)
    usual = {name: field.get_default(call_default_factory=True) for name, field in Product.model_fields.items() if name != "id"}
    for _ in range(number):
        vendor = draw.randrange(vendors) + 1
        code = draw.choices(*shares())[0]
        name, details = named(draw, code)
        own = REGIONS[vendor % len(REGIONS)]
        yield usual | {
            "business_id": vendor, "person_id": vendor, "name": name, "details": details, "etalase": code, "unit": "buah",
            "price": int(1_000 * 3000 ** draw.random()), "capacity": draw.choice((None, 20, 100, 500, 5_000)),
            "scope": draw.choices((own, "64", ""), (70, 20, 10))[0],
            "status": draw.choices(("APPROVED", "SUBMITTED", "NEEDS_FIX"), (80, 15, 5))[0], "submitted_at": SINCE, "updated_at": SINCE,
        }  # fmt: skip


def called(draw: random.Random) -> dict[str, Any]:
    """A call as sources write them: every tenth is of the whole province, some of two etalase."""
    code = draw.choices(*shares())[0]
    wanted = " dan ".join(skewed(draw, phrases()[code]) for _ in range(draw.choice((1, 1, 2))))
    also = [draw.choices(*shares())[0]] if draw.random() < 0.15 else []
    budget = int(2_000_000 * 2000 ** draw.random())
    return {
        "title": " ".join(filter(None, (draw.choice(BUDGETS), wanted, draw.choice(AIMS)))), "etalase": list(dict.fromkeys([code, *also])),
        "region": "64" if draw.random() < 0.1 else draw.choice(REGIONS), "budget": budget, "method": draw.choice(METHODS),
        "small_only": draw.choice((True, True, None)), "created_at": SINCE, "closes_at": closing(draw),
    }  # fmt: skip


def closing(draw: random.Random) -> datetime | None:
    """A third are plans without a day; of the others every tenth presses."""
    return SINCE + timedelta(days=draw.randrange(1, 31), hours=9) if draw.random() < 2 / 3 else None


def open_market(engine: Engine, number: int) -> None:
    """So many products; a fifth of the people do not want to be told, a twentieth has answered an earlier call."""
    vendors = max(1, number * VENDORS // PRODUCTS)
    with Session(engine) as session:
        earlier = add_calls(session, 200, "earlier")
        session.commit()
    with filling(engine) as filled:
        settle(filled, vendors, "null", REGIONS, products=False)
        with filled.begin() as connection:
            connection.execute(text("UPDATE business SET size = CASE WHEN id % 50 = 1 THEN 'menengah' ELSE 'kecil' END WHERE id % 10 = 1"))
            connection.execute(text("DELETE FROM consent WHERE purpose = 'announcements' AND person_id % 5 = 0"))
        pour(filled, Product, products(number, vendors))
        pour(filled, CallNotice, answers(earlier, vendors))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO stamp (product_id, number) SELECT id, 1 FROM product WHERE true ON CONFLICT DO NOTHING"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


@contextmanager
def filling(engine: Engine) -> Iterator[Engine]:
    """For it PostgreSQL looks up no foreign key and runs no trigger: row by row that is several times the work of the rows themselves."""
    if engine.dialect.name != "postgresql":
        yield engine
        return
    made = create_engine(engine.url, connect_args={"options": "-c session_replication_role=replica"})
    yield made
    made.dispose()


def pour(engine: Engine, table: type[SQLModel], rows: Iterator[Mapping[str, Any]]) -> None:
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            copy(connection, table, rows)
        return
    while some := list(islice(rows, CHUNK)):
        with engine.begin() as connection:
            connection.execute(insert(table), some)


def copy(connection: Connection, table: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> None:
    names = [name for name in table.model_fields if name != "id"]
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY {table.__tablename__} ({', '.join(names)}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row([dumps(one) if isinstance(one, dict | list) else one for one in map(row.__getitem__, names)])


def answers(calls: Sequence[int], vendors: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(vendors)
    usual = {name: field.get_default(call_default_factory=True) for name, field in CallNotice.model_fields.items() if name != "id"}
    for person in range(1, vendors + 1, 20):
        said = draw.choice((INTERESTED, UNRELATED, "once"))
        yield usual | {"call_id": draw.choice(calls), "person_id": person, "answer": said, "at": SINCE, "told_at": SINCE}


def add_calls(session: Session, number: int, source: str) -> list[int]:
    """Their ids."""
    draw = random.Random(source)
    calls = [Call(source=source, source_id=str(place), **called(draw)) for place in range(number)]
    session.add_all(calls)
    session.flush()
    return [call.id or 0 for call in calls]
