"""Transcripts as tests: a script of what people do, played on a channel, and the golden text of all that is said.

A line of a script is one of
    officer petugas 64.72      somebody becomes an officer (says "menu")
    vendor siti 64.72: Amplang somebody is registered already, with approved products; `tests.seeds` knows more words
    invite 64.72 KODE          a single-use link for an officer is made, opened by "/start o_KODE"
    siti: halo                 a text; "halo && mau daftar" are two within a second
    siti: > saya ikut          a reply that quotes the newest message, "> 2 ..." the one before it
    siti: [agree]              a tap on the button of the newest message whose option or command is `agree`
    siti: [^agree]             the same on the last message before it that has such a button, [^^agree] on the one before that
    siti: (1 2 3) Amplang      an album of generated pictures, or one photo, with its caption; "dark", "card" ... are drawn so
    siti: sheet rencana        a spreadsheet or another file, of those that `tests.papers` knows, with its caption
    siti: pin -0.50 117.15     a shared location
    siti: contact 08123456789  the own contact card
    wait 3 minutes             the clock moves, and the scheduler looks what is due
    package A 64.72 12-05 18500000: Konsumsi rapat
                               a source has a call, which closes on that day of 2026 at 15.00 WITA; "-" is no place or
                               no day, hps=18500000 an estimate instead of a budget
    changed A closes_at 12-07  its source has another closing, "budget 20000000", or "cancelled: Anggaran digeser"
    rule approve_above 1       a setting is another one from here on
    halt failing               the newest announcement stops by itself
    # a remark                 kept in the golden text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sqlmodel import Session, col, select

from models.campaign import Campaign
from models.campaign_news import halt_campaign
from models.contact import invite
from tests.packages import altered, listed
from tests.papers import PAPERS, Paper
from tests.pictures import DRAWN
from tests.seeds import Seat, settled_in

FOLDER = Path(__file__).parent / "transcripts"
ALBUM = re.compile(rf"\(((?:\d+|{'|'.join(DRAWN)})(?: (?:\d+|{'|'.join(DRAWN)}))*)\) ?(.*)", re.S)
QUOTE = re.compile(r"> (?:(\d) )?(.*)", re.S)
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


class Player(Protocol):
    """One channel's side: does what a line says, and tells what somebody heard since the last look, as golden text."""

    media: Path

    def now(self) -> datetime: ...
    def write(self, work: Callable[[Session], Any]) -> None: ...
    def seat(self, name: str) -> Seat: ...
    def officer(self, name: str, region: str) -> None: ...
    def texts(self, name: str, *texts: str) -> None: ...
    def quote(self, name: str, place: int, text: str) -> None: ...
    def tap(self, name: str, option: str, earlier: int = 0) -> None: ...
    def album(self, name: str, pictures: list[str], caption: str) -> None: ...
    def sheet(self, name: str, paper: Paper, caption: str) -> None: ...
    def pin(self, name: str, latitude: float, longitude: float) -> None: ...
    def contact(self, name: str, phone: str) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def rule(self, name: str, value: int) -> None: ...
    def heard(self, name: str) -> list[str]: ...


def scripts() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.script"))


def golden(name: str, locale: str) -> Path:
    return FOLDER / f"{name}.{locale}.txt"


def play(player: Player, name: str, locale: str) -> str:
    """The whole transcript. In English everybody asks for it with the first word."""
    lines = (FOLDER / f"{name}.script").read_text(encoding="utf-8").splitlines()
    people: list[str] = []
    out: list[str] = []
    for line in lines:
        who = _who(line)
        if who and who not in people:
            people.append(who)
            if locale == "en":
                _do(player, line if line.startswith("officer ") else f"{who}: english")
                if line.startswith("officer "):
                    player.heard(who)
                    player.texts(who, "english")
                out += [f"{who}: english", *_heard(player, people)]
                if line.startswith("officer "):
                    continue
        if line.startswith("vendor "):
            _settle_in(player, line, locale)
            people += [name for name in [line.split()[1]] if name not in people]
        _do(player, line)
        out += [line, *_heard(player, people)]
    return "\n".join(out) + "\n"


def _who(line: str) -> str:
    if line.startswith("officer "):
        return line.split()[1]
    name, colon, _ = line.partition(": ")
    return name if colon and name.isidentifier() else ""


def _do(player: Player, line: str) -> None:
    words = line.split()
    if not words or words[0] in ("#", "vendor"):
        return
    if words[0] == "officer":
        player.officer(words[1], words[2])
    elif words[0] == "invite":
        player.write(partial(invite, token=words[2], region=words[1], now=player.now()))
    elif words[0] == "rule":
        player.rule(words[1], int(words[2]))
    elif words[0] in ("package", "changed"):
        player.write(partial(listed if words[0] == "package" else altered, line=line, now=player.now()))
    elif words[0] == "halt":
        player.write(partial(_halt, why=words[1], now=player.now()))
    elif words[0] == "wait":
        player.wait(float(words[1]) * UNITS[words[2].rstrip("s")])
    else:
        _said(player, *line.split(": ", 1))


def _halt(session: Session, why: str, now: datetime) -> None:
    newest = session.exec(select(Campaign).order_by(col(Campaign.id).desc())).first()
    assert newest and halt_campaign(session, newest.id or 0, why, now)


def _settle_in(player: Player, line: str, locale: str) -> None:
    told, _, products = line.partition(": ")
    _, name, region, *how = told.split()
    settle_in = partial(settled_in, seat=player.seat(name), name=name, region=region, locale=locale, how=how, products=products)
    player.write(partial(settle_in, now=player.now(), media=player.media))


def _said(player: Player, name: str, text: str) -> None:
    if album := ALBUM.fullmatch(text):
        player.album(name, album[1].split(), album[2])
    elif quote := QUOTE.fullmatch(text):
        player.quote(name, int(quote[1] or 1), quote[2])
    elif text.startswith("[") and text.endswith("]"):
        option = text[1:-1].lstrip("^")
        player.tap(name, option, earlier=len(text) - 2 - len(option))
    elif text.startswith("sheet "):
        _, paper, caption = (*text.split(" ", 2), "")[:3]
        player.sheet(name, PAPERS[paper], caption)
    elif text.startswith("pin "):
        _, latitude, longitude = text.split()
        player.pin(name, float(latitude), float(longitude))
    elif text.startswith("contact "):
        player.contact(name, text.split()[1])
    else:
        player.texts(name, *text.replace("\\n", "\n").split(" && "))


def people_in(name: str) -> list[str]:
    """Everybody who speaks, or is there, in a script."""
    lines = (FOLDER / f"{name}.script").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line.split()[1] if line.startswith("vendor ") else _who(line) for line in lines))


def _heard(player: Player, people: Iterable[str]) -> list[str]:
    blocks = []
    for name in people:
        for message in player.heard(name):
            first, *rest = message.split("\n")
            blocks += [f"    {name} < {first}", *(f"    {line}".rstrip() for line in rest)]
    return blocks


def options_of(press: str) -> tuple[str, ...]:
    """What a script may call a button: the option, or the command with or without what it is about ("queue", "queue:clean")."""
    parts = press.split(":", 4)
    return (parts[4],) if parts[0] == "a" else (parts[1], f"{parts[1]}:{parts[2]}")


def find_press(messages: Sequence[Sequence[str]], option: str, earlier: int = 0) -> tuple[int, str]:
    """The button a script means, the nth of several with `option#n`, and which of the messages (their presses, oldest first) has it."""
    wanted, _, nth = option.partition("#")
    places = range(len(messages) - 2, -1, -1) if earlier else [len(messages) - 1]
    found = [(place, [press for press in messages[place] if wanted in options_of(press)]) for place in places]
    found = [(place, presses) for place, presses in found if len(presses) >= int(nth or 1)]
    if len(found) >= max(earlier, 1):
        place, presses = found[max(earlier, 1) - 1]
        return place, presses[int(nth or 1) - 1]
    raise AssertionError(f"no button [{option}] among {[[options_of(press)[0] for press in messages[place]] for place in places]}")


def words_of(text: str, labels: Iterable[str], pictures: int) -> str:
    """A message as golden text, the same on every channel."""
    shown = [f"[{pictures} foto]"] if pictures else []
    return "\n".join([*shown, text, *(f"  [{label}]" for label in labels)])
