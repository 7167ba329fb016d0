"""`lapak calls`: rows of a source brought in from a file, and all calls written out as OCDS."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlmodel import Session

from bot.commands.campaigns import looking
from bot.control import Control, reach
from bot.importing import Counts
from bot.ownership import Complaint
from bot.rows import Row, rows_of
from bot.settings import Settings
from models.release import package
from models.sources import READERS
from models.sources.columns import Difference, compare
from models.sources.door import line
from models.sources.guess import guess, header_of
from models.sources.sheet import FIELDS, told_apart
from models.sources.soundness import BROKEN

BATCH = 500
"""Rows of one request."""
EXAMPLES = 3


def bring(settings: Settings, source: str, file: Path, *, zone: str, url: str, yes: bool, as_json: bool, columns: Sequence[str]) -> None:
    """Asks on the terminal whether the columns of a sheet are understood, unless `yes` or they were confirmed before."""
    if source not in READERS:
        raise Complaint(f"no source {source}; one of: {', '.join(sorted(READERS))}")
    if zone and zone not in available_timezones():
        raise Complaint(f"no zone {zone}; as they are named: Asia/Jakarta, Asia/Makassar, Asia/Jayapura")
    rows = rows_of(file)
    if not rows:
        raise Complaint(f"{file}: there are no rows in it")
    if source == "spse" and url:
        rows = [{**row, "url": url} for row in rows]
    told = asyncio.run(_bring(settings, source, rows, zone or settings.timezone, yes, as_json, _chosen(columns)))
    if as_json:
        print(json.dumps({"source": source, "file": file.name, **told}, ensure_ascii=False))
    else:
        _show(file, told)


async def _bring(settings: Settings, source: str, rows: Sequence[Row], zone: str, yes: bool, quiet: bool,
                 chosen: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    counts, names = Counts(), list(dict.fromkeys(str(name) for row in rows for name in row if name != BROKEN))
    async with reach(settings) as control:
        if source == "sheet":
            fields = await _understood(control, names, rows, yes, quiet, chosen)
            columns = Difference([name for name in names if name not in fields])
            rows = told_apart([row if BROKEN in row else {field: row.get(name) for name, field in fields.items()} for row in rows])
        else:
            columns = compare(source, names)
        for at in range(0, len(rows), BATCH):
            counts.add(await control.ask("/calls/rows", {"source": source, "zone": zone, "rows": rows[at : at + BATCH]}))
    return {**counts.to_json(), "columns": columns.to_json()}


def _chosen(columns: Sequence[str]) -> dict[str, str]:
    """Of "Nama Kegiatan=title", ..."""
    made = {name.strip(): field.strip() for name, _, field in (one.rpartition("=") for one in columns)}
    wrong = [field for field in made.values() if field and field not in FIELDS]
    if wrong or "" in made:
        raise Complaint(f"--column is written NAME=FIELD; fields are {', '.join(FIELDS)}, or nothing for a column that is left out")
    return made


async def _understood(control: Control, names: Sequence[str], rows: Sequence[Row], yes: bool, quiet: bool,
                      chosen: Mapping[str, str]) -> dict[str, str]:  # fmt: skip
    """Our field by the name of the column: as confirmed before, else guessed, shown and confirmed now."""
    header = header_of(names)
    known: dict[str, str] = (await control.ask(f"/calls/columns?header={header}"))["fields"]
    fields = dict(known) if known and not chosen else guess(names, rows)
    for name, field in chosen.items():
        if name not in names:
            raise Complaint(f"there is no column {name}; there are: {', '.join(names)}")
        fields = {other: was for other, was in fields.items() if other != name and was != field} | ({name: field} if field else {})
    if "title" not in fields.values():
        raise Complaint('no column says what is wanted; name it: --column "Nama Paket=title"')
    if not quiet:
        _show_columns(names, fields, rows)
    if fields != known and not yes and not _agreed():
        raise Complaint('nothing was brought in; say what a column means with --column "NAME=FIELD"')
    if fields != known:
        await control.ask("/calls/columns", {"header": header, "fields": fields})
    return fields


def _agreed() -> bool:
    try:
        return input("Is that right? [y/n] ").strip().casefold() in ("y", "ya", "yes", "iya", "betul")
    except EOFError:
        return False


def _show_columns(names: Sequence[str], fields: Mapping[str, str], rows: Sequence[Row]) -> None:
    """What is not read is not shown either: it may be of people."""
    wide = max(len(name) for name in names)
    for name in names:
        cells = (line(row.get(name), 40) or "-" for row in rows[:EXAMPLES])
        print(f"  {name:{wide}}  {fields[name]:11}  {' | '.join(cells)}" if name in fields else f"  {name:{wide}}  (left out)")


def _show(file: Path, told: Mapping[str, Any]) -> None:
    print(f"{file.name}: {told['read']} read")
    print("  " + ", ".join(f"{told[name]} {name}" for name in ("new", "changed", "merged", "same")))
    for reason, count in told["aside"].items():
        print(f"  {count} set aside: {reason}")
    for name, (count, example) in told.get("unread", {}).items():
        print(f"  {count} went in without {name}, which could not be read: {example}")
    for kind, names in told["columns"].items():
        if names:
            words = [f"{old} -> {new}" for old, new in names.items()] if isinstance(names, dict) else names
            print(f"  {kind} columns: {', '.join(words)}")


def export(settings: Settings, file: Path | None) -> None:
    """To the terminal without a file."""
    try:
        with ExitStack() as stack:
            engine = stack.enter_context(looking(settings))
            out = stack.enter_context(file.open("w", encoding="utf-8")) if file else sys.stdout
            with Session(engine) as session:
                for piece in package(session, datetime.now(UTC), "Lapak"):
                    out.write(piece)
    except OSError as error:
        raise Complaint(f"{file}: {error.strerror or type(error).__name__}") from error
