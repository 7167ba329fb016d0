"""What the command line says of WhatsApp: whether a number answers, and which accounts are stopped."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydantic import SecretStr, ValidationError
from pytest import raises

from bot.control import reach
from bot.finding import Finding
from bot.platforms import whatsapp
from bot.sending.lines import stop_line
from bot.settings import Settings, complaints
from bot.store import Store
from tests.standin_whatsapp import StandIn
from tests.whatsapp_app import settings_of
from tests.world import MORNING


def examined(folder: Path, token: str = "", public: str = "") -> list[Finding]:
    async def ask() -> list[Finding]:
        standin = StandIn()
        await standin.start()
        try:
            settings = settings_of(standin, f"sqlite:///{folder}/l.db", folder, public_url=public)
            return await whatsapp(settings.model_copy(update={"whatsapp_token": SecretStr(token)}) if token else settings)
        finally:
            await standin.stop()

    return asyncio.run(ask())


def test_a_number_that_answers_and_what_is_still_to_be_set(tmp_path: Path) -> None:
    number, webhook = examined(tmp_path)
    assert number.mark == "good" and "quality green" in number.words
    assert webhook.mark == "missing" and "LAPAK_PUBLIC_URL" in webhook.words
    _, webhook = examined(tmp_path, public="https://bot.example")
    assert webhook.mark == "note" and "https://bot.example/webhooks/whatsapp" in webhook.words


def test_a_token_that_is_refused_is_said_and_not_shown(tmp_path: Path) -> None:
    number, _ = examined(tmp_path, token="another-secret-token")
    assert number.mark == "bad" and "LAPAK_WHATSAPP_TOKEN" in number.words
    assert "another-secret-token" not in str(replace(number))


def test_half_of_the_settings_is_a_mistake_that_names_the_rest() -> None:
    with raises(ValidationError) as caught:
        Settings(_env_file=None, whatsapp_token=SecretStr("geheim"), whatsapp_phone_id="12a")  # type: ignore[call-arg]
    [line] = complaints(caught.value)
    assert "LAPAK_WHATSAPP_APP_SECRET, LAPAK_WHATSAPP_VERIFY_TOKEN" in line and "geheim" not in line


def test_a_stopped_account_is_listed_and_taken_up_again(sqlite_database: str, tmp_path: Path) -> None:
    store = Store(sqlite_database)
    stop = partial(stop_line, account="whatsapp:1", reason="restricted", now=MORNING, province="64")
    store.submit(stop).result(10)
    store.close()
    settings = Settings(_env_file=None, database_url=sqlite_database, media_dir=tmp_path / "media")  # type: ignore[call-arg]

    async def run() -> None:
        async with reach(settings) as control:
            listed = {one["account"]: one["stopped"] for one in (await control.ask("/channels"))["channels"]}
            assert listed["whatsapp:1"] == "restricted" and listed["terminal"] == ""
            assert [(await control.ask("/channels/resume", {"account": "whatsapp:1"}))["was_stopped"] for _ in range(2)] == [True, False]

    asyncio.run(run())
