"""The report of an announcement as a spreadsheet, written as it is read: a million recipients take no more memory than a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select
from sqlmodel import Session, SQLModel, col
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from messages import Value, Voice, moment, say, worded
from messages.rendering import ABBREVIATION
from models.audience import Audience, within
from models.business import Business, Membership
from models.campaign import CANCELLED, Campaign
from models.contact import Person
from models.etalase import etalases
from models.places import name_of
from models.reasons import told
from models.standing import Standing, standing

ROWS = 1_048_575
"""Recipients a sheet holds below its header."""
PAGE = 5_000
"""Recipients read in one look: a longer one would keep the database from tidying up behind it."""
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  the day that spreadsheets count from, in whatever zone the cells are
APPS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "webchat": "Web", "terminal": "Terminal"}
_tables = SQLModel.metadata.tables
OUT, PERSON, PLACE, BUSINESS = (_tables[name] for name in ("outgoing", "person", "address", "business"))
SHOWN = ("sent", "delivered", "read")


class Missing(Exception):
    """No announcement has this id."""


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language and clock. What repeats in every row is worded once."""

    voice: Voice
    known: dict[str, str]

    def say(self, key: str, **params: Value) -> str:
        return worded(say(key, **params), self.voice)

    def again(self, key: str) -> str:
        if key not in self.known:
            self.known[key] = self.say(key)
        return self.known[key]

    def why(self, reason: str) -> str:
        if reason not in self.known:
            self.known[reason] = self.say("report.out_stopped") if reason == "stopped" else worded(told(reason), self.voice)
        return self.known[reason]

    def at(self, when: datetime | None) -> str:
        return worded(moment(when), self.voice) if when else ""


def write(engine: Engine, campaign_id: int, file: Path, now: datetime, zone: str, locale: str = "id") -> int:
    """Writes the file and returns the number of recipients. Raises Missing."""
    words = Words(Voice(locale, zone, now), {})
    part = file.with_name(file.name + ".part")
    with Session(engine) as session:
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise Missing(campaign_id)
        lines = list(summary(session, campaign, standing(session, campaign), words, now))
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(file.parent)}
    try:
        with Workbook(str(part), options) as book:
            _summarise(book, lines, words)
            count = _list(book, rows(engine, campaign), campaign, words)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return count


def summary(session: Session, campaign: Campaign, found: Standing, words: Words, now: datetime) -> Iterator[tuple[str, str | int]]:
    """Labels and values; no line for what did not happen."""
    audience = Audience.from_json(campaign.audience)
    yield words.say("report.text"), campaign.text
    yield words.say("report.place"), name_of(audience.region)
    yield words.say("report.state"), words.say(f"announcement.state.is_{audience.state}")
    if audience.etalase:
        yield words.say("report.etalase"), ", ".join(etalases()[code].name for code in audience.etalase if code in etalases())
    for label, person in (("writer", campaign.officer_id), ("approver", campaign.approver_id)):
        if person and (who := session.get(Person, person)):
            yield words.say(f"report.{label}"), who.call_name
    times = {"created": campaign.created_at, "approved": campaign.approved_at, "started": campaign.started_at, "ended": campaign.ended_at}
    for label, when in {**times, "as_of": now}.items():
        if when:
            yield words.say(f"report.{label}"), words.at(when)
    yield words.say("report.status"), words.say(f"report.campaign_{campaign.status}")
    yield from _counts(campaign, found, words)


def _counts(campaign: Campaign, found: Standing, words: Words) -> Iterator[tuple[str, str | int]]:
    yield words.say("report.total"), found.total
    for label, n in (("sent", found.sent), ("delivered", found.delivered), ("read", found.read), ("failed", sum(found.failed.values()))):
        yield words.say(f"report.{label}"), n
    for reason, n in sorted(found.failed.items(), key=lambda one: -one[1]):
        yield words.say("report.failed_why", why=words.why(reason)), n
    yield words.say("report.unknown"), found.unknown
    if found.counts.get("cancelled"):
        yield words.say("report.taken_back"), found.counts["cancelled"]
    yield words.say("report.left"), found.left
    for reason, n in campaign.excluded.items():
        yield words.say("report.out", why=words.say(f"report.out_{reason}")), n


def rows(engine: Engine, campaign: Campaign) -> Iterator[Any]:
    """Every recipient in the order of the persons, a page at a time. Of several businesses the first one in the announcement's region."""
    region = campaign.audience["region"]
    first = (
        select(func.min(col(Membership.business_id)))
        .join(Business, col(Business.id) == col(Membership.business_id))
        .where(col(Membership.person_id) == OUT.c.person_id, within(region, col(Business.region)))
        .correlate(OUT)
        .scalar_subquery()
    )
    wanted = (
        select(OUT.c.person_id, OUT.c.status, OUT.c.reason, OUT.c.settled_at, PLACE.c.channel, PERSON.c.call_name, BUSINESS.c.name,
               BUSINESS.c.region)
        .select_from(OUT.join(PERSON, PERSON.c.id == OUT.c.person_id).join(PLACE, PLACE.c.id == OUT.c.address_id))
        .outerjoin(BUSINESS, BUSINESS.c.id == first)
        .where(OUT.c.campaign_id == campaign.id)
        .order_by(OUT.c.person_id)
        .limit(PAGE)
    )  # fmt: skip
    after = 0
    while True:
        with engine.connect() as connection:
            found = connection.execute(wanted.where(OUT.c.person_id > after)).all()
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1].person_id


def _summarise(book: Workbook, lines: list[tuple[str, str | int]], words: Words) -> None:
    sheet = book.add_worksheet(words.say("report.summary"))
    strong, whole = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "align": "left", "valign": "top"})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70, whole)
    sheet.write_string(0, 0, words.say("report.title"), strong)
    for place, (label, value) in enumerate(lines, 2):
        sheet.write_string(place, 0, label)
        sheet.write_number(place, 1, value, whole) if isinstance(value, int) else sheet.write_string(place, 1, value, whole)


def _list(book: Workbook, found: Iterator[Any], campaign: Campaign, words: Words) -> int:
    count, over = 0, campaign.status == CANCELLED
    zone, when = ZoneInfo(words.voice.zone), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    first = next(found, None)
    sheet = _new_sheet(book, words, 1)
    for row in chain([first] if first is not None else [], found):
        if count and count % ROWS == 0:
            sheet = _new_sheet(book, words, count // ROWS + 1)
        _write(sheet, count % ROWS + 1, count + 1, row, words, over)
        if row.settled_at:
            sheet.write_number(count % ROWS + 1, 7, serial(row.settled_at, zone), when)
        count += 1
    return count


def _new_sheet(book: Workbook, words: Words, number: int) -> Worksheet:
    name = words.say("report.recipients")
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    zone = ABBREVIATION.get(words.voice.zone, words.voice.zone)
    heads = [words.say(f"report.{one}") for one in ("number", "name", "person", "region", "app", "what", "why")]
    for place, (head, width) in enumerate(zip([*heads, words.say("report.when", zone=zone)], (8, 34, 22, 24, 12, 24, 36, 20), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head)
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Worksheet, place: int, number: int, row: Any, words: Words, over: bool) -> None:
    """`over`: what has not left will not."""
    waits = row.status in ("queued", "held")
    sheet.write_number(place, 0, number)
    sheet.write_string(place, 1, row.name or "")
    sheet.write_string(place, 2, row.call_name)
    sheet.write_string(place, 3, name_of(row.region) if row.region else "")
    sheet.write_string(place, 4, APPS.get(row.channel, row.channel))
    sheet.write_string(place, 5, words.again("report.is_left_out" if over and waits else f"report.is_{row.status}"))
    if row.reason and row.status not in SHOWN:
        sheet.write_string(place, 6, words.why(row.reason))


def serial(when: datetime, zone: ZoneInfo) -> float:
    """As a spreadsheet counts: days since the end of 1899, by the local clock."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    gap = aware.astimezone(zone).replace(tzinfo=None) - EPOCH
    return gap.days + gap.seconds / 86_400
