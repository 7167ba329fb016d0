"""The card of an announcement before it goes out: whom it reaches, when, what it looks like where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from handlers.announcements.body import looked_at
from handlers.announcements.outlook import PAY, Outlook, outlook
from handlers.announcements.reach import etalase_names, office_facts, place_name, region_default, who_hears
from handlers.announcements.timing import NOW, ends_of, read_starts, starts_of, starts_shown, when_words
from handlers.dialogue import Answers
from handlers.matching import place_in, says, yes
from handlers.reading.answers import choice
from handlers.said import Facts, Rejected, Said
from handlers.visit import Visit, command
from messages import Message, Option, Params, Value, Voice, joined, moment, say
from messages.pushed import PUSHED
from messages.templates import body as template_of
from messages.templates import templated
from models.audience import Audience, asleep, tally
from models.places import name_of
from models.quiet import ISLANDS, quiet


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    """`tally(audience)` counts whom it would reach, once a turn; `asleep(audience, when)` for how many of them it is night then."""
    known: dict[Audience, Mapping[str, int]] = {}

    def counted(audience: Audience) -> Mapping[str, int]:
        if audience not in known:
            known[audience] = visit.count(("tally", audience), partial(tally, audience=audience))
        return known[audience]

    def sleeping(audience: Audience, when: datetime) -> int:
        # While it is day on all the islands nobody need be counted.
        if not any(quiet(when, zone) for zone in ISLANDS):
            return 0
        return visit.count(("asleep", audience, when), partial(asleep, audience=audience, when=when))

    seen: dict[Audience, Outlook | None] = {}

    def foreseen(audience: Audience) -> Outlook | None:
        if audience not in seen:
            seen[audience] = outlook(visit, audience)
        return seen[audience]

    return {**office_facts(visit), "tally": counted, "asleep": sleeping, "outlook": foreseen}


def etalase_wanted(answers: Answers, facts: Facts) -> bool:
    """A draft has no etalase yet."""
    return answers.get("state") != "drafts"


def audience_of(answers: Answers, facts: Facts) -> Audience:
    place = answers.get("region") or region_default(answers, facts) or facts["province"]
    picked = answers.get("etalase") if etalase_wanted(answers, facts) else ()
    return Audience(place, answers.get("state") or "all", tuple(sorted(picked or ())))


def audience_words(audience: Audience) -> Value:
    """ "Semua yang terdaftar, Samarinda, Makanan & Minuman" """
    groups = etalase_names(audience.etalase) if audience.etalase else say("announcement.any_etalase")
    return joined([say(f"announcement.state.is_{audience.state}"), place_name(audience.region), groups], ", ")


def card(answers: Answers, facts: Facts) -> Params:
    audience, at_once = audience_of(answers, facts), starts_of(answers, facts) <= facts["now"]
    shown: dict[str, Value] = {
        "text": answers["text"],
        "sender": name_of(audience.region),
        "audience": audience_words(audience),
        "when": when_words(answers, facts),
        "until": moment(ends_of(answers, facts)),
        "who": who_of(answers, facts),
        "next": say(f"announcement.{_next(answers, facts, at_once)}"),
    }
    return shown


def _next(answers: Answers, facts: Facts, at_once: bool) -> str:
    """What is asked below the card."""
    if not facts["tally"](audience_of(answers, facts)).get("", 0):
        return "nobody_fits"
    return "first_you" if not looked_at(answers) else "now_send" if at_once else "then_send"


def who_of(answers: Answers, facts: Facts) -> Value:
    """Whom it reaches, for how many of them it is night then, and what WhatsApp makes of it."""
    audience, starts = audience_of(answers, facts), starts_of(answers, facts)
    who = who_hears(facts["tally"](audience), later=facts["asleep"](audience, starts))
    seen = foreseen(answers, facts)
    return joined([who, seen.paid if answers.get("paid") == PAY else seen.waits], "\n") if seen else who


def foreseen(answers: Answers, facts: Facts) -> Outlook | None:
    found: Outlook | None = facts["outlook"](audience_of(answers, facts))
    return found


def card_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    """Nothing goes to others before it went to the officer."""
    if not looked_at(answers):
        return (command("announcement_self"), Option("edit_starts"), Option("change"))
    n = facts["tally"](audience_of(answers, facts)).get("", 0)
    send = (Option("send_all", say("announcement.send_to", n=n)),) if n else ()
    return (*send, Option("change"), command("announcement_again"), command("announcement_looks"))


def looks(message: Message, voice: Voice) -> Message:
    """The announcement as it is freely sent, and as the template that takes its place outside of WhatsApp's window."""
    made = templated(message, voice)
    names = template_of(PUSHED[message.key], voice.locale).variables
    closed = say(f"template.{made.name}", **dict(zip(names, made.values, strict=True))) if made else say("common.none")
    opened = say(message.key, **message.params)
    key = "announcement.looks_pictured" if message.media else "announcement.looks"
    return Message(key, {"opened": opened, "closed": closed}, (command("go"),))


def read_sending(said: Said, facts: Facts) -> str:
    """What is typed below the card: a time is when it leaves, and neither a yes nor a number is enough to send it to all."""
    found = _time(said, facts)
    if found and (found, facts["answers"].get("starts") or NOW) != (NOW, NOW):
        when = say("announcement.leaves_now") if found == NOW else starts_shown(found)
        raise Rejected("announcement.time_noted", {"when": when}, also={"starts": found})
    hurried = found or yes(said.text) or says(said.text, "send") or place_in(said.text)
    if hurried and (n := facts["tally"](audience_of(facts["answers"], facts)).get("", 0)):
        raise Rejected("announcement.how_many", {"n": n})
    return str(_send_all.read(said, facts))


def _time(said: Said, facts: Facts) -> str:
    """ "" for what is no time."""
    try:
        return read_starts(said, facts)
    except Rejected:
        return ""


_send_all = choice("send_all")
card_answer = replace(_send_all, read=read_sending)
