"""What WhatsApp says of a number and its templates when it is asked, and by webhook."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import App
from bot.channels.channel import News
from bot.duties import Role
from bot.sending.lines import heard
from bot.standing import Asked, look
from bot.store import Store
from models.line import UNLIMITED, Line, line_of, people_of
from models.template import APPROVED, known
from tests.standin_whatsapp import StandIn
from tests.whatsapp_app import with_app
from tests.world import MORNING, World

QUIET: Role = "web"
"""A process that sends also asks by itself when it starts; here only the test asks."""


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ("TIER_250", 250), ("TIER_2K", 2000), ("TIER_10K", 10_000), ("TIER_100K", 100_000), ("TIER_UNLIMITED", UNLIMITED), (2000, 2000),
        (-1, UNLIMITED), ("TIER_NOT_SET", 0), (None, 0), ("", 0), ("K", 0), (True, 0),
    ],
)  # fmt: skip
def test_a_tier_is_people_a_day(told: Any, people: int) -> None:
    assert people_of(told) == people


def listed(name: str, state: str, language: str = "id", category: str = "UTILITY") -> dict[str, str]:
    return {"name": name, "language": language, "status": state, "category": category, "id": "1"}


async def asked(app: App, standin: StandIn) -> tuple[bool, Line | None, dict[tuple[str, str], str]]:
    app.settings.whatsapp_business_id = standin.business_id
    [channel] = app.channels.values()
    assert isinstance(channel, Asked)
    answered = await look(app, channel)
    line = await app.store.read(lambda session: session.get(Line, channel.account))
    states = await app.store.read(lambda session: {key: row.state for key, row in known(session).items()})
    return answered, line, states


def test_tier_quality_and_every_page_of_templates_are_kept(database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        standin.page = 2
        standin.listed = [
            listed("decision_fix", "APPROVED"), listed("somebody_elses", "APPROVED"), listed("call_new", "REJECTED", "en_US"),
            listed("announcement_body", "APPROVED", category="MARKETING"), listed("question_reply", "APPROVED", category="MARKETING"),
        ]  # fmt: skip
        answered, line, states = await asked(app, standin)
        assert answered and line
        assert (line.tier, line.quality) == (2000, "green")
        assert states == {
            ("decision_fix", "id"): APPROVED, ("call_new", "en"): "rejected", ("announcement_body", "id"): APPROVED,
            ("question_reply", "id"): APPROVED,
        }  # fmt: skip
        standin.listed.pop(0)
        assert (await asked(app, standin))[2]["decision_fix", "id"] == "disabled"

    with_app(work, database, tmp_path, role=QUIET)


def test_two_processes_may_be_the_first_to_hear_of_a_number(postgres_database: str) -> None:
    store, both = Store(postgres_database), Barrier(2, timeout=30)

    def first(session: Session) -> str:
        session.exec(select(Line)).all()
        both.wait()
        return line_of(session, "whatsapp:1").account

    try:
        assert {future.result(30) for future in [store.submit(first), store.submit(first)]} == {"whatsapp:1"}
    finally:
        store.close()


def test_the_people_of_a_business_are_shared_by_its_numbers(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        app.settings.whatsapp_phone_id = f"{standin.phone_id},777"
        standin.about["whatsapp_business_manager_messaging_limit"] = "TIER_10K"
        _, line, _ = await asked(app, standin)
        assert line and line.tier == 5000

    with_app(work, sqlite_database, tmp_path, role=QUIET)


@pytest.mark.parametrize("kind", ["number", "templates"])
def test_what_is_not_answered_leaves_what_is_known(kind: str, sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        standin.listed = [listed("decision_fix", "APPROVED")]
        before = await asked(app, standin)
        standin.fail(code=131000, kind=kind, times=3)
        answered, line, states = await asked(app, standin)
        assert not answered
        assert line and before[1] and (line.tier, states) == (before[1].tier, before[2])

    with_app(work, sqlite_database, tmp_path, role=QUIET)


def test_a_webhook_tells_the_tier(small_world: World) -> None:
    def tell(field: str, **value: Any) -> dict[str, int]:
        def work(session: Session) -> dict[str, int]:
            heard(session, News(field, value), MORNING, "64")
            session.flush()
            return {number: session.get_one(Line, f"whatsapp:{number}").tier for number in ("1", "2")}

        return small_world.write(work)

    small_world.write(lambda session: session.add_all([Line(account="whatsapp:1", tier=250), Line(account="whatsapp:2", tier=250)]))
    assert tell("phone_number_quality_update", event="UPGRADE", current_limit="TIER_2K", metadata={"phone_number_id": "1"}) == {
        "1": 2000, "2": 250,
    }  # fmt: skip
    assert tell("business_capability_update", max_daily_conversations_per_business=10_000) == {"1": 10_000, "2": 10_000}
    assert tell("business_capability_update", max_daily_conversations_per_business="TIER_UNLIMITED")["1"] == UNLIMITED
    assert tell("account_update", event="X", current_limit="TIER_50")["1"] == UNLIMITED
