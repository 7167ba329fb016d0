"""Every script in both languages against its golden text. LAPAK_REWRITE=1 writes them anew: read the difference before committing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot import chatroom
from bot.channels.telegram import Telegram
from bot.channels.webchat import Webchat
from bot.channels.whatsapp import Whatsapp
from tests.ear import Ear
from tests.players import TerminalPlayer, WebPlayer
from tests.pushing import assert_sendable
from tests.script import golden, people_in, play, scripts
from tests.stage import Clock, Stage, settings_for
from tests.standin_telegram import StandIn
from tests.standin_whatsapp import StandIn as WhatsappStandIn
from tests.telegram_player import SECRET, TelegramPlayer
from tests.whatsapp_app import settings_of
from tests.whatsapp_player import WhatsappPlayer
from tests.world import World

REWRITING = bool(os.environ.get("LAPAK_REWRITE"))
INDONESIAN = [(name, "id") for name in scripts()]
ENGLISH = [(name, "en") for name in scripts()]
"""Played in the terminal. That each text fits every channel in both languages is a matter of tests/test_rendering.py."""
LONGEST = ("registration", "owner", "broadcast", "calls", "flags", "officers", "sheet")
"""The longest of each kind. More of them cost minutes and showed nothing that is not shown on the other channels."""
FAR = [(name, "en") for name in LONGEST[:4]]
"""English that is played where the limits are the tightest."""
NEAR = [(name, "id") for name in (*LONGEST, "pictures")]


def compare(name: str, locale: str, played: str) -> None:
    file = golden(name, locale)
    if REWRITING:
        file.write_text(played, encoding="utf-8")
    assert played == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "locale"), ENGLISH + INDONESIAN * REWRITING)
def test_in_the_terminal(
    name: str, locale: str, postgres_database: str, tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In English on PostgreSQL; Indonesian is played on SQLite through every other channel. What it pushed to others can be sent as a
    template, and what is heard is noted for tests/test_what_is_heard.py: neither is a matter of the language."""
    ear = Ear(monkeypatch)
    with World(postgres_database, tmp_path / "media") as world:
        compare(name, locale, play(TerminalPlayer(world), name, locale))
        ear.keep(notes / f"{name}.heard")
        assert_sendable(world, name)


@pytest.mark.parametrize(("name", "locale"), NEAR)
def test_in_the_web_chat(name: str, locale: str, sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(sqlite_database, tmp_path / "media")
    monkeypatch.setattr(chatroom, "PERSONAS", people_in(name))
    with Stage(settings, [Webchat(settings.media_dir)], Clock()) as stage:
        played = play(WebPlayer(stage), name, locale)
    assert played == golden(name, locale).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "locale"), INDONESIAN)
def test_on_telegram(name: str, locale: str, sqlite_database: str, tmp_path: Path) -> None:
    clock = Clock()
    telegram = StandIn(clock=clock.ticks)
    asyncio.run(telegram.start())
    found = {"telegram_token": telegram.token, "telegram_api": telegram.url}
    settings = settings_for(sqlite_database, tmp_path / "media", public_url="https://bot.example", telegram_secret=SECRET, **found)
    channel = Telegram(telegram.token, telegram.url, ticks=clock.ticks, sleep=clock.sleep)
    try:
        with Stage(settings, [channel], clock) as stage:
            played = play(TelegramPlayer(stage, telegram), name, locale)
    finally:
        asyncio.run(telegram.stop())
    telegram.assert_well_behaved()
    assert played == golden(name, locale).read_text(encoding="utf-8")


def on_whatsapp(name: str, locale: str, database: str, folder: Path, storm: bool = False) -> str:
    clock = Clock()
    whatsapp = WhatsappStandIn(clock=clock.ticks)
    asyncio.run(whatsapp.start())
    channel = Whatsapp(whatsapp.phone_id, whatsapp.token, whatsapp.api, ticks=clock.ticks, sleep=clock.sleep)
    try:
        with Stage(settings_of(whatsapp, database, folder, port=0), [channel], clock) as stage:
            player = WhatsappPlayer(stage, whatsapp, storm)
            played = play(player, name, locale)
            player.assert_all_read()
    finally:
        asyncio.run(whatsapp.stop())
    whatsapp.assert_well_behaved()
    return played


@pytest.mark.parametrize(("name", "locale"), INDONESIAN + FAR)
def test_on_whatsapp(name: str, locale: str, sqlite_database: str, tmp_path: Path) -> None:
    assert on_whatsapp(name, locale, sqlite_database, tmp_path) == golden(name, locale).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["registration", "second_product"])
def test_on_whatsapp_while_the_platform_stumbles(name: str, sqlite_database: str, tmp_path: Path) -> None:
    assert on_whatsapp(name, "id", sqlite_database, tmp_path, storm=True) == golden(name, "id").read_text(encoding="utf-8")
