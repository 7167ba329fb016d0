"""Products that wait for an officer, written straight into the tables, for tests of what officers do."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.business import Business
from models.product import IN_REVIEW, SUBMITTED, Decision, Product
from tests.vendors import add_business, add_person
from tests.world import World

PHOTO = {"name": "a.jpg", "sha256": "a", "width": 1200, "height": 900, "twin": "", "advice": []}


def stock(world: World, vendor: str, *names: str, region: str = "64.72", findings: tuple[str, ...] = (), days: int = 1,
          zone: str = "Asia/Makassar", kbli: str = "10794", etalase: str = "mamin") -> list[int]:  # fmt: skip
    """A vendor with waiting products, which came `days` ago; returns their ids."""
    since = world.now.replace(hour=1, minute=0, second=0)

    def write(session: Session) -> list[int]:
        person = add_person(session, vendor, zone=zone)
        business = session.get_one(Business, add_business(session, person, region, f"Dapur {vendor.title()}"))
        business.owner, business.phone, business.nib = f"{vendor.title()} Aminah", "+628123456789" + str(person), f"91200012345{person:02}"
        made = []
        for name in names:
            made.append(Product(business_id=business.id or 0, person_id=person, name=name, etalase=etalase, status=SUBMITTED, price=25_000,
                                unit="kotak", scope=region, capacity=100, details=f"{name} enak, bahan segar", brand="Tanpa Merek",
                                photos=[{**PHOTO, "name": f"{name.replace(' ', '-')}.jpg"}], kbli=kbli, findings=list(findings),
                                submitted_at=since.replace(day=since.day - days), updated_at=since))  # fmt: skip
        session.add_all(made)
        session.flush()
        return [product.id or 0 for product in made]

    return world.write(write)


def statuses(world: World) -> list[str]:
    """Of every product, in the order they were made; in review counts as waiting."""
    rows = world.read(lambda session: list(session.exec(select(Product.status).order_by(col(Product.id)))))
    return [SUBMITTED if status == IN_REVIEW else status for status in rows]


def decisions(world: World) -> list[Decision]:
    return world.read(lambda session: list(session.exec(select(Decision).order_by(col(Decision.id)))))


def open_card(world: World, officer: str, product: int) -> str:
    """Opens a card by a press that carries no revision, as "Berikutnya" does."""
    return world.press(officer, f"c:review:{product}:0")[-1].text
