"""A procurement package as its source describes it, read and normalised: what every reader of a source makes, whatever the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

RUP, TENDER, NONTENDER, RECORD, OCDS, SHEET = "rup", "tender", "nontender", "record", "ocds", "sheet"
"""Systems that give packages their numbers; a record is of a purchase that SPSE only writes down (pencatatan)."""


@dataclass(frozen=True, slots=True)
class Package:
    """`keys` are all its names as (system, number), the one of its own system first; the others tie it to what was met before.

    Money in integer rupiah, moments aware in UTC, `places` region codes. `etalase` is empty: it is found out from the title and detail.
    "" and None mean that the source does not say, and change nothing that is known already.
    """

    source: str
    keys: tuple[tuple[str, str], ...]
    title: str
    detail: str = ""
    buyer: str = ""
    institution: str = ""
    places: tuple[str, ...] = ()
    budget: int | None = None
    estimate: int | None = None
    funds: tuple[str, ...] = ()
    method: str = ""
    """As `handlers.calls.form.METHODS` names it."""
    kind: str = ""
    """goods, services, works or consulting."""
    small_only: bool | None = None
    domestic: bool | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    qualifying: bool = False
    """Whether `closes_at` is the end of handing in the papers of a prequalification: whoever has not, cannot offer any more."""
    status: str = ""
    """planned, active, cancelled or complete."""
    reason: str = ""
    link: str = ""
    fresh_at: datetime | None = None
    """When the source says that it was published or changed."""
    replaces: tuple[tuple[str, str], ...] = field(default=())
    """Keys of packages that this one takes the place of."""
    formerly: tuple[tuple[str, str], ...] = field(default=())
    """Keys by which releases before this one knew such a row."""

    @property
    def silent(self) -> bool:
        """Whether it has nothing to say, such as the stage of a schedule that is nobody's but the office's."""
        return not (self.title or self.places or self.funds or self.closes_at or self.opens_at or self.status or self.replaces)


class Unreadable(Exception):
    """A row that cannot become a package; the reason is a short name such as "no_title"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
