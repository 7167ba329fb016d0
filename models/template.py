"""What WhatsApp says of the templates: whether each may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from messages.catalogue import locales
from messages.pushed import NAMED
from models.columns import moment
from models.prepared import Prepared

APPROVED = "approved"
STOPPED = ("paused", "rejected", "disabled")
STATES = {
    "APPROVED": APPROVED, "REINSTATED": APPROVED, "UNARCHIVED": APPROVED, "FLAGGED": APPROVED, "UNPAUSE": APPROVED,
    "PENDING": "pending", "IN_APPEAL": "pending",
    "REJECTED": "rejected", "PAUSED": "paused",
    "FIRST_PAUSE": "paused", "SECOND_PAUSE": "paused", "RATE_LIMITING_PAUSE": "paused",
    "DISABLED": "disabled", "ARCHIVED": "disabled", "DELETED": "disabled", "PENDING_DELETION": "disabled",
}  # fmt: skip
"""The platform's events as a state. FLAGGED can still be sent; what is not listed (LIMIT_EXCEEDED) says nothing about one template."""


class Template(SQLModel, table=True):
    """`state` as the platform names it, in lower case: approved, pending, rejected, paused, disabled; `category` as it decided.

    Either is empty as long as it was not told.
    """

    __table_args__ = (Index("ix_template_name_locale", "name", "locale", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    locale: str
    state: str = "pending"
    category: str = ""
    reason: str = ""
    at: datetime = moment(nullable=False)


HEARD = select(Template).execution_options(populate_existing=True)
"""Read anew: what is heard is written past the session's objects."""


_one = (col(Template.name) == bindparam("name"), col(Template.locale) == bindparam("locale"))
STATE = Prepared(select(Template.name, Template.state, Template.category).where(*_one))


@dataclass(frozen=True, slots=True)
class News:
    """What was said of one template; an empty part says nothing."""

    name: str
    locale: str
    state: str = ""
    category: str = ""
    reason: str = ""


def news_of_template(value: Mapping[str, Any]) -> News | None:
    """The news in a webhook's value of message_template_status_update, template_category_update or message_template_quality_update.

    None when it is of no template of ours, or nothing that we could know. Raises nothing, whatever the value is.
    """
    name, locale = _text(value, "message_template_name"), _text(value, "message_template_language").replace("-", "_").partition("_")[0]
    if name not in NAMED or locale not in locales():
        return None
    # A change that is only announced comes true within a day: it counts at once.
    category = _text(value, "correct_category") or _text(value, "new_category") or _text(value, "message_template_category")
    state = STATES.get(_text(value, "event"), "") or STATES.get(_text(_table(value, "other_info"), "title"), "")
    news = News(name, locale, state, category.lower(), _reason(value))
    return news if news.state or news.category or news.reason else None


def _reason(value: Mapping[str, Any]) -> str:
    if quality := _text(value, "new_quality_score"):
        return f"quality {quality.lower()}"
    told = _text(value, "reason")
    parts = ["" if told == "NONE" else told, _text(_table(value, "other_info"), "title"), _text(_table(value, "rejection_info"), "reason")]
    return ": ".join(part for part in parts if part)[:300]


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _table(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def state_of(session: Session, name: str, locale: str) -> Template | None:
    """The row as last heard; None when nothing was."""
    return session.exec(HEARD.where(Template.name == name, Template.locale == locale)).first()


def approved(session: Session, name: str, locale: str) -> bool:
    """Whether a template may be sent as what it is: one that the platform made marketing against our will may not."""
    row = next(iter(STATE(session, name=name, locale=locale)), None)
    return row is not None and row.state == APPROVED and not recategorised(row)


def recategorised(row: Template) -> bool:
    """The platform takes for marketing what we hold for utility: it would cost twice and count as something nobody asked for."""
    ours = NAMED.get(row.name)
    return ours is not None and ours.category == "utility" and row.category == "marketing"


def stopped(row: Template) -> bool:
    return row.state in STOPPED or recategorised(row)


def known(session: Session) -> dict[tuple[str, str], Template]:
    """Everything heard, by name and language."""
    return {(row.name, row.locale): row for row in session.exec(HEARD.order_by(col(Template.id)))}


def remember(session: Session, name: str, locale: str, state: str, category: str, reason: str, now: datetime) -> None:
    """Keeps what was heard. An empty state or category leaves what is known; a state older than the known one changes nothing."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    told = {"state": state, "category": category, "reason": reason, "at": now}
    change = {part: told[part] for part in ("state", "category") if told[part]} | {"reason": reason} | ({"at": now} if state else {})
    fresh = make(Template).values(name=name, locale=locale, **told)
    newer = (col(Template.at) <= now) | (col(Template.state) == "") if state else None
    session.execute(fresh.on_conflict_do_update(index_elements=["name", "locale"], set_=change, where=newer))
