"""What waits for an officer: the queue by findings and age, the list an officer saw last, who is looking at what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.business import Business
from models.columns import json, moment
from models.product import IN_REVIEW, SUBMITTED, WAITING, Product

CLEAN, WARNED, PAPERS, LATE = "clean", "warned", "papers", "late"
KINDS = (CLEAN, WARNED, PAPERS)
"""Every waiting product is of one of these; those that wait long are `LATE` besides."""
PAPER_FINDINGS = frozenset({"licence", "expired", "halal", "tkdn"})
"""Codes of findings that only a paper settles."""
NOTES = frozenset({"kbli_unknown"})
"""Codes of findings that hold nothing up: the vendor is asked after sending anyway, and the officer sees that the answer is missing."""
LONG = timedelta(days=3)
BUSY = timedelta(minutes=30)
"""So long after opening a card an officer is taken to be looking at it."""


class Shortlist(SQLModel, table=True):
    """The list an officer saw last, which "setujui 1-7, 9" is about.

    `rows` are [number, product id, revision]; `stamp` grows with each list.
    """

    officer_id: int = Field(primary_key=True, foreign_key="person.id")
    stamp: int = 0
    kind: str = ""
    rows: list[list[int]] = json(list)


class Look(SQLModel, table=True):
    """Who opened a waiting product last. It locks nothing."""

    product_id: int = Field(primary_key=True, foreign_key="product.id")
    officer_id: int = Field(foreign_key="person.id")
    at: datetime = moment(nullable=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    product_id: int
    business_id: int
    findings: tuple[str, ...]
    since: datetime

    @property
    def kind(self) -> str:
        return kind_of(self.findings)


def code_of(finding: str) -> str:
    """ "halal" of "W:halal"."""
    return finding.partition(":")[2] or finding


def serious(findings: Iterable[str]) -> list[str]:
    """The findings that must be looked at before an approval."""
    return [finding for finding in findings if code_of(finding) not in NOTES]


def blocking(product: Product) -> list[str]:
    """The codes of what would have stopped the sending, and that no officer let pass yet."""
    found = (code_of(finding) for finding in product.findings if finding.startswith("R:"))
    return [code for code in found if code not in product.allowed]


def kind_of(findings: Iterable[str]) -> str:
    codes = {code_of(finding) for finding in serious(findings)}
    return PAPERS if codes & PAPER_FINDINGS else WARNED if codes else CLEAN


def reach(offices: Sequence[str]) -> ColumnElement[bool]:
    """The businesses an officer of these regions sees, as a condition."""
    if any(office in ("", "ID") for office in offices):
        return true()
    region = col(Business.region)
    return or_(false(), *(or_(region == office, region.startswith(f"{office}.", autoescape=True)) for office in offices))


def waiting(session: Session, offices: Sequence[str]) -> list[Waiting]:
    """All that waits within reach, the longest wait first."""
    columns = (col(Product.id), col(Product.business_id), col(Product.findings), col(Product.submitted_at), col(Product.updated_at))
    rows = select(*columns).join(Business, col(Business.id) == col(Product.business_id))  # type: ignore[call-overload]
    found = session.execute(
        rows.where(col(Product.status).in_(WAITING), reach(offices)).order_by(col(Product.submitted_at), col(Product.id))
    )
    return [Waiting(id, business, tuple(findings or ()), submitted or updated) for id, business, findings, submitted, updated in found]


def tally(rows: Sequence[Waiting], now: datetime) -> Mapping[str, int]:
    counts = Counter(row.kind for row in rows)
    return {**{kind: counts[kind] for kind in KINDS}, LATE: sum(now - row.since > LONG for row in rows)}


def of_kind(rows: Sequence[Waiting], kind: str, now: datetime) -> list[Waiting]:
    """Those of a kind by findings and age, the products of a vendor side by side."""
    chosen = [row for row in rows if row.kind == kind or (kind == LATE and now - row.since > LONG)]
    chosen.sort(key=lambda row: (KINDS.index(row.kind), row.since, row.product_id))
    vendors: dict[int, list[Waiting]] = defaultdict(list)
    for row in chosen:
        vendors[row.business_id].append(row)
    return [row for group in vendors.values() for row in group]


def next_after(rows: Sequence[Waiting], kind: str, now: datetime) -> int | None:
    """The product to look at next: of the same kind, else the first there is."""
    order = [*of_kind(rows, kind, now), *(row for each in KINDS for row in of_kind(rows, each, now))]
    return order[0].product_id if order else None


def keep_list(session: Session, officer_id: int, kind: str, rows: list[list[int]]) -> int:
    """Remembers what is shown now and returns its stamp."""
    known = session.get(Shortlist, officer_id)
    if known is None:
        known = Shortlist(officer_id=officer_id)
        session.add(known)
    known.kind, known.rows, known.stamp = kind, rows, known.stamp + 1
    return known.stamp


def look_at(session: Session, product: Product, officer_id: int, now: datetime) -> Look | None:
    """Takes a submitted product into review and returns who else is looking at it."""
    taken: Any = update(Product).where(col(Product.id) == product.id, col(Product.status) == SUBMITTED).values(status=IN_REVIEW)
    session.execute(taken)
    known = session.get(Look, product.id)
    if known is None:
        session.add(Look(product_id=product.id or 0, officer_id=officer_id, at=now))
        return None
    before = Look(product_id=known.product_id, officer_id=known.officer_id, at=known.at)
    known.officer_id, known.at = officer_id, now
    return before if before.officer_id != officer_id and now - before.at < BUSY else None
