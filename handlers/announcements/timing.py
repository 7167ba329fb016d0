"""When an announcement leaves and until when it may wait for its people: read as they are typed, in the office's own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.dialogue import Answers
from handlers.matching import says
from handlers.reading.dates import date_shown, date_words, keeps_date, read_date
from handlers.said import Facts, Offer, Reader, Rejected, Said
from messages import Option, Value, moment, say
from models.campaign_life import LASTS
from models.quiet import after_quiet

NOW = "now"
HOURS = ("08:00", "10:00", "13:00", "16:00")
DAY_ENDS = "T23:59"
"""What a day without an hour is read as."""


def moment_of(local: str, zone: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def starts_of(answers: Answers, facts: Facts) -> datetime:
    """When it leaves: now, where nothing else was said."""
    said = answers.get("starts") or NOW
    now: datetime = facts["now"]
    return now if said == NOW else moment_of(said, facts["zone"])


def ends_of(answers: Answers, facts: Facts) -> datetime:
    return moment_of(answers.get("ends") or ends_default(answers, facts), facts["zone"])


def read_starts(said: Said, facts: Facts) -> str:
    """ "sekarang", or a day with an hour; a day alone is asked for its hour."""
    if says(said.text, "at_once"):
        return NOW
    found = read_date(said, facts)
    if found.endswith(DAY_ENDS) and "59" not in said.text:
        raise Rejected("announcement.which_hour", {}, _hours(found.removesuffix(DAY_ENDS), facts))
    until = facts.get("answers", {}).get("ends")
    if until and until <= found:
        raise Rejected("announcement.ends_first", {"until": moment(moment_of(until, facts["zone"]))})
    return found


def _hours(day: str, facts: Facts) -> list[Offer]:
    coming = [at for hour in HOURS if moment_of(at := f"{day}T{hour}", facts["zone"]) > facts["now"]]
    return [Offer(at[-5:].replace(":", "."), at) for at in coming]


def read_ends(said: Said, facts: Facts) -> str:
    """A day alone counts until it is over."""
    found = read_date(said, facts)
    if why := refused_end(facts.get("answers", {}), facts, found):
        raise why
    return found


def refused_end(answers: Answers, facts: Facts, ends: str) -> Rejected | None:
    """An end before the start, or before anybody is told because it is night."""
    starts, until = starts_of(answers, facts), moment_of(ends, facts["zone"])
    if until <= starts:
        return Rejected("announcement.ends_before", {"starts": moment(starts)})
    if until <= after_quiet(starts, facts["zone"]):
        return Rejected("announcement.ends_at_night", {"starts": moment(after_quiet(starts, facts["zone"]))})
    return None


def starts_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    tomorrow = (facts["now"].astimezone(ZoneInfo(facts["zone"])) + timedelta(days=1)).date()
    return (Option(NOW, say("announcement.at_once")), Option(f"{tomorrow}T{HOURS[0]}", say("announcement.tomorrow", at="08.00")))


def starts_default(answers: Answers, facts: Facts) -> str:
    return NOW


def ends_default(answers: Answers, facts: Facts) -> str:
    """The last minute of a day a week later."""
    return f"{(starts_of(answers, facts) + LASTS).astimezone(ZoneInfo(facts['zone'])).date()}{DAY_ENDS}"


def starts_shown(value: Any) -> Value:
    return say("announcement.at_once") if value == NOW else date_shown(value)


def keeps_starts(value: Any) -> bool:
    return value == NOW or keeps_date(value)


starts = Reader(read_starts, keeps_starts, lambda value: "sekarang" if value == NOW else date_words(value), starts_shown, numeric=True)
ends = Reader(read_ends, keeps_date, date_words, date_shown, numeric=True)


def when_words(answers: Answers, facts: Facts) -> Value:
    """ "langsung", or the moment, with the word that its audience is counted anew then."""
    if starts_of(answers, facts) <= facts["now"]:
        return say("announcement.leaves_now")
    return say("announcement.leaves_at", starts=moment(starts_of(answers, facts)))
