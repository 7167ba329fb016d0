"""`lapak templates`: WhatsApp's templates for whoever submits them, and docs/templates.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.settings import Settings
from bot.store import open_engine
from messages import locales
from messages.pushed import TABLE, Pushed
from messages.template_rules import broken
from messages.templates import body, filled, labels, samples
from models.price import Price, price, prices
from models.template import Template, known

NEVER = "belum diajukan"
"""Nothing was heard of it yet."""
SAY = {"id": "Indonesian", "en": "English"}

Heard = Mapping[tuple[str, str], Template]


def show(settings: Settings, form: str) -> int:
    """Prints all of them and returns the exit code: 1 when one breaks a rule."""
    if form == "json":
        for one, locale in every():
            print(json.dumps(payload(one, locale), ensure_ascii=False))
    elif form == "markdown":
        print(markdown(), end="")
    else:
        table(heard(settings), datetime.now(UTC).date())
    faults = [f"{one.name} ({locale}): {fault}" for one, locale in every() for fault in broken(one, locale)]
    for fault in faults:
        print(f"lapak: {fault}", file=sys.stderr)
    return 1 if faults else 0


def every() -> Iterator[tuple[Pushed, str]]:
    return ((one, locale) for one in TABLE for locale in reversed(locales()))


def heard(settings: Settings) -> Heard:
    """What the platform said of each; nothing while there is no database."""
    url = settings.database_url
    file = make_url(url).database if url.startswith("sqlite") else ""
    if file and not Path(file).exists():
        return {}
    engine = open_engine(url, read_only=True)
    try:
        with Session(engine, expire_on_commit=False) as session:
            return known(session)
    except SQLAlchemyError as error:
        print(f"lapak: no state can be shown, the database does not answer ({type(error).__name__}); ./run migrate", file=sys.stderr)
        return {}
    finally:
        engine.dispose()


def state(row: Template | None) -> str:
    """ "paused (marketing): FIRST_PAUSE" """
    if row is None:
        return NEVER
    return (row.state or "not told") + (f" ({row.category})" if row.category else "") + (f": {row.reason}" if row.reason else "")


def table(states: Heard, today: date) -> None:
    console = Console(soft_wrap=True, highlight=False)
    summary = Table("template", "category", "language", "US$", "state", box=None)
    for one, locale in every():
        summary.add_row(
            one.name, one.category.upper(), locale, usd(price(one.category, today)), escape(state(states.get((one.name, locale))))
        )
    console.print(summary)
    for one, locale in every():
        console.print(f"\n[bold]{one.name}[/bold]  {one.category.upper()}  {locale}  {escape(state(states.get((one.name, locale))))}")
        made = body(one, locale)
        console.print(escape(_indented(made.text)))
        for number, (name, sample) in enumerate(zip(made.variables, samples(one, locale), strict=True), 1):
            console.print(escape(f"  {{{{{number}}}}} {name}: {sample}"), style="dim")
        if one.buttons:
            console.print(escape("  " + " ".join(f"[{label}]" for label in labels(one, locale))))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def usd(found: Price | None) -> str:
    return str(found.usd) if found else "?"


def payload(one: Pushed, locale: str) -> dict[str, Any]:
    """What `POST /<account>/message_templates` of the Graph API takes."""
    made = body(one, locale)
    text: dict[str, Any] = {"type": "BODY", "text": made.text}
    if made.variables:
        text["example"] = {"body_text": [list(samples(one, locale))]}
    buttons = [{"type": "QUICK_REPLY", "text": label} for label in labels(one, locale)]
    return {
        "name": one.name, "language": locale, "category": one.category.upper(), "parameter_format": "POSITIONAL",
        "components": [text, *([{"type": "BUTTONS", "buttons": buttons}] if buttons else [])],
    }  # fmt: skip


INTRODUCTION = """\
# The templates

On WhatsApp anything may be said within 24 hours of a person's last message. Later only a template may be sent: a text that WhatsApp has \
approved beforehand, with variables. Each message of Lapak that people get without having just written has one, named after its key. \
What has none, or one that is not approved, is held and said in full when the person writes again.

Written by `./run templates --markdown`; `./run templates` shows the same with the state of each, `./run templates --json` prints what is \
submitted. The words are in `messages/*/template.toml`, or are those of the chat.

## What they cost

| Category | A delivered template, Indonesia | Since | Source |
|---|---|---|---|
"""
RULES = """
A template of utility is free while the person's window is open, and Lapak sends none then. What the person did or asked for is utility. \
Calls and announcements are marketing: an announcement is held, and a call that closes is sent only where `LAPAK_WHATSAPP_MARKETING` \
allows it. The prices are in `models/prices.toml`.

Values are put on one line and share 600 characters; a longer one is cut between two words, and *Baca lengkap* brings the whole, with its \
picture. No template has a picture.
"""


def markdown() -> str:
    rows = [
        f"| {name} | US${one.usd} | {one.effective_from} | {one.source} |"
        for name, listed in sorted(prices().items())
        for one in reversed(listed)
    ]
    return INTRODUCTION + "\n".join(rows) + "\n" + RULES + "".join(_section(one) for one in TABLE)


def _section(one: Pushed) -> str:
    cost = usd(prices()[one.category][-1])
    parts = [f"\n## {one.name}\n\n{one.category.capitalize()}, US${cost}.\n"]
    for locale in reversed(locales()):
        made = body(one, locale)
        given = samples(one, locale)
        said = "\n".join(f"> {line}".rstrip() for line in filled(made.text, tuple(f"`{value}`" for value in given)).splitlines())
        buttons = " ".join(f"[{label}]" for label in labels(one, locale))
        parts.append(f"\n{SAY.get(locale, locale)}:\n\n{said}\n" + (f"\n{buttons}\n" if buttons else ""))
    return "".join(parts)
