"""Codes as text: found whatever stands around them, never taken for anything else, and not to be guessed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from math import comb

import pytest
from sqlmodel import Session, func, select

from bot.channels.channel import Inbound
from bot.inbox import screened
from handlers.said import Said
from models import codes
from models.codes import ALPHABET, draw, shown, typed
from models.link import BUDGET, GUESSES, LASTS, WITHIN, LinkCode, LinkGuess, look_up, make_code
from models.screening import screen
from tests.talk import Talk
from tests.vendors import add_person
from tests.world import MORNING

SPACE = sum(comb(8, digits) * 8**digits * 24 ** (8 - digits) for digits in range(codes.LEAST, 9 - codes.LEAST))
"""Codes that can be drawn."""


@pytest.mark.parametrize("written", ["KRT2-M34N", "krt2-m34n", "KRT2M34N", "sambung KRT2-M34N", "Sambungkan krt2 m34n", "kode: KRT2-M34N",
                                     "kodenya KRT2M34N", "connect KRT2-M34N", "tolong sambung KRT2-M34N ya bu",
                                     " KRT2-M34N. "])  # fmt: skip
def test_a_code_is_found(written: str) -> None:
    found = typed(written)
    assert found and found.code == "KRT2M34N"
    assert screen(written) == (written, "")


@pytest.mark.parametrize("written", ["sambung KRT2-M34", "sambung KRTO-M34N", "link krt2m34n9"])
def test_a_slip_is_still_an_attempt(written: str) -> None:
    found = typed(written)
    assert found and found.sure and found.code != "KRT2M34N"


@pytest.mark.parametrize("answer", ["9120001234567", "6472014504900003", "2063472010123-27", "25rb", "25.000", "22334455", "2233-4455",
                                    "sambung", "sambung lagi", "MEJAKAYU", "meja-kayu", "meja 2345", "081234567890", "MD 867031001123",
                                    "KT 1234 AB", "250 gram", "5 x 7 cm", "link", "sambung rasa 24 jam", "kode pos 75117"])  # fmt: skip
def test_an_answer_is_no_code(answer: str) -> None:
    assert typed(answer) is None


def test_what_is_drawn_is_never_anything_else() -> None:
    for _ in range(3000):
        code = draw()
        assert len(code) == 8 and set(code) <= set(ALPHABET)
        for written in (code, shown(code), f"sambung {shown(code)}", f"kode saya {code.lower()}"):
            assert typed(written) is not None and screen(written)[1] == "", written


@pytest.mark.parametrize("otp", ["kode OTP saya 123456", "sambung kode otp 482913", "kode wa 123-456", "kode verifikasi KRTM 4829",
                                 "sambung KRT2-M34N kode otp 482913", "kode otp KRTM-2345", "KRT2-M34N pin saya 123456",
                                 "sambung KRT2-M34N NIK 6472014504900003"])  # fmt: skip
def test_a_real_code_or_number_is_refused_all_the_same(otp: str) -> None:
    assert screen(otp)[1]
    assert screened(Inbound("1", "siti", Said(text=otp))).said.text == ""


def test_only_the_hash_is_kept_and_a_new_code_ends_the_one_before() -> None:
    with Talk() as talk:
        siti = talk.meet().id or 0
        first = make_code(talk.session, siti, talk.now)
        second = make_code(talk.session, siti, talk.now)
        [row] = talk.session.exec(select(LinkCode)).all()
        assert second.replace("-", "") not in str(row.model_dump())
        rani = talk.meet("rani").id or 0
        assert look_up(talk.session, first.replace("-", ""), rani, talk.now) == "unknown"
        assert look_up(talk.session, second.replace("-", ""), siti, talk.now) == "own"
        assert look_up(talk.session, second.replace("-", ""), rani, talk.now) == row
        assert look_up(talk.session, second.replace("-", ""), rani, talk.now + LASTS) == "unknown"


def test_ten_thousand_guesses_from_many_accounts_find_nothing() -> None:
    """A hundred codes are open; two thousand accounts try five each. 200 are looked at, in a space of more than 10^11."""
    assert SPACE > 6 * 10**11 and GUESSES == 5 and BUDGET == 200
    assert timedelta(hours=1) == WITHIN and timedelta(minutes=10) == LASTS
    with Talk() as talk:
        session = talk.session
        for number in range(100):
            make_code(session, add_person(session, f"owner{number}"), MORNING)
        tried = {"unknown": 0, "many": 0, "busy": 0}
        for number in range(2000):
            thief = add_person(session, f"thief{number}")
            for _ in range(5):
                answer = look_up(session, "".join(secrets.choice(ALPHABET) for _ in range(8)), thief, MORNING)
                assert isinstance(answer, str)
                tried[answer] += 1
        assert tried == {"unknown": BUDGET, "many": 0, "busy": 10_000 - BUDGET}
        assert BUDGET * 100 / SPACE < 1e-7, "the chance of all of them together, in an hour"
        assert _guesses(session) == BUDGET


def test_one_account_has_five(small_guesses: Session) -> None:
    thief = add_person(small_guesses, "thief")
    answers = [look_up(small_guesses, draw(), thief, MORNING) for _ in range(7)]
    assert answers == ["unknown"] * 5 + ["many"] * 2
    assert look_up(small_guesses, draw(), thief, MORNING + WITHIN) == "unknown"
    assert _guesses(small_guesses) == 6, "what is an hour old is forgotten only afterwards"


@pytest.fixture
def small_guesses() -> Session:  # type: ignore[misc]
    with Talk() as talk:
        yield talk.session


def _guesses(session: Session) -> int:
    return session.exec(select(func.count()).select_from(LinkGuess)).one()
