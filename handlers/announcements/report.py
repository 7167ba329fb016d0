"""The report of an announcement, asked for by an officer of its region."""

from __future__ import annotations

from handlers.matching import says
from handlers.office.door import not_yours, officers_only
from handlers.questions import brief
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message
from models.campaign import Campaign, campaigns_seen
from models.contact import sees
from models.report import ask_report


def report(visit: Visit, subject: str, version: int) -> Outcome:
    """Comes when it is written; without a subject that of the latest announcement."""
    known = subject.isdecimal() and len(subject) <= 18
    if subject in ("", "0"):
        campaign = next(iter(campaigns_seen(visit.session, visit.offices, 1)), None)
        if campaign is None:
            return Message("report.none", {}, (command("new_announcement"), command("menu")))
    else:
        campaign = visit.session.get(Campaign, int(subject)) if known else None
    if campaign is None or not sees(visit.offices, campaign.audience["region"]):
        return Aside(not_yours(visit))
    ask_report(visit.session, campaign.id or 0, visit.address.id or 0, visit.now)
    return Aside(Message("report.coming"))


def ready(campaign: Campaign, name: str) -> Message:
    """What comes with the file of that name."""
    return Message("report.ready", {"text": brief(campaign.text)}, (command("progress", campaign.id or 0),), media=(name,))


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return report(visit, "", 0) if says(words, "report") else None


COMMANDS = {"report": officers_only(report)}
OFFICER_SAYS = (officer_says,)
