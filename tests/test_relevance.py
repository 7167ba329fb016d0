"""How well a call fits a product: each part of the score orders rightly, what people answered counts, and every reason has its words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.store import open_engine
from messages.catalogue import texts
from models.business import Business
from models.call import INTERESTED, ONCE, UNRELATED, Call, CallNotice
from models.fit import DISLIKED, LIKED, PARTS, WHOLE
from models.matching import FAR, LARGE, OFF
from models.product import Product
from models.relevance import ENOUGH, rank, rank_all
from models.wording import spoken, terms
from tests.vendors import SINCE, add_vendor

NUMBERS = count()


@pytest.fixture
def session(sqlite_database: str) -> Iterator[Session]:
    engine = open_engine(sqlite_database)
    with Session(engine) as made:
        yield made
    engine.dispose()


def vendor(session: Session, who: str, size: str = "mikro", region: str = "64.72", **fields: Any) -> int:
    """Sells nasi kotak, unless `fields` say otherwise."""
    scope = fields.pop("scope", "")
    person = add_vendor(session, who, region, scope=scope)
    session.get_one(Business, person).size = size
    product = session.get_one(Product, person)
    for key, given in fields.items():
        setattr(product, key, given)
    session.flush()
    return person


def call_for(session: Session, **fields: Any) -> Call:
    given: dict[str, Any] = {"source_id": str(next(NUMBERS)), "title": "Belanja nasi kotak rapat", "etalase": ["mamin"]}
    call = Call(**{**given, "region": "64.72", **fields}, created_at=SINCE)
    session.add(call)
    session.flush()
    return call


ORDERED: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    ("category", {"etalase": ["mamin", "sembako"]}, [{}, {"etalase": "sembako"}]),
    ("words", {}, [{"name": "Nasi kotak ayam"}, {"name": "Nasi kuning"}, {"name": "Amplang", "details": "juga nasi"}, {"name": "Amplang"}]),
    ("synonyms", {"title": "Kudapan tamu"}, [{"name": "Kudapan"}, {"name": "Snack box"}, {"name": "Amplang"}]),
    ("a typo", {"title": "Belanja nasi kotak"}, [{"name": "Nasikotak komplit"}, {"name": "Amplang"}]),
    ("the call's detail", {"title": "Konsumsi", "detail": "amplang 20 bungkus"}, [{"name": "Amplang"}, {"name": "Madu"}]),
    ("place", {}, [{}, {"region": "64.03", "scope": "64"}, {"region": "64.03"}]),
    ("the province", {"region": "64"}, [{}, {"region": "63.71", "scope": "64"}, {"region": "63.71", "scope": "63.71"}]),
    ("several places", {"region": "64", "places": ["64.03", "64.72"]}, [{"region": "64.03"}, {"region": "64.71"}]),
    ("value", {"budget": 10_000_000}, [{"capacity": 1_000}, {"capacity": 150}, {"capacity": 2}]),
    ("value, unknown", {"budget": 10_000_000}, [{"capacity": 1_000}, {"capacity": None}, {"capacity": 2}]),
    ("an estimate", {"estimate": 10_000_000}, [{"capacity": 1_000}, {"capacity": 2}]),
    ("chance of a tender", {"method": "tender", "small_only": False}, [{"size": "menengah"}, {"size": "kecil"}, {"size": "mikro"}]),
    ("meant for small ones", {"budget": 100_000_000}, [{"size": "kecil"}, {"size": "menengah"}]),
    ("status", {}, [{}, {"status": "IN_REVIEW"}]),
]


@pytest.mark.parametrize(("part", "call", "vendors"), ORDERED, ids=[part for part, _, _ in ORDERED])
def test_each_part_puts_the_better_first(session: Session, part: str, call: dict[str, Any], vendors: list[dict[str, Any]]) -> None:
    people = [vendor(session, f"v{n}", **fields) for n, fields in reversed(list(enumerate(vendors)))][::-1]
    found = rank(session, call_for(session, **call))
    assert [match.person_id for match in found] == people
    scores = [match.score for match in found]
    assert scores == sorted(set(scores), reverse=True) and all(0 <= score <= 1 for score in scores)


def test_the_parts_make_a_whole() -> None:
    assert sum(PARTS.values()) == WHOLE


def test_what_is_bought_from_the_catalogue_must_stand_in_it(session: Session) -> None:
    vendor(session, "siti", status="SUBMITTED")
    typed, catalogue = call_for(session, method="langsung"), call_for(session, method="epurchasing")
    assert rank(session, typed)[0].score - rank(session, catalogue)[0].score == pytest.approx(PARTS["status"] / 2 / WHOLE)


def test_what_is_reserved_for_small_firms_is_not_told_to_a_medium_one(session: Session) -> None:
    small, medium = vendor(session, "siti", "kecil"), vendor(session, "rina", "menengah")
    reserved = rank(session, call_for(session, small_only=True))
    assert [(match.person_id, match.why) for match in reserved] == [(small, ""), (medium, LARGE)]
    assert [match.why for match in rank(session, call_for(session, small_only=False))] == ["", ""]


def test_a_large_package_is_nobodys_by_its_size_alone(session: Session) -> None:
    vendor(session, "rina", "menengah")
    large, small = call_for(session, budget=20_000_000_000), call_for(session, budget=14_000_000_000)
    assert rank(session, large)[0].score > rank(session, small)[0].score


@pytest.mark.parametrize(
    ("title", "answer", "moved"),
    [
        ("Belanja nasi kotak", INTERESTED, LIKED),
        ("Belanja nasi goreng", INTERESTED, LIKED * 3 // 4),
        ("Jamu", INTERESTED, LIKED // 2),
        ("Jamu", UNRELATED, -LIKED // 2),
        ("Belanja nasi kotak", UNRELATED, -LIKED),
        ("Belanja nasi kotak", ONCE, 0),
        ("Belanja nasi kotak", "", 0),
    ],
)
def test_an_answer_moves_the_score_of_calls_like_it(session: Session, title: str, answer: str, moved: int) -> None:
    person, call = vendor(session, "siti", status="SUBMITTED"), call_for(session, region="64")
    before = rank(session, call)[0].score
    old = call_for(session, title=title)
    session.add(CallNotice(call_id=old.id or 0, person_id=person, answer=answer, at=SINCE))
    session.flush()
    assert rank(session, call)[0].score - before == pytest.approx(moved / WHOLE)


def test_answers_of_another_etalase_or_person_or_to_this_call_move_nothing(session: Session) -> None:
    person, other, call = vendor(session, "siti"), vendor(session, "rina", region="64.03"), call_for(session)
    before = {match.person_id: match.score for match in rank(session, call)}
    for old, who in ((call_for(session, etalase=["atk"]), person), (call_for(session), other), (call, person)):
        session.add(CallNotice(call_id=old.id or 0, person_id=who, answer=INTERESTED, at=SINCE))
    session.flush()
    after = {match.person_id: match.score for match in rank(session, call)}
    assert after[person] == before[person] and after[other] > before[other]


def test_of_many_calls_what_was_answered_before_is_read_once(session: Session) -> None:
    people, old = [vendor(session, f"vendor {number}") for number in range(3)], call_for(session, title="Belanja nasi goreng")
    for person, answer in zip(people, (INTERESTED, UNRELATED, INTERESTED), strict=True):
        session.add(CallNotice(call_id=old.id or 0, person_id=person, answer=answer, at=SINCE))
    calls = [call_for(session, title=title) for title in ("Belanja nasi kotak", "Konsumsi rapat", "Jamu")] + [old]
    each = [rank(session, call) for call in calls]
    said: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda conn, cursor, statement, *_: said.append(statement))
    assert [matches for _, matches in rank_all(session, [(call, 0) for call in calls])] == each
    assert sum(f"{CallNotice.__tablename__}.answer IN" in statement for statement in said) == 1


def test_many_answers_move_it_so_far_and_no_further(session: Session) -> None:
    person, call = vendor(session, "siti"), call_for(session)
    before = rank(session, call)[0].score
    for _ in range(6):
        session.add(CallNotice(call_id=call_for(session).id or 0, person_id=person, answer=UNRELATED, at=SINCE))
        session.flush()
    assert before - rank(session, call)[0].score == pytest.approx(-DISLIKED / WHOLE)


def test_the_reason_not_to_tell_is_kept(session: Session) -> None:
    siti, rina = vendor(session, "siti", name="Amplang"), vendor(session, "rina", region="64.03", scope="64.03")
    stopped = add_vendor(session, "tono", stopped=True)
    old = call_for(session)
    session.add(CallNotice(call_id=old.id or 0, person_id=siti, product_id=1, answer=UNRELATED, at=SINCE))
    session.flush()
    call = call_for(session, title="Konsumsi")
    assert {match.person_id: match.why for match in rank(session, call)} == {siti: OFF, rina: FAR, stopped: "stopped"}
    assert rank(session, call, most=10) == []


def test_with_a_most_only_those_who_may_be_told(session: Session) -> None:
    people = [vendor(session, f"v{n}", capacity=capacity) for n, capacity in enumerate((2, 150, 1_000))]
    call = call_for(session, budget=10_000_000)
    assert [match.person_id for match in rank(session, call, most=2)] == people[:0:-1]
    assert [match.person_id for match in rank(session, call, most=2, besides=[people[2]])] == people[1::-1]


def test_a_product_of_the_category_in_reach_is_enough_to_tell(session: Session) -> None:
    vendor(session, "siti", name="Amplang", status="SUBMITTED")
    vendor(session, "rina", name="Amplang", region="64.03", scope="64")
    assert all(match.score >= ENOUGH for match in rank(session, call_for(session, title="Konsumsi upacara")))


REASONS: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, dict[str, Any]]]]] = [
    ({}, {}, [("words", {"words": "nasi kotak", "product": "Nasi kotak"}), ("near", {"place": "Samarinda"})]),
    ({"title": "Jamu"}, {}, [("category", {"product": "Nasi kotak"}), ("near", {"place": "Samarinda"})]),
    (
        {"title": "Kudapan", "region": "64", "small_only": True},
        {"name": "Snack box", "status": "SUBMITTED"},
        [
            ("words", {"words": "snack", "product": "Snack box"}),
            ("reach", {"place": "Kalimantan Timur"}),
            ("small", {}),
            ("waiting", {"product": "Snack box"}),
        ],
    ),
    (
        {"title": "Jamu", "budget": 10_000_000},
        {"region": "64.03", "scope": "64", "capacity": 1_000},
        [("category", {"product": "Nasi kotak"}), ("reach", {"place": "Samarinda"}), ("small_meant", {}), ("value", {})],
    ),
]


@pytest.mark.parametrize(("call", "fields", "reasons"), REASONS)
def test_every_match_says_why(session: Session, call: dict[str, Any], fields: dict[str, Any], reasons: list[Any]) -> None:
    vendor(session, "siti", **fields)
    found = [(reason.key, reason.params) for reason in rank(session, call_for(session, **call))[0].reasons]
    assert found == reasons


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("key", ["words", "category", "near", "reach", "small", "small_meant", "value", "liked", "waiting"])
def test_every_reason_has_its_words(locale: str, key: str) -> None:
    assert 5 < len(texts(locale)[f"call.why_{key}"]) < 60


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Belanja Alat/Bahan untuk Kegiatan Kantor - Kertas", {"kertas"}),
        ("Nasi box 50 porsi", {"nasi", "box", "porsi"}),
        ("amplnag 250gr", {"amplang"}),
        ("Paket produk asli", set()),
        ("", set()),
    ],
)
def test_what_a_text_is_about(text: str, found: set[str]) -> None:
    assert {term for term in terms(text) if not term.startswith("=")} == found


def test_phrases_that_mean_the_same_have_a_term_in_common() -> None:
    assert set(terms("konsumsi rapat")) & set(terms("katering")) and set(terms("snack rapat")) & set(terms("kudapan"))
    assert not set(terms("snack")) & set(terms("spanduk"))


def test_the_words_shown_are_those_that_were_written() -> None:
    assert spoken("Keripik Pisang coklat", ["pisang"]) == "pisang" and spoken("Nasikotak", ["nasi"]) == "nasikotak"
