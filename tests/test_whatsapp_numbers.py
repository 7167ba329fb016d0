"""Several numbers behind one webhook: each hears its own, and what is said of the account is heard once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from bot.app import App
from bot.webhooks import WHATSAPP
from models.contact import Address
from models.template import Template
from tests.standin_whatsapp import StandIn
from tests.whatsapp_app import Prompt, posting, settings_of, with_app
from tests.whatsapp_updates import hidden, signed

OTHER = "999000111222"


def addresses(session: Session) -> set[tuple[str, str]]:
    return {(one.account, one.address) for one in session.exec(select(Address))}


def test_each_number_hears_its_own_and_the_account_is_heard_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(first: App, standin: StandIn) -> None:
        settings = settings_of(standin, sqlite_database, tmp_path)
        numbers = [Prompt(number, standin.token, standin.api, 5) for number in (standin.phone_id, OTHER)]
        app = App(settings, channels=numbers)
        siti, rina = hidden(5_550_777), hidden(5_550_778)
        theirs: Any = json.loads(json.dumps(standin.text(rina, "halo")).replace(standin.phone_id, OTHER))
        told = {"message_template_name": "call_new", "message_template_language": "id", "event": "APPROVED"}
        update = {"id": "1", "time": 1782900000, "changes": [{"field": "message_template_status_update", "value": told}]}
        async with posting(app) as client:
            for payload in (standin.text(siti, "halo"), theirs, {"object": "whatsapp_business_account", "entry": [update]}):
                body, headers = signed(payload, standin.secret)
                assert (await client.post(WHATSAPP, content=body, headers=headers)).status_code == 200
        assert await app.store.read(addresses) == {(f"whatsapp:{standin.phone_id}", siti.user_id), (f"whatsapp:{OTHER}", rina.user_id)}
        assert [one.state for one in await app.store.read(lambda session: list(session.exec(select(Template))))] == ["approved"]
        await app.stop()

    with_app(work, sqlite_database, tmp_path)
