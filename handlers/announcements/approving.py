"""A second officer agrees to an announcement to many, or says why not; the writer hears it either way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from handlers.announcements.card import audience_words
from handlers.announcements.foresight import plan_words
from handlers.announcements.reach import who_hears
from handlers.announcements.sending import buttons, mine, state
from handlers.dialogue import Answers, Form, Step
from handlers.office.decency import decent
from handlers.office.door import not_yours, officers_only
from handlers.reading.answers import text
from handlers.said import Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params, Value, joined, moment, say
from models.audience import Audience
from models.campaign import WAITING, Campaign
from models.campaign_life import approve, counted, refuse
from models.campaign_news import ask_second as ask
from models.campaign_news import name_of, tell_decided, title
from models.conversation import Conversation
from models.forecast import Plan
from models.places import name_of as place_of


def ask_second(visit: Visit, campaign: Campaign, asleep: int) -> None:
    ask(visit.session, campaign, whole(visit, campaign, asleep), visit.now)


def whole(visit: Visit, campaign: Campaign, asleep: int = 0) -> Message:
    """The whole announcement, as it goes out and with what it may cost, for who must agree."""
    audience = Audience.from_json(campaign.audience)
    starts, ends = campaign.starts_at, campaign.ends_at
    who = who_hears({"": campaign.total, **campaign.excluded}, later=asleep)
    params: dict[str, Value] = {
        "writer": name_of(visit.session, campaign.officer_id),
        "place": place_of(audience.region),
        "text": campaign.text,
        "audience": audience_words(audience),
        "when": say("announcement.leaves_at", starts=moment(starts)) if starts else say("announcement.leaves_agreed"),
        "until": moment(ends) if ends else "-",
        "who": joined([who, plan_words(Plan.from_json(campaign.plan), campaign.paid)], "\n") if campaign.plan else who,
    }
    media = (campaign.picture,) if campaign.picture else ()
    agree = (command("announcement_agree", campaign.id or 0), command("announcement_refuse", campaign.id or 0))
    return Message("announcement.approve", params, agree, media)


def _open(visit: Visit, subject: str) -> Campaign | Message:
    """A campaign this officer may decide on, or why not."""
    campaign = mine(visit, subject)
    if campaign is None:
        return not_yours(visit)
    if campaign.status != WAITING:
        return _decided(visit, campaign)
    if campaign.officer_id == visit.person_id:
        return Message("announcement.own", {"title": title(campaign)}, buttons(campaign))
    return campaign


def _decided(visit: Visit, campaign: Campaign) -> Message:
    """Another was quicker."""
    return Message("announcement.decided", {"title": title(campaign), "state": state(visit, campaign)}, buttons(campaign))


def agree(visit: Visit, subject: str, version: int) -> Outcome:
    found = _open(visit, subject)
    if isinstance(found, Message):
        return Aside(found)
    reached = visit.count(("campaign", found.id), partial(counted, campaign_id=found.id or 0))
    if not approve(visit.session, found.id or 0, visit.person_id, visit.now, reached):
        return Aside(_decided(visit, found))
    tell_decided(visit.session, found, visit.now)
    return Message("announcement.agreed", {"title": title(found), "state": state(visit, found)}, buttons(found))


def decline(visit: Visit, subject: str, version: int) -> Outcome:
    found = _open(visit, subject)
    return Aside(found) if isinstance(found, Message) else Begin("refusal", about={"campaign": found.id})


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    campaign = visit.session.get(Campaign, about["campaign"])
    return {"links": visit.links, "title": title(campaign) if campaign else ""}


def params(answers: Answers, facts: Facts) -> Params:
    return {"title": facts["title"]}


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """What happened meanwhile is looked at again."""
    found = _open(visit, str(conversation.about["campaign"]))
    if isinstance(found, Message):
        return Aside(found)
    if not refuse(visit.session, found.id or 0, visit.person_id, visit.now):
        return Aside(_decided(visit, found))
    tell_decided(visit.session, found, visit.now, conversation.answers["reason"])
    return Message("announcement.declined", {"title": title(found)}, (command("menu"),))


FORMS = (Form("refusal", (Step("reason", replace(decent(text(3, 300)), free=False), params=params),), facts=facts, finish=finish),)
COMMANDS = {"announcement_agree": officers_only(agree), "announcement_refuse": officers_only(decline)}
