"""Reports that officers asked for in a chat: a row until the spreadsheet is there and has been queued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from messages import Message
from models.campaign import Campaign
from models.columns import moment
from models.contact import Address, Person, offices, sees
from models.post import notify_at

TRIES = 3


class Report(SQLModel, table=True):
    """One for each chat; asking again asks anew. `done_at` is when it was queued, or given up after a few `tries`."""

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True)
    address_id: int = Field(foreign_key="address.id", primary_key=True)
    asked_at: datetime = moment(nullable=False)
    tries: int = 0
    done_at: datetime | None = moment(index=True)


def ask_report(session: Session, campaign_id: int, address_id: int, now: datetime) -> None:
    """A second tap while it is being written asks for nothing more."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = make(Report).values(campaign_id=campaign_id, address_id=address_id, asked_at=now, tries=0, done_at=None)
    anew = {"asked_at": now, "tries": 0, "done_at": None}
    unique = ["campaign_id", "address_id"]
    session.execute(row.on_conflict_do_update(index_elements=unique, set_=anew, where=col(Report.done_at).is_not(None)))


def wanted(session: Session) -> list[tuple[Report, str]]:
    """What is still to be written, and the language of who asked."""
    rows = select(Report, Person.locale).join(Address, col(Address.id) == col(Report.address_id))
    rows = rows.join(Person, col(Person.id) == col(Address.person_id)).where(col(Report.done_at).is_(None))
    return [(report, locale) for report, locale in session.exec(rows.order_by(col(Report.asked_at)))]


def begin(session: Session, asked: Report, now: datetime) -> bool:
    """Counts the try. False when it is not wanted any more, cannot be written, or who asked may not see it now."""
    report = session.get(Report, (asked.campaign_id, asked.address_id), with_for_update=True)
    if report is None or report.done_at:
        return False
    campaign, address = session.get(Campaign, asked.campaign_id), session.get(Address, asked.address_id)
    report.tries += 1
    allowed = campaign and address and sees(offices(session, address.person_id), campaign.audience["region"])
    if not allowed or report.tries > TRIES:
        report.done_at = now
    return report.done_at is None


def deliver(session: Session, asked: Report, message: Message, now: datetime) -> bool:
    """Queues the document. False when somebody else did."""
    report, address = (
        session.get(Report, (asked.campaign_id, asked.address_id), with_for_update=True),
        session.get(Address, asked.address_id),
    )
    if report is None or report.done_at or address is None:
        return False
    report.done_at = now
    notify_at(session, address, message, now, subject=f"report:{asked.campaign_id}")
    return True
