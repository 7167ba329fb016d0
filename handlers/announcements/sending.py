"""An announcement on its way: how far it is, stopping it, and the replies that come back."""

from __future__ import annotations

from datetime import timedelta

from handlers.announcements.reach import night_words, who_hears
from handlers.matching import is_greeting, says
from handlers.office.door import not_yours, officers_only
from handlers.questions import brief, fixed_answer, held, hold, region_of, send, tell_officers
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, joined, lines, say
from models.campaign import CANCELLED, RUNNING, Campaign, campaigns_seen, end_when_done, failures, heard, progress
from models.contact import sees
from models.reasons import told

REPLY_WITHIN = timedelta(hours=1)
ARRIVED = ("sent", "delivered", "read")
SHOWN = 3


def started(visit: Visit, campaign: Campaign) -> Message:
    """What the officer hears right after confirming."""
    who = who_hears({"": campaign.total, **campaign.excluded}, night_words(visit.now, visit.province))
    return Message("announcement.started", {"who": who}, _buttons(campaign))


def _buttons(campaign: Campaign) -> tuple[Option, ...]:
    look = command("progress", campaign.id or 0)
    return (look, command("announcement_stop", campaign.id or 0)) if campaign.status == RUNNING else (look, command("menu"))


def state(visit: Visit, campaign: Campaign) -> Value:
    """ "Terkirim 120 dari 300, gagal 2 (diblokir 2)." """
    end_when_done(visit.session, campaign, visit.now)
    counts = progress(visit.session, campaign.id or 0)
    reasons = failures(visit.session, campaign.id or 0)
    failed = [say("announcement.why", why=told(reason), n=n) for reason, n in reasons.items()]
    parts = [say("announcement.sent_of", sent=sum(counts.get(one, 0) for one in ARRIVED), n=campaign.total)]
    if failed:
        parts.append(say("announcement.failed", n=sum(reasons.values()), reasons=joined(failed, ", ")))
    parts.append(say(f"announcement.is_{campaign.status}"))
    return joined(parts, " ")


def _mine(visit: Visit, subject: str) -> Campaign | None:
    campaign = visit.session.get(Campaign, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    return campaign if campaign and sees(visit.offices, campaign.audience["region"]) else None


def look(visit: Visit, subject: str, version: int) -> Outcome:
    """How far one is; without a subject the latest few."""
    if subject not in ("", "0"):
        campaign = _mine(visit, subject)
        if campaign is None:
            return Aside(not_yours(visit))
        return Message("announcement.progress", {"text": brief(campaign.text), "state": state(visit, campaign)}, _buttons(campaign))
    seen = campaigns_seen(visit.session, visit.offices, SHOWN)
    if not seen:
        return Message("announcement.none", {}, (command("new_announcement"), command("menu")))
    rows = lines(say("announcement.row", place=n, text=brief(one.text), state=state(visit, one)) for n, one in enumerate(seen, 1))
    buttons = [command("progress", one.id or 0, label=say("call.look", n=place)) for place, one in enumerate(seen, 1)]
    return Message("announcement.list", {"rows": rows}, (*buttons, command("new_announcement")))


def stop(visit: Visit, subject: str, version: int) -> Outcome:
    """What has not left stays; it is the campaign that is looked at when a row is claimed."""
    campaign = _mine(visit, subject)
    if campaign is None:
        return Aside(not_yours(visit))
    end_when_done(visit.session, campaign, visit.now)
    if campaign.status == RUNNING:
        campaign.status, campaign.ended_at = CANCELLED, visit.now
    return look(visit, subject, version)


def quoted(visit: Visit, subject: str) -> Outcome | None:
    """Words that quote an announcement are a reply to it."""
    text = visit.said.text.strip()
    if not text or says(text, "stop") or not heard(visit.session, int(subject), visit.person_id):
        return None
    return Aside(send(visit, text, f"campaign:{subject}"))


def idle_said(visit: Visit, text: str) -> Outcome | None:
    """The first free words within an hour of an announcement: are they a reply to it?"""
    row = visit.shown
    if visit.offices or row is None or row.campaign_id is None or row.settled_at is None:
        return None
    if visit.now - row.settled_at > REPLY_WITHIN or is_greeting(text) or fixed_answer(visit, text):
        return None
    kept = hold(visit, text)
    buttons = (command("reply_yes", kept.id or 0, row.campaign_id), command("reply_no", kept.id or 0))
    return Message("announcement.is_reply", {"text": text}, buttons)


def reply_yes(visit: Visit, subject: str, version: int) -> Outcome:
    kept = held(visit, subject)
    if kept is None or not heard(visit.session, version, visit.person_id):
        return Aside(Message("common.button_old"))
    kept.about = f"campaign:{version}"
    kept.region = region_of(visit, kept.about)
    visit.session.flush()
    return Aside(tell_officers(visit, kept))


def reply_no(visit: Visit, subject: str, version: int) -> Outcome:
    """Not a reply: then perhaps a question."""
    kept = held(visit, subject)
    if kept is None:
        return Aside(Message("common.button_old"))
    return Message("question.send_this", {"text": kept.text}, (command("question_send", kept.id or 0), command("menu")))


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return look(visit, "", 0) if says(words, "progress") else None


COMMANDS = {"progress": officers_only(look), "announcement_stop": officers_only(stop), "reply_yes": reply_yes, "reply_no": reply_no}
QUOTED = {"campaign": quoted}
IDLE_SAYS = (idle_said,)
OFFICER_SAYS = (officer_says,)
