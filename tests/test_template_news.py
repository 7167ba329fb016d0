"""What WhatsApp says of the templates, who hears of it, and what may be sent to somebody who has not written for a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.channels.channel import Inbound
from bot.commands.templates import heard, state
from bot.settings import Settings
from handlers.said import Said
from handlers.templates import hear
from messages import Message
from messages.pushed import PUSHED, TABLE
from models.outbox import Outgoing
from models.post import notify
from models.price import price
from models.template import News, approved, news_of_template, remember, state_of
from models.window import outside
from tests.announcing import send
from tests.pushing import pushed_in
from tests.vendors import add_person, add_vendor
from tests.world import MORNING, World, text_of


def status(event: str, name: str = "decision_fix", locale: str = "id", **more: Any) -> dict[str, Any]:
    return {"event": event, "message_template_id": 1, "message_template_name": name, "message_template_language": locale, **more}


def test_an_approval_is_read() -> None:
    told = status("APPROVED", locale="en-US", reason="NONE", message_template_category="UTILITY")
    assert news_of_template(told) == News("decision_fix", "en", "approved", "utility", "")


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ("PENDING", "pending"), ("IN_APPEAL", "pending"), ("REJECTED", "rejected"), ("PAUSED", "paused"), ("DISABLED", "disabled"),
        ("DELETED", "disabled"), ("FLAGGED", "approved"), ("REINSTATED", "approved"),
    ],
)  # fmt: skip
def test_an_event_becomes_a_state(event: str, kept: str) -> None:
    news = news_of_template(status(event))
    assert news
    assert news.state == kept


def test_why_it_was_refused_is_kept() -> None:
    told = status("REJECTED", reason="INVALID_FORMAT", rejection_info={"reason": "Variables at the end", "recommendation": "..."})
    assert news_of_template(told) == News("decision_fix", "id", "rejected", "", "INVALID_FORMAT: Variables at the end")
    paused = status("LOCKED", reason="NONE", other_info={"title": "FIRST_PAUSE", "description": "..."})
    assert news_of_template(paused) == News("decision_fix", "id", "paused", "", "FIRST_PAUSE")


def test_a_change_of_category_counts_from_its_announcement() -> None:
    told = {"message_template_name": "decision_fix", "message_template_language": "id"}
    assert news_of_template({**told, "previous_category": "UTILITY", "new_category": "MARKETING"}) == News(
        "decision_fix", "id", category="marketing"
    )
    assert news_of_template({**told, "correct_category": "MARKETING", "new_category": "UTILITY"}) == News(
        "decision_fix", "id", category="marketing"
    )
    assert news_of_template({**told, "previous_quality_score": "GREEN", "new_quality_score": "RED"}) == News(
        "decision_fix", "id", reason="quality red"
    )


@pytest.mark.parametrize(
    "value",
    [
        {}, status("APPROVED", name="somebody_elses"), status("APPROVED", locale="fr"), status("LIMIT_EXCEEDED"), status("NEW_EVENT"),
        {"event": 7, "message_template_name": ["decision_fix"]}, status("NEW_EVENT", reason=None, other_info="x", rejection_info=[1]),
    ],
)  # fmt: skip
def test_what_says_nothing_of_our_templates_is_nothing(value: dict[str, Any]) -> None:
    assert news_of_template(value) is None


def test_what_was_heard_last_counts(world: World) -> None:
    def tell(state: str, category: str = "", reason: str = "", minutes: int = 0) -> None:
        at = MORNING + timedelta(minutes=minutes)
        world.write(lambda session: remember(session, "decision_fix", "id", state, category, reason, at))

    def may() -> bool:
        return world.read(lambda session: approved(session, "decision_fix", "id"))

    assert world.read(lambda session: state_of(session, "decision_fix", "id")) is None
    assert not may()
    tell("", reason="quality green", minutes=9)
    assert not may(), "nobody said that it was approved"
    tell("approved", "utility", minutes=1)
    assert may()
    tell("paused", reason="FIRST_PAUSE", minutes=5)
    assert not may()
    tell("approved", minutes=2)
    assert not may(), "this is older than the pause"
    tell("", reason="quality red", minutes=3)
    row = world.read(lambda session: state_of(session, "decision_fix", "id"))
    assert row
    assert (row.state, row.category, row.reason) == ("paused", "utility", "quality red")
    tell("approved", minutes=6)
    assert may()
    tell("", "marketing", minutes=7)
    assert not may(), "it would be sent as what nobody asked for"
    assert not world.read(lambda session: approved(session, "decision_fix", "en"))


def test_officers_of_the_province_hear_once_what_is_stopped(world: World) -> None:
    world.officer("kepala", "64")
    world.officer("petugas", "64.72")

    def told(value: dict[str, Any], minutes: int) -> bool:
        at = MORNING + timedelta(minutes=minutes)
        return world.write(lambda session: hear(session, value, "64", at, world.now))

    assert told(status("APPROVED"), 0)
    assert world.hears("kepala") == []
    assert told(status("PAUSED", other_info={"title": "FIRST_PAUSE"}), 1)
    assert told(status("PAUSED", other_info={"title": "FIRST_PAUSE"}), 1)
    assert told(status("REJECTED", "call_new", "en"), 2)
    assert text_of(world.hears("kepala")) == (
        "Kabar dari WhatsApp, Bapak/Ibu: permintaan perbaikan (dijeda), peluang baru (ditolak) sedang ditahan. "
        "Penerimanya baru mendapat kabar itu kalau menulis lagi. Minta pengelola bot mengeceknya, ya."
    )
    assert world.hears("petugas") == []
    assert told(status("PAUSED", other_info={"title": "FIRST_PAUSE"}), 3)
    assert world.hears("kepala") == [], "said again, it is no news"
    assert told(status("APPROVED"), 4)
    assert not told(status("PAUSED", "somebody_elses"), 5)
    assert world.hears("kepala") == []


def test_officers_hear_that_a_template_became_marketing(small_world: World) -> None:
    small_world.officer("kepala", "64")
    told = {"message_template_name": "decision_fix", "message_template_language": "id", "new_category": "MARKETING"}
    small_world.write(lambda session: hear(session, told, "64", small_world.now, small_world.now))
    assert "permintaan perbaikan (dihitung sebagai promosi) sedang ditahan" in text_of(small_world.hears("kepala"))


def test_every_template_has_words_for_officers(small_world: World) -> None:
    small_world.officer("kepala", "64")

    def tell(session: Session) -> None:
        for one in TABLE:
            hear(session, status("DISABLED", one.name), "64", small_world.now, small_world.now)

    small_world.write(tell)
    assert text_of(small_world.hears("kepala")).count("(dimatikan)") == len(TABLE)


def test_the_state_is_shown(small_world: World) -> None:
    settings: Settings = small_world.app.settings
    assert state(heard(settings).get(("decision_fix", "id"))) == "belum diajukan"
    small_world.write(lambda session: remember(session, "decision_fix", "id", "paused", "utility", "FIRST_PAUSE", MORNING))
    assert state(heard(settings)["decision_fix", "id"]) == "paused (utility): FIRST_PAUSE"


CALL = Message("call.new", PUSHED["call.new"].sample, PUSHED["call.new"].buttons, category="marketing")
ANNOUNCED = Message("announcement.body", PUSHED["announcement.body"].sample, category="marketing")
ANSWERED = Message("question.reply", PUSHED["question.reply"].sample)
SOON = MORNING + timedelta(days=1)


@pytest.mark.parametrize("marketing", [False, True])
def test_what_the_person_waits_for_goes_as_a_template(marketing: bool) -> None:
    assert outside(ANSWERED, True, None, marketing) == "template"
    assert outside(ANSWERED, False, None, marketing) == "hold"
    assert outside(Message("product.name.ask"), True, None, marketing) == "hold"
    assert outside(ANSWERED.after(Message("common.still_open")), True, None, marketing) == "hold"


def test_of_marketing_only_a_call_that_closes_and_only_where_it_is_allowed() -> None:
    assert outside(CALL, True, SOON, True) == "template"
    assert outside(CALL, True, SOON, False) == "hold"
    assert outside(CALL, False, SOON, True) == "hold"
    assert outside(CALL, True, None, True) == "hold", "it can wait"
    assert outside(ANNOUNCED, True, None, True) == "hold"


def test_marketing_is_off_unless_it_is_allowed(small_world: World) -> None:
    assert small_world.app.settings.whatsapp_marketing is False


def test_a_price_is_of_its_day() -> None:
    assert price("marketing", date(2025, 1, 1)) is None
    for category, usd in (("marketing", "0.041"), ("utility", "0.020")):
        found = price(category, date(2026, 11, 23))
        assert found
        assert (found.usd, bool(found.source)) == (Decimal(usd), True)


def test_what_a_template_cut_is_said_in_full(world: World) -> None:
    answer = "Caranya begini.\n" + "Siapkan NIB dulu, lalu foto produknya. " * 20

    def write(session: Session) -> None:
        person = add_person(session, "siti")
        notify(session, person, Message("question.reply", {"question": "Caranya?", "answer": answer}), world.now)

    world.write(write)
    world.hears("siti")
    world.write(lambda session: session.execute(update(Outgoing).values(external_id="w1")))
    assert answer.strip() in text_of(world.press("siti", "c:whole:0:0"))
    assert answer.strip() in text_of(world.say("siti", "baca lengkap"))
    assert "Caranya begini." not in text_of(world.say("siti", "menu"))
    assert "Caranya begini." not in text_of(world.press("siti", "c:whole:0:0")), "the menu was shown last"
    tapped = Inbound("t1", "siti", Said(kind="tap", press="c:whole:0:0", quoted="w1"))
    assert answer.strip() in text_of(world.hand(tapped)), "the tap tells which message it was on"


def test_an_announcement_is_said_in_full(world: World) -> None:
    world.officer("petugas", "64")
    world.write(lambda session: add_vendor(session, "siti"))
    send(world)
    [heard] = world.hears("siti")
    assert text_of(world.press("siti", "c:whole:0:0")) == text_of([heard])
    assert {message.key for message in world.read(pushed_in)} >= {"announcement.body"}


def test_whole_without_anything_shown_is_an_old_button(small_world: World) -> None:
    assert "Tombol itu dari pesan lama." in text_of(small_world.press("baru", "c:whole:0:0"))
