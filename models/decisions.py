"""The rules of deciding: nobody decides what another has decided or changed, and nobody is told before it can no longer be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.business import Business, Membership, members_of
from models.contact import Person
from models.outbox import Outgoing
from models.product import APPROVED, NEEDS_FIX, REJECTED, SUBMITTED, WAITING, WITHDRAWN, Decision, Product
from models.quiet import after_quiet

UNDO = timedelta(minutes=2)
STATUS = {"approved": APPROVED, "fix": NEEDS_FIX, "rejected": REJECTED}


@dataclass(frozen=True, slots=True)
class Ruling:
    """`verdict` is approved, fix or rejected; `flags` maps a field to its reason; an approval has its route and why."""

    verdict: str
    flags: dict[str, Any] = field(default_factory=dict)
    route: str = ""
    because: str = ""
    rules: str = ""


def decide(session: Session, product: Product, revision: int, ruling: Ruling, officer_id: int, now: datetime) -> Decision | None:
    """Writes a decision on what the officer saw. None when it was decided or changed meanwhile."""
    lock(session, product.business_id)
    session.refresh(product)
    previous = product.status
    if not _moved(session, product, revision, WAITING, STATUS[ruling.verdict], now):
        return None
    product.allowed = [*product.allowed, *let_pass(ruling.flags)]
    decision = Decision(product_id=product.id or 0, officer_id=officer_id, verdict=ruling.verdict, flags=ruling.flags, route=ruling.route,
                        because=ruling.because, rules=ruling.rules, revision=revision, previous=previous, at=now,
                        due_at=_due(session, product.business_id, now))  # fmt: skip
    decision.batch = _open_batch(session, product.business_id, now)
    session.add(decision)
    session.flush()
    decision.batch = decision.batch or decision.id or 0
    session.flush()
    session.execute(update(Decision).where(col(Decision.batch) == decision.batch).values(due_at=decision.due_at))
    return decision


def let_pass(flags: Mapping[str, Any]) -> list[str]:
    """The findings that an approval lets pass, with the reason beside them."""
    return list(flags.get("override", {}).get("codes", ()))


def undo(session: Session, decision: Decision, now: datetime) -> bool:
    """Takes a decision back, as long as nobody was told of it."""
    product = session.get(Product, decision.product_id)
    if product is None:
        return False
    lock(session, product.business_id)
    if not open_to_undo(session, decision, product.business_id, now):
        return False
    if not _moved(session, product, decision.revision, (STATUS[decision.verdict],), decision.previous, now):
        return False
    decision.undone_at = now
    product.allowed = [code for code in product.allowed if code not in let_pass(decision.flags)]
    session.flush()
    return True


def take_out(session: Session, product: Product, revision: int, now: datetime) -> bool:
    """The vendor withdraws what no officer has opened. False when one has, maybe in this moment."""
    if not _moved(session, product, revision, (SUBMITTED,), WITHDRAWN, now):
        return False
    product.revision += 1
    return True


def lock(session: Session, business_id: int) -> None:
    """Decisions for one vendor join in one message, so they are taken one after the other."""
    # The people first, as in their own turns, which may change the business and its products: who tells them of calls then locks them too.
    members = select(Membership.person_id).where(Membership.business_id == business_id)
    session.execute(select(Person.id).where(col(Person.id).in_(members)).order_by(col(Person.id)).with_for_update(read=True))
    # Not the lock of a deletion: rows that only refer to it need not wait, and two officers never wait for each other.
    session.execute(select(Business.id).where(Business.id == business_id).with_for_update(key_share=True))


def open_to_undo(session: Session, decision: Decision, business_id: int, now: datetime) -> bool:
    return decision.undone_at is None and now < decision.due_at and not _told(session, business_id, decision.batch)


def _moved(session: Session, product: Product, revision: int, before: tuple[str, ...], after: str, now: datetime) -> bool:
    """Changes the status in one statement that finds no row where somebody was quicker."""
    where = (col(Product.id) == product.id, col(Product.revision) == revision, col(Product.status).in_(before))
    result = session.execute(update(Product).where(*where).values(status=after, updated_at=now))
    session.refresh(product)
    return int(getattr(result, "rowcount", 0)) == 1


def of_batch(session: Session, batch: int) -> list[tuple[Decision, Product]]:
    """What is told together, without what was undone."""
    rows = select(Decision, Product).join(Product, col(Product.id) == col(Decision.product_id))
    return list(session.exec(rows.where(Decision.batch == batch, col(Decision.undone_at).is_(None)).order_by(col(Decision.id))))


def bundle_of(batch: int) -> str:
    return f"decision:{batch}"


def latest_act(session: Session, officer_id: int) -> list[Decision]:
    """The decisions of an officer's last word, undone ones left out: one, or those of "setujui 1-7"."""
    rows = select(Decision).where(Decision.officer_id == officer_id, col(Decision.undone_at).is_(None))
    last = session.exec(rows.order_by(col(Decision.at).desc(), col(Decision.id).desc())).first()
    return act_of(session, last) if last else []


def act_of(session: Session, decision: Decision) -> list[Decision]:
    """What was decided with the same word as this."""
    rows = select(Decision).where(Decision.officer_id == decision.officer_id, Decision.at == decision.at, col(Decision.undone_at).is_(None))
    return list(session.exec(rows.order_by(col(Decision.id))))


def told_status(session: Session, product: Product, now: datetime) -> str:
    """The status a vendor may see: while a decision can be undone, the one before it."""
    rows = select(Decision).where(Decision.product_id == product.id, col(Decision.undone_at).is_(None), col(Decision.due_at) > now)
    pending = session.exec(rows.order_by(col(Decision.id).desc())).first()
    return pending.previous if pending and STATUS[pending.verdict] == product.status else product.status


def _open_batch(session: Session, business_id: int, now: datetime) -> int:
    """The batch a decision for this vendor still joins; 0 for none."""
    rows = select(Decision.batch).join(Product, col(Product.id) == col(Decision.product_id))
    pending = (Product.business_id == business_id, col(Decision.undone_at).is_(None), col(Decision.due_at) > now)
    batch = session.exec(rows.where(*pending).order_by(col(Decision.id).desc())).first()
    return batch if batch and not _told(session, business_id, batch) else 0


def _told(session: Session, business_id: int, batch: int) -> bool:
    """Whether the message has left, or is just leaving."""
    rows = select(Outgoing.id).where(
        col(Outgoing.person_id).in_(members_of(session, business_id)),
        Outgoing.bundle == bundle_of(batch),
        col(Outgoing.status).not_in(("queued", "cancelled")),
    )
    return session.exec(rows).first() is not None


def _due(session: Session, business_id: int, now: datetime) -> datetime:
    people = [session.get(Person, id) for id in members_of(session, business_id)]
    return min((after_quiet(now + UNDO, person.zone) for person in people if person), default=now + UNDO)
