"""What templates leave to the conversation: the whole of what one could not hold, and the word to officers when one is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.visit import Aside, Outcome, Visit
from messages import Message, Value, joined, say
from models.campaign import Campaign
from models.contact import officers_for
from models.post import gather, notify, quoted
from models.template import STOPPED, Template, known, news_of_template, recategorised, remember, state_of, stopped


def whole(visit: Visit, subject: str, version: int) -> Outcome:
    """Says again, freely and with its picture, what was tapped on, or what was shown last where the tap does not tell."""
    tapped = quoted(visit.session, visit.address.account, visit.said.quoted, visit.person_id) if visit.said.quoted else None
    row = tapped or visit.shown
    campaign = visit.session.get(Campaign, row.campaign_id) if row and row.campaign_id else None
    said = campaign.message if campaign else row.message if row else None
    return Message.from_json(said) if said else Aside(Message("common.button_old"))


def hear(session: Session, value: Mapping[str, Any], province: str, at: datetime, now: datetime) -> bool:
    """Keeps a webhook's news of a template, said `at`, and tells the officers of the province once when one in use is stopped."""
    news = news_of_template(value)
    if news is None:
        return False
    before = _standing(state_of(session, news.name, news.locale))
    remember(session, news.name, news.locale, news.state, news.category, news.reason, at)
    row = state_of(session, news.name, news.locale)
    if row and stopped(row) and _standing(row) != before:
        _tell_officers(session, province, now)
    return True


def _standing(row: Template | None) -> tuple[str, bool]:
    return (row.state, recategorised(row)) if row else ("", False)


def _tell_officers(session: Session, province: str, now: datetime) -> None:
    """One notice for all that stands still, however many are stopped at once."""
    officers = officers_for(session, province)
    gather(session, officers, "templates")
    held = {row.name: row for row in known(session).values() if stopped(row)}
    message = Message("whatsapp.template_stopped", {"list": joined([_held(row) for row in held.values()], ", ")})
    for officer in officers:
        notify(session, officer, message, now, bundle="templates")


def _held(row: Template) -> Value:
    state = row.state if row.state in STOPPED else "marketing"
    return say("whatsapp.held", about=say(f"whatsapp.about.{row.name}"), state=say(f"whatsapp.state.{state}"))


COMMANDS = {"whole": whole}
