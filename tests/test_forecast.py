"""What an announcement will take: days, rupiah, who is free and who waits, and the words for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bot.faults.calendar import AUDIENCE, MORNING, people
from bot.settings import Settings
from bot.store import Store
from handlers.announcements.foresight import plan_words
from messages import Message, Voice, render
from models.contact import Address
from models.forecast import Plan, forecast
from models.line import Line
from models.outbox import Outgoing
from models.template import remember
from models.terms import Terms

TERMS = Terms({"marketing": 700}, 20 * 700, 250)


def planned(database: str, *changes: Any, terms: Terms = TERMS, now: datetime = MORNING) -> Plan:
    store = Store(database)
    try:
        store.submit(partial(people, count=30, tier=10)).result(10)
        for change in changes:
            store.submit(change).result(10)
        return store.submit(partial(forecast, audience=AUDIENCE, now=now, terms=terms)).result(10)
    finally:
        store.close()


def writes(session: Session) -> None:
    """Three have just written, and a fourth has Telegram too."""
    session.execute(update(Address).where(col(Address.person_id) <= 3).values(heard_at=MORNING - timedelta(hours=2)))
    session.add(Address(person_id=4, account="telegram", channel="telegram", address="4", since=MORNING))


def used(session: Session) -> None:
    """Six were written to this morning, for a third of the month's money."""
    at: dict[str, Any] = {
        "account": "whatsapp:1",
        "message": {},
        "due_at": MORNING,
        "created_at": MORNING,
        "claimed_at": MORNING - timedelta(hours=1),
    }
    for n in range(20, 26):
        session.add(Outgoing(person_id=n, address_id=n, template="x", price=700, status="sent", **at))


def test_the_plan_counts_windows_other_apps_money_and_days(database: str) -> None:
    assert planned(database, writes, used) == Plan(other=1, free=3, outside=26, beyond=12, days=2, rupiah=14 * 700)


def test_a_template_that_is_not_approved_lets_everybody_wait(database: str) -> None:
    paused = partial(remember, name="announcement_body", locale="id", state="paused", category="", reason="", now=MORNING)
    assert planned(database, paused) == Plan(unapproved=30)


@pytest.mark.parametrize(("hour", "days"), [(0, 3), (9.9, 4), (12, 4)])
def test_what_would_come_at_night_waits_for_the_morning(hour: float, days: int, sqlite_database: str) -> None:
    """Ten people a day of thirty: from 10.00; from 19.54, when the second part's time has moved into the evening; from 22.00."""
    assert planned(sqlite_database, terms=replace(TERMS, ceiling=10**9), now=MORNING + timedelta(hours=hour)).days == days


def test_a_night_alone_does_not_make_it_longer(sqlite_database: str) -> None:
    """All fit into one day's people: that it begins in the morning is not WhatsApp's doing."""
    assert planned(sqlite_database, tier_of(40), now=MORNING + timedelta(hours=12)).days == 1


def tier_of(tier: int) -> Any:
    return lambda session: session.execute(update(Line).values(tier=tier))


def test_a_plan_is_kept_as_json() -> None:
    plan = Plan(1, 2, 3, 4, 1, 5, 6)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json({}) == Plan()


def said(plan: Plan, paid: bool, locale: str = "id") -> str:
    message = Message("held.line", {"place": 1, "about": "", "what": plan_words(plan, paid)})
    return render(message, Voice(locale)).text.removeprefix("1. : ")


def test_the_words_of_a_plan() -> None:
    plan = Plan(other=1, free=3, outside=26, unapproved=2, beyond=12, days=3, rupiah=9800)
    assert said(plan, True) == (
        "1 orang lewat aplikasi lain, gratis.\n3 orang di WhatsApp gratis karena baru menulis.\n14 orang di WhatsApp lewat pesan berbayar, "
        "paling banyak Rp9.800, selesai dalam 3 hari karena WhatsApp membatasi jumlah orang per hari.\n12 orang baru mendapatnya kalau "
        "menulis lagi, karena batas biaya bulan ini tercapai.\n2 orang baru mendapatnya kalau menulis lagi, karena WhatsApp belum "
        "mengizinkan pesan berbayarnya."
    )
    assert said(plan, False).endswith("28 orang di WhatsApp baru mendapatnya kalau menulis lagi, gratis.")
    assert "done within a day" in said(Plan(outside=2, rupiah=1400), True, "en")


def settings(folder: Path, **given: object) -> Settings:
    return Settings(_env_file=None, media_dir=folder, **given)  # type: ignore[call-arg,arg-type]


def test_prices_are_of_the_table_unless_the_settings_name_them(tmp_path: Path) -> None:
    assert dict(settings(tmp_path).terms.prices) == {"marketing": 697, "utility": 340}
    assert dict(settings(tmp_path, whatsapp_prices="utility=300").terms.prices) == {"marketing": 697, "utility": 300}
    for wrong in ("utility", "x=3", "utility=-1", "utility=1.5"):
        with pytest.raises(ValueError, match="must be like"):
            settings(tmp_path, whatsapp_prices=wrong)
