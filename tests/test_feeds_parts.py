"""Funds and places of plans, which the gateway tells apart from the plans: read after them, over real HTTP, and kept with their call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.call import Call, CallNotice
from models.feed import SetAside
from tests.alerting import tended, vendor
from tests.standin_sources import Refusal, funds, place, plans
from tests.watching import Watch, watching

FUNDS, PLACES = "inaproc-rup:dana", "inaproc-rup:lokasi"


@pytest.fixture
def gateway(database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(database, tmp_path, "inaproc") as made:
        yield made


def call(watch: Watch, number: int) -> Call:
    return watch.world.read(lambda session: session.exec(select(Call).where(Call.source_id == f"rup:{number}")).one())


def test_funds_and_places_join_their_plan_whichever_came_first(gateway: Watch) -> None:
    gateway.standin.rows = {
        ("rup", "D107"): plans(1, 2),
        ("funds", "D107"): [funds(1), funds(1, "BLUD"), funds(2), funds(77)],
        ("places", "D107"): [place(1, "Bontang (Kota)"), place(2, "Samarinda (Kota)"), place(2, "Berau (Kab.)")],
    }
    gateway.standin.most = 2
    gateway.all()
    assert (call(gateway, 1).funds, call(gateway, 1).places, call(gateway, 1).region) == (["APBD", "BLUD"], ["64.74"], "64.74")
    assert (call(gateway, 2).places, call(gateway, 2).region) == (["64.03", "64.72"], "64")
    assert gateway.feed(FUNDS).counts["read"] == 4 and gateway.feed(PLACES).counts["read"] == 3
    assert gateway.feed(FUNDS).error == gateway.feed(PLACES).error == ""
    aside = gateway.world.read(lambda session: [(row.number, row.reason) for row in session.exec(select(SetAside))])
    assert aside == [("77", "no_package")]
    assert gateway.calls() == 2


def test_what_comes_again_changes_nothing(gateway: Watch) -> None:
    gateway.standin.proofs = False
    gateway.standin.rows = {("rup", "D107"): plans(1, 1), ("funds", "D107"): [funds(1)], ("places", "D107"): [place(1, "Bontang (Kota)")]}
    gateway.pass_by(days=1)
    before = call(gateway, 1).history
    gateway.pass_by(days=2)
    assert call(gateway, 1).history == before
    assert gateway.feed(PLACES).counts["same"] == 1


@pytest.mark.parametrize("status", [404, 403])
def test_an_older_interface_that_is_gone_or_not_of_this_key_is_no_trouble(gateway: Watch, status: int) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 1), ("funds", "D107"): [funds(1)]}
    gateway.standin.fail("places", Refusal(status), 99)
    gateway.all()
    assert gateway.feed(PLACES).error == "" and gateway.feed(PLACES).succeeded_at
    assert call(gateway, 1).funds == ["APBD"]


def test_one_that_does_not_answer_is_trouble_and_holds_up_no_other(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 1)}
    gateway.standin.fail("places", Refusal(503), 99)
    gateway.look()
    assert (gateway.feed(PLACES).error, gateway.feed(FUNDS).error, gateway.feed("inaproc-rup").error) == ("source_down", "", "")


def test_those_near_the_place_hear_of_it_although_it_was_told_before_the_place_was_known(gateway: Watch) -> None:
    near = vendor(gateway.world, "tono", product="Nasi kotak", region="64.74")
    gateway.standin.rows = {("rup", "D107"): plans(1, 1)}
    gateway.look()
    tended(gateway.world)

    def hears(session: Session) -> bool:
        return near in session.exec(select(CallNotice.person_id)).all()

    assert not gateway.world.read(hears), "the buyer is of Samarinda"
    gateway.standin.rows["places", "D107"] = [place(1, "Bontang (Kota)")]
    gateway.pass_by(days=1)
    tended(gateway.world)
    assert gateway.world.read(hears)
