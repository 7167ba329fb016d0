"""What officers hear of an announcement: somebody must agree, it was agreed to or not, it began, it stopped by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from messages import Message, Option, Value, has, say
from models.campaign import Campaign, progress
from models.campaign_life import approvers, left_of, stop
from models.canary import ARRIVED, FAILED, FAILING
from models.contact import Person, officers_for
from models.post import notify, withdraw
from models.reasons import told

TITLE = 60


def title(campaign: Campaign) -> str:
    """Its first words, on one line."""
    words = " ".join(campaign.text.split())
    return words if len(words) <= TITLE else f"{words[: TITLE - 1].rsplit(' ', 1)[0]}…"


def pressing(name: str, campaign: Campaign) -> Option:
    return Option(name, press=f"c:{name}:{campaign.id}:0")


def name_of(session: Session, person_id: int | None) -> Value:
    """How an officer is called by the others."""
    person = session.get(Person, person_id) if person_id else None
    return person.call_name if person and person.call_name else say("announcement.colleague")


def ask_second(session: Session, campaign: Campaign, card: Message, now: datetime) -> None:
    """Every other officer of the team gets the whole announcement; the first one decides."""
    for officer in approvers(session, campaign.audience["region"], campaign.officer_id):
        notify(session, officer, card, now, bundle=bundle(campaign))


def bundle(campaign: Campaign) -> str:
    return f"campaign:{campaign.id}:agree"


def tell_decided(session: Session, campaign: Campaign, now: datetime, why: str = "") -> None:
    """The writer hears the outcome; cards that have not left are taken back."""
    for officer in approvers(session, campaign.audience["region"], campaign.officer_id):
        withdraw(session, officer, bundle(campaign), now)
    by = name_of(session, campaign.approver_id)
    if why:
        said = {"title": title(campaign), "by": by, "why": why}
        message = Message("announcement.refused", said, (pressing("announcement_redo", campaign),))
    else:
        message = Message("announcement.approved", {"title": title(campaign), "by": by}, (pressing("progress", campaign),))
    notify(session, campaign.officer_id, message, now)


def tell_begun(session: Session, campaign: Campaign, now: datetime) -> None:
    """A scheduled one has set out, or found nobody."""
    key = "announcement.begun" if campaign.total else "announcement.begun_nobody"
    message = Message(key, {"title": title(campaign), "n": campaign.total}, (pressing("progress", campaign),))
    notify(session, campaign.officer_id, message, now, bundle=f"campaign:{campaign.id}:begun")


def tell_lapsed(session: Session, campaign: Campaign, now: datetime) -> None:
    """Its time is over before anybody agreed."""
    message = Message("announcement.lapsed", {"title": title(campaign)}, (pressing("announcement_redo", campaign),))
    notify(session, campaign.officer_id, message, now)


def halt_campaign(session: Session, campaign_id: int, why: str, now: datetime) -> bool:
    """Stops an announcement by itself, for the reason named, and tells its officers. False when it was not under way."""
    campaign = stop(session, campaign_id, why, now)
    if campaign is None:
        return False
    counts = progress(session, campaign_id)
    sent, failed = (sum(counts.get(one, 0) for one in several) for several in (ARRIVED, FAILED))
    said = {"title": title(campaign), "why": why_words(why, failed), "sent": sent, "left": left_of(campaign, counts)}
    # Before anything goes on or ends, the officer is asked once more.
    can = tuple(pressing(name, campaign) for name in ("progress", "announcement_resume", "announcement_stop"))
    message = Message("announcement.halted", said, can)
    for officer in team(session, campaign):
        notify(session, officer, message, now, bundle=f"campaign:{campaign.id}:halted", urgent=True)
    return True


def why_words(why: str, failed: int = 0) -> Value:
    """Why it stopped, in words, with how many it did not reach where that is the reason; what is not named is the platform's doing."""
    if why == FAILING and failed:
        return say("announcement.halt_failing_n", n=failed)
    key = f"announcement.halt_{why.replace(' ', '_')}"
    return say(key) if has(key) else say("announcement.halt_template" if "template" in why else "announcement.halt_other", why=told(why))


def team(session: Session, campaign: Campaign) -> Collection[int]:
    return sorted({*officers_for(session, campaign.audience["region"]), campaign.officer_id})
