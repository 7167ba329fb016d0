"""The state of a channel's account: one that the platform restricts is stopped until somebody looks at it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col

from models.columns import moment
from models.inserting import insert_missing

UNLIMITED = 1_000_000_000
THOUSANDS = {"K": 1000, "M": 1_000_000}


class Line(SQLModel, table=True):
    """What is known of an account; nothing leaves while `stopped_at` is set.

    `tier` is how many people may be written to first in rolling 24 hours, 0 as long as it was not told; `quality` as the platform says it.
    """

    account: str = Field(primary_key=True)
    stopped_at: datetime | None = moment()
    reason: str = ""
    tier: int = 0
    quality: str = ""


def line_of(session: Session, account: str) -> Line:
    """Made where nothing was known of the account yet: more than one process may want it at once."""
    insert_missing(session, Line, [{"account": account, "reason": "", "tier": 0, "quality": ""}], ["account"], col(Line.account))
    return session.get_one(Line, account, with_for_update=True)


def people_of(tier: object) -> int:
    """ "TIER_2K" and 2000 are 2,000 people a day; 0 for what says nothing."""
    if isinstance(tier, int) and not isinstance(tier, bool):
        return UNLIMITED if tier < 0 else tier
    name = str(tier or "").upper().removeprefix("TIER_")
    if name == "UNLIMITED":
        return UNLIMITED
    number, unit = (name[:-1], THOUSANDS[name[-1]]) if name[-1:] in THOUSANDS else (name, 1)
    return int(number) * unit if number.isascii() and number.isdecimal() else 0
