"""Who is there already when a script begins: a person with consents, a business and whole products, written straight into the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, col, select

from bot.media import put
from bot.photos import keep
from handlers.derived import guesses
from handlers.office.flags import FOUND
from handlers.said import Photo
from models.business import Business, Membership
from models.contact import CONSENT_VERSION, Address, Consent, Person
from models.places import name_of
from models.product import APPROVED, SUBMITTED, Product
from tests.pictures import photo

KBLI = {"mamin": "10794", "cetak": "18111"}


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody is reached."""

    account: str
    channel: str
    address: str


def settled_in(
    session: Session, *, seat: Seat, name: str, region: str, locale: str, how: Sequence[str], products: str, now: datetime, media: Path
) -> None:
    """`how`: "submitted" (else approved), "old" (since four days), "stopped", "unasked", "unreachable", "bare" (no KBLI known), "dear",
    "gone" (of a withdrawn etalase), and codes of what the checks found. `products` are names with a comma between them; who is
    there already gets them besides.
    """
    person = _person(session, seat, name, locale, how, now)
    business = _business(session, person, name, region, "" if "bare" in how else KBLI["mamin"], now)
    since = now - timedelta(days=4 if "old" in how else 1)
    found = [f"W:{code}" for code in how if code in FOUND]
    for place, called in enumerate(filter(None, products.split(", "))):
        likely = guesses(called)
        etalase = "gone" if "gone" in how else likely[0].code if likely else "mamin"
        shown = kept(sum(called.encode()) + place, media)
        session.add(Product(
            business_id=business, person_id=person, name=called, etalase=etalase, brand="Tanpa Merek",
            status=SUBMITTED if "submitted" in how else APPROVED, details="Dibuat segar setiap hari, bahan lokal, tahan dua hari",
            price=80_000_000 if "dear" in how else 25_000, unit="kotak", scope=region, capacity=100, lead_days=3, halal="yes",
            photos=[shown.to_json()],
            licence={"kind": "pirt", "number": "2063472010123-29", "expiry_year": 2029}, kbli="" if "bare" in how else KBLI["mamin"],
            findings=found, submitted_at=since, updated_at=since,
        ))  # fmt: skip
    session.flush()


def kept(seed: int, media: Path) -> Photo:
    """A photo as the product keeps it."""
    shown, content = _looked_at(seed)
    put(media, shown.name, content)
    return shown


@cache
def _looked_at(seed: int) -> tuple[Photo, bytes]:
    with TemporaryDirectory() as folder:
        shown = keep(photo(seed), Path(folder))
        return shown, (Path(folder) / shown.name).read_bytes()


def _person(session: Session, seat: Seat, name: str, locale: str, how: Sequence[str], now: datetime) -> int:
    there = select(Address.person_id).where(Address.account == seat.account, Address.address == seat.address)
    if (known := session.exec(there).first()) is not None:
        return known
    person = Person(call_name=f"Bu {name.title()}", locale=locale, created_at=now, stopped_at=now if "stopped" in how else None)
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Address(person_id=person.id, account=seat.account, channel=seat.channel, address=seat.address, since=now, heard_at=now,
                        unreachable_at=now if "unreachable" in how else None))  # fmt: skip
    for purpose in ("registration",) if "unasked" in how else ("registration", "announcements"):
        session.add(Consent(person_id=person.id, purpose=purpose, version=CONSENT_VERSION, channel=seat.channel, given_at=now))
    session.flush()
    return person.id


def _business(session: Session, person: int, name: str, region: str, kbli: str, now: datetime) -> int:
    own = select(Business.id).join(Membership).where(Membership.person_id == person, Business.region == region).order_by(col(Business.id))
    if (known := session.exec(own).first()) is not None:
        return known
    first = session.exec(select(Membership).where(Membership.person_id == person)).first() is None
    business = Business(
        name=f"Dapur {name.title()}" + ("" if first else f" {name_of(region)}"), owner=f"{name.title()} Aminah", region=region,
        nib=f"91200012345{person:02}", street="Jl. Gerilya 7", phone=f"+6281234567{person:03}", kbli=[kbli] if kbli else [],
        created_at=now,
    )  # fmt: skip
    session.add(business)
    session.flush()
    assert business.id is not None
    session.add(Membership(person_id=person, business_id=business.id, since=now))
    session.flush()
    return business.id
