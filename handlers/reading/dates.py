"""A day and an hour to come, as people type them: "15 Desember 2026 16.00", "besok jam 4 sore", "jumat 15.00"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.reading.numerals import plain
from handlers.said import Facts, Offer, Reader, Rejected, Said
from messages import Value, day, joined
from models.months import MONTHS, NAMES

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("senin monday mon", "selasa tuesday tue", "rabu wednesday wed", "kamis thursday thu", "jumat jum'at friday fri",
         "sabtu saturday sat", "minggu ahad sunday sun")
    )
    for name in names.split()
}  # fmt: skip
LATER = re.compile(r"nanti(?: (?:saja|aja|dulu))?")
"""Not today: "nanti jam 4" is, "nanti" alone puts the question off."""
NEAR = {"hari ini": 0, "today": 0, "nanti": 0, "malam ini": 0, "besok": 1, "bsk": 1, "tomorrow": 1, "lusa": 2, "besok lusa": 2}
AHEAD = re.compile(r"(?<!\w)(?:dalam\s+)?(?P<n>\d{1,3})\s*hari\s+(?:lagi|ke\s?depan)(?!\w)|(?<!\w)in\s+(?P<n2>\d{1,3})\s+days(?!\w)")
DAY_ONLY = re.compile(r"(?<!\w)(?:tanggal|tgl)\.?\s*(?P<d>\d{1,2})(?![\d.:/-])")
WEEK = re.compile(r"(?<!\w)(?:minggu|pekan)\s+(?:depan|ini)(?!\w)")
""" "minggu depan" is a week, not a Sunday."""
LATELY = timedelta(days=90)
ZONES = {"wib": 7, "wita": 8, "wit": 9}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)t?")
NAMED = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?(?P<m>{_MONTH})(?![^\W\d_])\.?[\s,-]*(?P<y>20\d\d(?!\d)|\d\d(?![\d.:]))?"
)
MONTH_FIRST = re.compile(rf"(?<!\w)(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[\s,]*(?P<y>20\d\d(?!\d))?")
SLASHED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>20\d\d|\d\d)(?!\d)|(?<!\d)(?P<d2>\d{1,2})/(?P<m2>\d{1,2})(?![\d/])"
)
HOUR = re.compile(
    r"(?:(?P<told>jam|pukul|pkl|pk|at|by)\.?\s*)?(?<!\d)(?P<h>\d{1,2})(?:[.:](?P<min>\d\d))?(?!\d)\s*(?P<part>pagi|siang|sore|malam|am|pm)?(?!\w)"
    r"\s*(?P<zone>wib|wita|wit)?(?!\w)"
)
FILLER = re.compile(
    r"(?<!\w)(?:tanggal|tgl|hari|pada|sampai|batas(?:nya)?|tutup|ditutup|s/?d|dengan|ini|on|until|till|the|closes|ya|bu|pak|jam|pukul|of|,)(?!\w)"
)


@dataclass(slots=True)
class Found:
    """The days and hours a text may mean, and what of it was not understood."""

    days: list[Day] = field(default_factory=list)
    hours: list[time] = field(default_factory=list)
    zone: str = ""
    left: str = ""


def read_date(said: Said, facts: Facts) -> str:
    now = _local_now(facts)
    words = plain(said.text).casefold()
    found = _search(words, now)
    if not found.days or LATER.fullmatch(words.strip(" .!")):
        raise Rejected("problem.date")
    hours = found.hours or [time(23, 59)]
    moments = [_moved(datetime.combine(one, hour), found.zone, now) for one in found.days for hour in hours]
    coming = [moment for moment in moments if now is None or moment > now.replace(tzinfo=None)]
    if not coming:
        raise Rejected("problem.date_past", {"date": date_shown(_iso(moments[0]))})
    if len(coming) > 1 or found.left:
        offers = [Offer(_label(moment), _iso(moment)) for moment in coming[:4]]
        raise Rejected("problem.date_check", {"date": date_shown(_iso(coming[0]))}, offers)
    return _iso(coming[0])


def _local_now(facts: Facts) -> datetime | None:
    now: datetime | None = facts.get("now")
    return now.astimezone(ZoneInfo(facts.get("zone", "Asia/Makassar"))) if now else None


def _search(text: str, now: datetime | None) -> Found:
    found = Found()
    weekday = re.search(rf"(?<!\w)(?:{'|'.join(WEEKDAYS)})(?!\w)", text)
    match = next((match for pattern in (ISO, NAMED, MONTH_FIRST, SLASHED) if (match := pattern.search(text))), None)
    rest, near = text, ""
    if match:
        found.days, rest = _days(match, now), text[: match.start()] + " " + text[match.end() :]
    elif now and (count := AHEAD.search(text)):
        found.days = [now.date() + timedelta(days=int(count["n"] or count["n2"]))]
        rest = text[: count.start()] + " " + text[count.end() :]
    elif now and (only := DAY_ONLY.search(text)):
        found.days, rest = _day_to_come(int(only["d"]), now.date()), text[: only.start()] + " " + text[only.end() :]
    elif now and not WEEK.search(text):
        near = next((word for word in sorted(NEAR, key=len, reverse=True) if re.search(rf"(?<!\w){word}(?!\w)", text)), "")
        if near:
            found.days, rest = [now.date() + timedelta(days=NEAR[near])], rest.replace(near, "", 1)
        elif weekday:
            ahead = (WEEKDAYS[weekday.group()] - now.weekday()) % 7
            found.days = [now.date() + timedelta(days=ahead + more) for more in ((0, 7) if ahead == 0 else (0,))]
    if weekday:
        rest = rest.replace(weekday.group(), "", 1)
        wrong = bool(match) and found.days and found.days[0].weekday() != WEEKDAYS[weekday.group()]
        found.left = weekday.group() if wrong else ""
    hour = HOUR.search(rest)
    if hour:
        part = hour["part"] or ("malam" if near == "malam ini" else "")
        found.hours, found.zone = _hours(hour, part), hour["zone"] or ""
        rest = rest[: hour.start()] + " " + rest[hour.end() :]
        found.left += "" if found.hours else hour.group()
    found.left += re.sub(r"[\W_]+", "", FILLER.sub(" ", rest))
    return found


def _days(match: re.Match[str], now: datetime | None) -> list[Day]:
    parts = match.groupdict()
    number, month, year = parts["d"] or parts.get("d2"), parts["m"] or parts.get("m2"), parts["y"]
    number, month = int(number or 0), MONTHS.get(month or "") or int(month or 0)
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, number)
    if now is None:
        return []
    this = _day(now.year, month, number)
    # A day that passed a short while ago is a slip; one that passed long ago is meant for the next year.
    return this if this and this[0] > now.date() - LATELY else _day(now.year + 1, month, number)


def _day_to_come(number: int, today: Day) -> list[Day]:
    """ "tgl 30": of this month, or of the next one that has such a day."""
    months = [(today.year + (today.month + more - 1) // 12, (today.month + more - 1) % 12 + 1) for more in range(3)]
    coming = (one for year, month in months for one in _day(year, month, number))
    return [one for one in coming if one >= today][:1]


def _day(year: int, month: int, number: int) -> list[Day]:
    try:
        return [Day(year, month, number)]
    except ValueError:
        return []


def _hours(match: re.Match[str], part: str) -> list[time]:
    """The hours that words mean: "4 sore" is 16.00; a bare "4" may be either."""
    hour, minute = int(match["h"]), int(match["min"] or 0)
    if hour > 24 or minute > 59 or not (match["told"] or match["min"] or part):
        return []
    if hour == 24:
        return [time(23, 59)]
    if (part in ("sore", "pm") and hour < 12) or (part == "malam" and 6 <= hour < 12) or (part == "siang" and hour < 5):
        hour += 12
    elif (part == "am" and hour == 12) or (part == "malam" and hour == 12):
        return [time(23, 59)] if part == "malam" else [time(0, minute)]
    elif not part and 1 <= hour < 7 and not match["h"].startswith("0"):
        return [time(hour + 12, minute), time(hour, minute)]
    return [time(hour, minute)]


def _moved(moment: datetime, zone: str, now: datetime | None) -> datetime:
    """The local time of a moment told in another zone of Indonesia."""
    offset = now.utcoffset() if now else None
    return moment + offset - timedelta(hours=ZONES[zone]) if zone and offset is not None else moment


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def _label(moment: datetime) -> str:
    return f"{moment.day} {NAMES[moment.month - 1][:3]} {moment.year} {moment:%H.%M}"


def keeps_date(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d", value))


def date_words(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return f"{moment.day} {NAMES[moment.month - 1]} {moment.year} {moment:%H.%M}"


def date_shown(value: str) -> Value:
    moment = datetime.fromisoformat(value)
    return joined([day(moment.date()), f"{moment:%H.%M}"], ", ")


date = Reader(read_date, keeps_date, date_words, date_shown, numeric=True)
