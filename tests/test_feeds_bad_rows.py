"""Rows of a source that cannot be read or kept: put aside with the reason, and all others go on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from bot.feeds import polling as feeding
from bot.importing import keep
from models.feed import SetAside
from tests.sites import RUP, gateway
from tests.standin_sources import plans
from tests.watching import Watch

__all__ = ["gateway"]


def test_a_row_that_cannot_be_read_or_kept_is_put_aside_and_the_others_go_on(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def clumsy(session: Session, source: str, packages: Any, bad: Any, now: Any) -> Any:
        if any(package.keys[0][1] == "7" for _, package in packages):
            raise ZeroDivisionError
        return keep(session, source, packages, bad, now)

    monkeypatch.setattr(feeding, "take_rows", clumsy)
    rows = plans(1, 30)
    rows[3] |= {"nama_paket": " "}
    rows[20] |= {"kd_rup": None}
    rows[28] |= {"nama_paket": "Nasi kotak, daftar di bit.ly/x"}
    gateway.standin.rows = {("rup", "D107"): rows}
    gateway.all()
    counts = gateway.feed(RUP).counts
    assert counts["aside"] == {"no_title": 1, "no_number": 1, "not_kept": 1, "not_told": 1}
    assert (counts["read"], counts["new"], gateway.calls(RUP)) == (30, 26, 26)
    asides = gateway.world.read(lambda session: sorted((one.number, one.reason) for one in session.exec(select(SetAside))))
    assert asides == [("", "no_number"), ("29", "not_told"), ("4", "no_title"), ("7", "not_kept")]


def test_a_row_that_cannot_even_be_put_aside_holds_up_no_other(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def clumsy(session: Session, source: str, packages: Any, bad: Any, now: Any) -> Any:
        if any(row.get("kd_rup") == 4 for row, *_ in bad):
            raise OverflowError
        return keep(session, source, packages, bad, now)

    monkeypatch.setattr(feeding, "take_rows", clumsy)
    rows = plans(1, 9)
    rows[3] |= {"nama_paket": " "}
    rows[6] |= {"pagu": 10**400, "nama_paket": ""}
    rows[7] |= {"kd_rup": None}
    gateway.standin.rows = {("rup", "D107"): rows}
    gateway.all()
    counts = gateway.feed(RUP).counts
    assert counts["aside"] == {"not_kept": 1, "odd_number": 1, "no_number": 1} and not gateway.feed(RUP).error
    assert (counts["read"], counts["new"], gateway.calls(RUP)) == (9, 6, 6)
