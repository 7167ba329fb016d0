"""`./run calls`, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.begun import complaining, prepared

calls = typer.Typer(help="Procurement calls: in, out, and their sources.", no_args_is_help=True)


@calls.command("poll")
def poll_calls(source: Annotated[str, typer.Argument(help="As shown, e.g. sirup or spse:samarindakota; without it all.")] = "") -> None:
    """Read the sources of calls now, and say what there was."""
    settings = prepared()
    with complaining():
        from bot.commands.poll import poll

        if not poll(settings, source):
            raise typer.Exit(1)


@calls.command("import")
def import_calls(
    source: Annotated[str, typer.Argument(help="inaproc-rup, inaproc-tender, inaproc-nontender, sirup, spse, spse-paket, ocds or sheet.")],
    file: Annotated[Path, typer.Argument(help="JSON as the interface gives it, JSON lines, CSV or XLSX.")],
    zone: Annotated[str, typer.Option(help="The zone of its local times, where its rows do not say; LAPAK_TIMEZONE without.")] = "",
    url: Annotated[str, typer.Option(help="The address of an SPSE site, for links, e.g. https://spse.inaproc.id/kaltimprov.")] = "",
    column: Annotated[list[str] | None, typer.Option(help='What a column of a sheet means, e.g. "Nama Kegiatan=title".')] = None,
    yes: Annotated[bool, typer.Option("--yes", help="The guessed columns of a sheet are right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Bring the rows of a file in; twice changes nothing."""
    settings = prepared()
    with complaining():
        from bot.commands.calls import bring

        bring(settings, source, file, zone=zone, url=url, yes=yes, as_json=as_json, columns=column or [])


@calls.command("aside")
def rows_aside(source: Annotated[str, typer.Argument(help="E.g. sheet or spse; without it all.")] = "") -> None:
    """Which rows of polls and imports could not be read: the reason, how many, and an example without people."""
    settings = prepared()
    with complaining():
        from bot.commands.aside import aside

        aside(settings, source)


@calls.command("export")
def export_calls(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; without, here.")] = None,
    ocds: Annotated[bool, typer.Option("--ocds", help="As an OCDS 1.1 release package, which is the only way there is.")] = True,
) -> None:
    """Write all calls out, one release each."""
    settings = prepared()
    with complaining():
        from bot.commands.calls import export

        export(settings, file)
