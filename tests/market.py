"""A market of vendors and calls for tests of matching: drawn, always the same for a seed, with every kind of thing that may differ."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.business import Business
from models.call import INTERESTED, UNRELATED, Call, CallNotice
from models.contact import Person
from models.product import Product
from tests.vendors import SINCE, add_business, add_person, add_product
from tests.world import MORNING

REGIONS = ("64.72", "64.03", "64.71")
STATUSES = ("APPROVED", "APPROVED", "SUBMITTED", "IN_REVIEW", "NEEDS_FIX", "WITHDRAWN")
NAMES = (
    ("Nasi kotak ayam", "mamin"), ("Nasi box ikan bakar", "mamin"), ("Snack box", "mamin"), ("Amplang ikan pipih", "mamin"),
    ("Kertas HVS A4", "atk"), ("Pulpen", "atk"), ("Cetak spanduk", "cetak"), ("Fotokopi dan jilid", "cetak"),
)  # fmt: skip
DETAILS = ("", "isi ayam, sayur, sambal", "ikan pipih dari Samarinda", "kertas putih, tinta hitam")
TITLES = ("Konsumsi rapat koordinasi", "Belanja nasi kotak kegiatan", "Kudapan tamu", "Alat tulis kantor", "Cetak spanduk dan kertas", "")


def open_market(session: Session, draw: random.Random, people: int = 40) -> None:
    for n in range(people):
        person = add_person(session, f"p{n}", consent=draw.random() < 0.8, stopped=draw.random() < 0.1, reachable=draw.random() < 0.9)
        for _ in range(draw.choice((0, 1, 1, 2))):
            business = add_business(session, person, draw.choice(REGIONS))
            session.get_one(Business, business).size = draw.choice(("mikro", "kecil", "menengah"))
            for _ in range(draw.choice((1, 2, 3))):
                offer(session, draw, business, person)
    for number in range(4):
        answer(session, draw, add_call(session, draw, f"old{number}"))
    session.flush()


def offer(session: Session, draw: random.Random, business: int, person: int) -> Product:
    name, etalase = draw.choice(NAMES)
    id = add_product(session, business, person, name, etalase, draw.choice(STATUSES), draw.choice((*REGIONS, "64", "")))
    made = session.get_one(Product, id)
    made.capacity, made.price, made.details = draw.choice((None, 20, 500, 9000)), draw.choice((5_000, 25_000)), draw.choice(DETAILS)
    return made


def add_call(session: Session, draw: random.Random, source_id: str) -> Call:
    call = Call(
        source_id=source_id, title=draw.choice(TITLES), detail=draw.choice(DETAILS), created_at=MORNING,
        etalase=draw.sample(("mamin", "atk", "cetak"), draw.choice((1, 1, 2))), region=draw.choice((*REGIONS, "64")),
        places=draw.choice(([], [], ["64.72", "64.03"])), budget=draw.choice((None, 400_000, 20_000_000, 20_000_000_000)),
        method=draw.choice(("", "tender", "epurchasing", "langsung")), small_only=draw.choice((None, True, False)),
    )  # fmt: skip
    session.add(call)
    session.flush()
    return call


def answer(session: Session, draw: random.Random, call: Call) -> None:
    """Some people are told, because of a product of theirs, and answer."""
    for product in draw.sample(list(session.exec(select(Product))), 6):
        told = select(CallNotice).where(CallNotice.call_id == call.id, CallNotice.person_id == product.person_id)
        if session.exec(told).first() is None:
            said = draw.choice((INTERESTED, INTERESTED, UNRELATED, "once", ""))
            session.add(CallNotice(call_id=call.id or 0, person_id=product.person_id, product_id=product.id, answer=said, at=SINCE))
            session.flush()


def change(session: Session, draw: random.Random) -> None:
    """Something that happens on a day."""
    product = draw.choice(list(session.exec(select(Product).order_by(col(Product.id)))))
    business = session.get_one(Business, product.business_id)
    person = session.get_one(Person, product.person_id)
    happens: Sequence[tuple[Any, str, Sequence[Any]]] = (
        (product, "status", STATUSES), (product, "name", [name for name, _ in NAMES]), (product, "details", DETAILS),
        (product, "etalase", ("mamin", "atk")), (product, "scope", ("64", "64.72")), (product, "capacity", (None, 10, 9000)),
        (product, "price", (5_000, 90_000)), (business, "region", REGIONS), (business, "size", ("mikro", "menengah")),
        (person, "stopped_at", (None, SINCE)),
    )  # fmt: skip
    kind = draw.randrange(len(happens) + 3)
    if kind < len(happens):
        row, name, values = happens[kind]
        setattr(row, name, draw.choice(values))
    elif kind == len(happens):
        offer(session, draw, business.id or 0, product.person_id)
    elif kind == len(happens) + 1:
        answer(session, draw, draw.choice(list(session.exec(select(Call)))))
    else:
        session.flush()
        session.execute(delete(CallNotice).where(col(CallNotice.product_id) == product.id))
        session.execute(delete(Product).where(col(Product.id) == product.id))
        session.expire_all()
    session.flush()
