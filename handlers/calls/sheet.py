"""An officer sends a spreadsheet of calls: how its columns are understood is shown, mended and confirmed; the rows are taken in later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.calls.sheet_columns import FIELDS, MAIN, column, column_of, field_name, mended
from handlers.calls.sources import COUNTS, aside_words
from handlers.dialogue import Answers, Form, Step
from handlers.drafts import close
from handlers.office.door import officers_only, put_aside
from handlers.said import Document, Facts, Found, Reader, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, decimal, joined, lines, moment, rupiah, say
from messages.folding import cut
from models.conversation import Conversation, drafts_of
from models.places import zone_of
from models.sheet import MOST_MEGABYTES, MOST_ROWS, Sheet, confirm_columns, confirmed_columns, sent_before
from models.sources import values

NAMED = 4
"""Reasons that are told with the counts."""
BRIEF = 30


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    known = {name: about.get(name, empty) for name, empty in (("columns", []), ("examples", []), ("rows", 0))}
    return {**known, "zone": zone_of(visit.province)}


def column_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [
        Option(f"k{place}", name, detail=cut(example, 60))
        for place, (name, example) in enumerate(zip(facts["columns"], facts["examples"], strict=True), 1)
    ]


def read_confirm(said: Said, facts: Facts) -> Found | str:
    """ "nilai = Pagu Total" says what the field is in; all else is asked back."""
    found = mended(said.text, facts["columns"])
    if found is None:
        raise Rejected("sheet.which")
    field, place = found
    raise Rejected("sheet.mended", {"field": field_name(field), "column": facts["columns"][place - 1]}, also={field: f"k{place}"})


confirm = Reader(read_confirm, lambda value: value in ("bring", "drop"))


def card(answers: Answers, facts: Facts) -> Params:
    main = [_row(field, answers, facts) for field in MAIN]
    others = [field_name(field) for field in FIELDS if field not in MAIN and answers.get(field)]
    rest = say("sheet.others", list=joined(others, ", ")) if others else ""
    return {"n": facts["rows"], "columns": lines([*main, *([rest] if rest else [])])}


def _row(field: str, answers: Answers, facts: Facts) -> Value:
    place = column_of(answers.get(field), facts["columns"])
    if not place:
        return say("sheet.without", field=field_name(field))
    shown = {"field": field_name(field), "column": cut(facts["columns"][place - 1], BRIEF)}
    example = facts["examples"][place - 1]
    return say("sheet.row", **shown, example=_understood(field, example, facts)) if example else say("sheet.row_bare", **shown)


def _understood(field: str, example: str, facts: Facts) -> Value:
    """An example as it will be taken, so that it is seen where an amount or a day is understood as another."""
    if field == "budget" and (amount := values.rupiah(example)):
        return rupiah(amount)
    if field == "closes_at" and (closes := values.moment(example, facts["zone"], closes=True)):
        return moment(closes)
    return cut(example, BRIEF)


def card_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("bring"), Option("change", say("sheet.change")), Option("drop"))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    about, answers = conversation.about, conversation.answers
    if answers.get("confirm") == "drop":
        return Message("sheet.dropped", {}, (command("menu"),))
    if not visit.offices:
        return Aside(Message("common.not_officer"))
    fields = {field: about["columns"][place - 1] for field in FIELDS if (place := column_of(answers.get(field), about["columns"]))}
    fields = {**{field: name for name, field in about["rest"].items() if name not in fields.values()}, **fields}
    named = {name: field for field, name in reversed(fields.items())}
    confirm_columns(visit.session, about["header"], named, visit.person_id, visit.now)
    sheet = Sheet(
        officer_id=visit.person_id, address_id=visit.address.id or 0, file=about["file"], digest=about["digest"], fields=fields,
        total=about["rows"], asked_at=visit.now,
    )  # fmt: skip
    visit.session.add(sheet)
    return Message("sheet.taking", {"n": about["rows"]}, (command("menu"),))


SHEET = Form(
    "sheet",
    (
        *(
            Step(
                field, column, options=column_options, optional=field != "title", texts="sheet.column",
                params=lambda answers, facts, field=field: {"field": field_name(field)},  # type: ignore[misc]
            )
            for field in FIELDS
        ),
        Step("confirm", confirm, options=card_options, params=card, summary=True),
    ),
    facts=facts,
    finish=finish,
)  # fmt: skip
FORMS = (SHEET,)


def officer_sends(visit: Visit) -> Outcome | None:
    """A file of an officer."""
    if not visit.offices:
        return None
    found = visit.said.document
    problem = found.problem if found else "not_a_sheet"
    if found is None or problem:
        return Aside(Message(f"sheet.problem_{problem}", {"rows": decimal(MOST_ROWS), "megabytes": MOST_MEGABYTES}))
    return _begun(visit, found)


def _begun(visit: Visit, document: Document) -> Outcome:
    """The columns as they were confirmed before, else as they are guessed."""
    known = confirmed_columns(visit.session, document.header) or document.guessed
    if "buyer" not in known.values():
        # "Instansi" is whose the package is where no office of it is named: so it is taken, and so it is shown.
        known = {name: "buyer" if field == "institution" else field for name, field in known.items()}
    places = {field: f"k{place}" for place, name in enumerate(document.columns, 1) if (field := known.get(name))}
    answers = {field: places.get(field) for field in FIELDS}
    about = {
        "file": document.name, "digest": document.digest, "header": document.header, "rows": document.rows,
        "columns": list(document.columns), "examples": list(document.examples),
        "rest": {name: field for name, field in known.items() if field not in FIELDS},
    }  # fmt: skip
    _let_go(visit, document.digest)
    lead = put_aside(visit)
    if before := sent_before(visit.session, visit.person_id, document.digest):
        lead = Message("sheet.again", {"when": moment(before.asked_at)}).after(lead)
    if not answers["title"]:
        lead = Message("sheet.no_title", {"n": document.rows}).after(lead)
    return Begin("sheet", answers, about, lead=lead)


def _let_go(visit: Visit, digest: str) -> None:
    """The same file that still waits for a yes gives way to itself."""
    for conversation in drafts_of(visit.session, visit.person_id):
        if conversation.form == SHEET.name and conversation.about.get("digest") == digest:
            close(conversation, visit.now)


def done(sheet: Sheet) -> Message:
    """What the officer hears in the end."""
    if sheet.problem:
        return Message("sheet.ended", {"n": sheet.taken, "why": say(f"sheet.ended_{sheet.problem}")}, (command("menu"),))
    counts = sheet.counts
    each = [say(f"feeds.n_{name}", n=counts[name]) for name in COUNTS if counts.get(name)]
    looks = (command("sheet_aside", sheet.id or 0),) if counts["aside"] else ()
    params = {"n": counts["read"], "counts": joined([joined([*each, _asides(counts["aside"])], ", "), *_unread(counts)], ". ")}
    return Message("sheet.done", params, (*looks, command("calls"), command("menu")))


def _unread(counts: Mapping[str, Any]) -> list[Value]:
    """Of which fields cells could not be read, the commonest first."""
    most = sorted(counts.get("unread", {}).items(), key=lambda one: -one[1][0])[:NAMED]
    return [say("sheet.unread", n=n, field=field_name(field), example=example) for field, (n, example) in most]


def _asides(reasons: Mapping[str, int]) -> Value:
    """How many were set aside, and the commonest reasons."""
    if not reasons:
        return say("sheet.no_aside")
    most = sorted(reasons.items(), key=lambda one: -one[1])[:NAMED]
    told = joined([say("sheet.reason", n=n, why=aside_words(reason)) for reason, n in most], ", ")
    return say("sheet.n_aside", n=sum(reasons.values()), why=told)


def aside(visit: Visit, subject: str, version: int) -> Outcome:
    """The first rows that were set aside, by their number in the sheet; of the officer's own sheets only."""
    sheet = visit.session.get(Sheet, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    if sheet is None or sheet.officer_id != visit.person_id:
        return Aside(Message("officers.not_yours"))
    rows = [say("sheet.aside_row", n=number, why=aside_words(reason)) for number, reason in sheet.aside]
    left = sum(sheet.counts["aside"].values()) - len(rows)
    rows += [say("sheet.aside_more", n=left)] if left > 0 else []
    return Message("sheet.aside", {"rows": lines(rows)}, (command("calls"), command("menu")))


COMMANDS = {"sheet_aside": officers_only(aside)}
SENDS = (officer_sends,)
