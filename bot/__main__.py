"""The `lapak` command. Nothing heavy is imported before it is known which command was asked for."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.begun import complaining, die, prepared
from bot.commands.line_of_calls import calls

lapak = typer.Typer(
    name="./run",
    help="Lapak: small businesses register products by chat, officers approve them, procurement calls reach the right phones.",
    epilog="Without a command it serves. ./run test runs everything CI runs. Settings: .env.example",
    add_completion=False,
    pretty_exceptions_enable=False,
)
officers = typer.Typer(help="Who may review products and write announcements.", no_args_is_help=True)
lapak.add_typer(officers, name="officers")
channels = typer.Typer(help="The accounts that messages go through.", no_args_is_help=True)
lapak.add_typer(channels, name="channels")
campaigns = typer.Typer(help="Announcements and what became of them.", no_args_is_help=True)
lapak.add_typer(campaigns, name="campaigns")
lapak.add_typer(calls, name="calls")
Name = Annotated[str, typer.Argument(help="Without a name they are listed.")]
Rounds = Annotated[int, typer.Option(help="How often, where the run knows rounds; 0 as it likes.")]
Through = Annotated[str, typer.Option(help="One channel or engine only, e.g. whatsapp, sqlite or postgresql, where the run knows several.")]


@lapak.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        serve("all")


@lapak.command()
def serve(role: Annotated[str, typer.Option(help="On PostgreSQL: web, sender, scheduler, or all of them.")] = "all") -> None:
    """Serve until Ctrl-C: the web chat on http://127.0.0.1:8080, Telegram where a token is set."""
    settings = prepared(logging.INFO)
    with complaining():
        from bot.commands.serve import serve as run

        run(settings, role)


@lapak.command()
def chat(
    name: Annotated[str, typer.Option("--as", help="Who is talking: pemilik, or petugas for an officer.")] = "",
    officer: Annotated[bool, typer.Option("--officer", help="Talk as an officer of the province.")] = False,
    now: Annotated[str, typer.Option(help="The time of the conversation, e.g. 2026-11-23T10:00; each line is a second later.")] = "",
) -> None:
    """Talk in this terminal or through a pipe; @a.jpg @b.jpg sends an album."""
    settings = prepared()
    with complaining():
        from bot.commands.chat import chat as run

        run(settings, name or ("petugas" if officer else "pemilik"), officer, now)


@officers.command("add")
def add_officer(
    region: Annotated[str, typer.Option(help="A province or kabupaten/kota code, e.g. 64.72.")],
    address: Annotated[str, typer.Option(help="telegram:ID, webchat:NAME or terminal:NAME.")] = "",
    link: Annotated[bool, typer.Option("--link", help="Print a link instead, for one person and seven days.")] = False,
) -> None:
    """Make somebody an officer of a region."""
    settings = prepared()
    if bool(address) == link:
        die("give either --address or --link", 2)
    with complaining():
        from bot.commands.officers import add, invite

        invite(settings, region) if link else add(settings, address, region)


@officers.command("remove")
def remove_officer(
    region: Annotated[str, typer.Option(help="A province or kabupaten/kota code, e.g. 64.72.")],
    address: Annotated[str, typer.Option(help="telegram:ID, webchat:NAME or terminal:NAME.")],
) -> None:
    """Take an office back. What was decided stays decided."""
    settings = prepared()
    with complaining():
        from bot.commands.officers import remove

        remove(settings, address, region)


@officers.command("list")
def list_officers() -> None:
    """Every officer by region."""
    settings = prepared()
    with complaining():
        from bot.commands.officers import show

        show(settings)


@channels.command("list")
def list_channels() -> None:
    """Every account, and why it is stopped where it is."""
    settings = prepared()
    with complaining():
        from bot.commands.channels import show

        show(settings)


@channels.command("resume")
def resume_channel(account: Annotated[str, typer.Argument(help="As listed, e.g. whatsapp:123456123.")]) -> None:
    """Send again through an account that the platform had restricted."""
    settings = prepared()
    with complaining():
        from bot.commands.channels import resume

        resume(settings, account)


@campaigns.command("list")
def list_campaigns() -> None:
    """The latest announcements, and how far each is."""
    settings = prepared()
    with complaining():
        from bot.commands.campaigns import show

        show(settings)


@campaigns.command("report")
def report_campaign(
    number: Annotated[int, typer.Argument(help="As listed.")],
    file: Annotated[Path, typer.Argument(help="Where to write it, e.g. laporan.xlsx.")],
    language: Annotated[str, typer.Option(help="id or en.")] = "id",
) -> None:
    """Write what became of every recipient of an announcement, as a spreadsheet."""
    settings = prepared()
    with complaining():
        from bot.commands.campaigns import report

        report(settings, number, file, language)


@lapak.command()
def doctor() -> None:
    """Say what is configured, what is missing, and whether database, token and webhook answer."""
    from bot import logs

    logs.configure(logging.ERROR)
    from bot.doctor import examine

    raise typer.Exit(examine(print))


@lapak.command()
def migrate() -> None:
    """Bring the database up to date; a copy is kept first."""
    settings = prepared()
    with complaining():
        from bot.commands.migrate import migrate as run

        run(settings)


@lapak.command()
def templates(
    as_json: Annotated[bool, typer.Option("--json", help="Print what the Graph API's message_templates takes, as JSON lines.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/templates.md.")] = False,
) -> None:
    """Show WhatsApp's templates, ready to be submitted, with their state as last heard; check them against its rules."""
    settings = prepared()
    with complaining():
        from bot.commands.templates import show

        raise typer.Exit(show(settings, "json" if as_json else "markdown" if markdown else "table"))


@lapak.command()
def classify(file: Annotated[Path, typer.Argument(help="A CSV with a column named text, or one text a line.")]) -> None:
    """Guess the etalase of every text of a file, as JSON lines."""
    import json

    from bot.classify import lines, opened

    try:
        with opened(file) as source:
            for line in lines(source, file.name):
                print(json.dumps(line, ensure_ascii=False))
    except OSError as error:
        die(f"{file}: {error.strerror}")
    except UnicodeDecodeError:
        die(f"{file}: this is not a text in UTF-8")
    except ValueError as error:
        die(str(error))


@lapak.command()
def bench(name: Name = "", rounds: Rounds = 0, channel: Through = "") -> None:
    """Measure something; figures as JSON lines."""
    _run("bench", name, rounds, channel)


@lapak.command()
def faults(name: Name = "", rounds: Rounds = 0, channel: Through = "") -> None:
    """Break something on purpose and count what was lost."""
    _run("faults", name, rounds, channel)


def _run(folder: str, name: str, rounds: int, channel: str) -> None:
    from bot import logs

    logs.configure(logging.WARNING)
    from bot.commands.named import run

    with complaining():
        run(folder, name, rounds, Path(os.environ.get("LAPAK_SHARED") or Path(__file__).parent.parent.parent / "shared"), channel)


if __name__ == "__main__":
    lapak(prog_name="./run")
