"""Counts for the office: what waits, what was decided, by region, and what this week brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.business import Business
from models.product import Decision, Product
from models.review import reach


def by_region(session: Session, offices: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """{region: {status: products}} within reach."""
    rows = select(Business.region, Product.status, func.count()).join(Product, col(Product.business_id) == col(Business.id))
    counts: dict[str, Counter[str]] = {}
    for region, status, n in session.exec(rows.where(reach(offices)).group_by(col(Business.region), col(Product.status))):
        counts.setdefault(region, Counter())[status] += n
    return dict(sorted(counts.items()))


def since(session: Session, offices: Sequence[str], start: datetime) -> Mapping[str, int]:
    """Products that came in and verdicts given from `start` on; what was undone does not count."""
    came = select(func.count()).select_from(Product).join(Business, col(Business.id) == col(Product.business_id))
    counts = Counter({"came": session.exec(came.where(reach(offices), col(Product.submitted_at) >= start)).one()})
    given = select(Decision.verdict, func.count()).join(Product, col(Product.id) == col(Decision.product_id)).join(Business)
    given = given.where(reach(offices), col(Decision.at) >= start, col(Decision.undone_at).is_(None))
    for verdict, n in session.exec(given.group_by(col(Decision.verdict))):
        counts[verdict] += n
    return counts
