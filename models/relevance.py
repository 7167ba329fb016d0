"""How well a call fits a person's products, and why: the one question that alerts, search and officers ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.call import Call
from models.matching import Candidate, candidates


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names a text `call.why_<key>`, `params` what stands in it: `Reason("words", {"words": "nasi kotak"})`."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A person with the product that fits best. `score` 0 to 1; `why` is the reason not to tell, as in `models.matching.Candidate`."""

    person_id: int
    zone: str
    product_id: int
    product: str
    approved: bool
    score: float
    reasons: tuple[Reason, ...]
    why: str = ""


def rank(session: Session, call: Call, product_id: int = 0) -> list[Match]:
    """Everybody with a product that may fit, the best first; of one product when it is named."""
    found = [_match(one) for one in candidates(session, call.etalase, call.region, product_id, call.title)]
    return sorted(found, key=lambda match: (-match.score, match.person_id))


def _match(one: Candidate) -> Match:
    reason = Reason("category", {"product": one.product})
    return Match(one.person_id, one.zone, one.product_id, one.product, one.approved, 0.5, (reason,), one.why)
