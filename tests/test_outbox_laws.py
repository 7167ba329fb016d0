"""The law of the ledger: whatever happens in whatever order, rows say what the platform took, and nobody is told twice or forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from bot.channels.channel import SendError
from models.outbox import REPEATED, Outgoing
from tests.outbox_machine import CHATS, KINDS, WAITED_FOR, Delivery, Hand
from tests.post_office import Office
from tests.test_laws import CALM, PHASES, RUNS

HOWS = ("ok", "ok", "ok", "lost", "lost", "cut", "no_connection", "server_error", "too_fast", "moved", "window_closed", "blocked",
        "rejected", "undeliverable", "template_paused", "token_refused", "marketing_cap", "too_many_to_one")  # fmt: skip
WHY = st.sampled_from(("rejected", "server_error", "window_closed", "undeliverable", "too_fast", "template_paused"))
OFTEN = 60
"""Rounds after which everything that can leave has left: more than a day, and more than the tries of the longest wait in a row."""


def goes_first(other: Outgoing, row: Outgoing) -> bool:
    """Whether another row of the chat and lane must leave before this one."""
    if other.campaign_id or (other.address_id, other.lane) != (row.address_id, row.lane) or (other.id or 0) >= (row.id or 0):
        return False
    return other.status == "claimed" or (other.status == "queued" and (other.attempts > 0 or other.due_at <= row.due_at))


class Ledger(RuleBasedStateMachine):
    """One worker at a time, which may die, or freeze: then another takes over, and it wakes with answers in its hands."""

    def __init__(self, office: Office, echo: timedelta) -> None:
        super().__init__()
        self.it = Delivery(office, echo)
        self.worker = "w1"

    @initialize(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4))
    def begin(self, kinds: list[str]) -> None:
        """There is something to do from the first step on."""
        for kind in kinds:
            for chat in CHATS:
                self.it.queue(chat, kind)
        self.it.announce()

    @rule(chats=st.lists(st.sampled_from(CHATS), min_size=1, max_size=4), kind=st.sampled_from(sorted(KINDS)))
    def queue(self, chats: list[str], kind: str) -> None:
        for chat in chats:
            self.it.queue(chat, kind)

    @precondition(lambda self: len(self.it.campaigns) < 2)
    @rule()
    def announce(self) -> None:
        self.it.announce()

    @rule(limit=st.integers(2, 4), hows=st.lists(st.sampled_from((*HOWS, "")), min_size=4, max_size=4), settled=st.integers(0, 15))
    def send(self, limit: int, hows: list[str], settled: int) -> None:
        """Rows are claimed; for some of them a request leaves, and for some of those what became of it is written."""
        self.claim(limit)
        for hand, how in zip(self.it.hands_of(self.worker, asked=False), hows, strict=False):
            if how:
                self.ask(hand, how)
        for place, hand in enumerate(self.it.hands_of(self.worker, asked=True)):
            if settled >> place & 1:
                self.it.settle(hand)

    def claim(self, limit: int) -> None:
        before = {row.id: row for row in self.it.rows()}
        held = {hand.one.id for hand in self.it.hands if hand.worker == self.worker}
        now = self.it.office.now
        for one in self.it.claim(self.worker, limit):
            row = before[one.id]
            assert one.id not in held and row.status == "queued" and row.due_at <= now
            assert row.campaign_id is None or self.it.campaigns[row.campaign_id][0] == "running", "it was paused or cancelled before"
            assert row.campaign_id or not [other for other in before.values() if goes_first(other, row)], "it overtook one of its chat"

    def ask(self, hand: Hand, how: str) -> None:
        if how in ("ok", "lost"):
            self.may_be_shown(hand.one.id, hand.one.kind)
        self.it.ask(hand, how)

    def may_be_shown(self, row: int, kind: str) -> None:
        earlier = [taken for taken in self.it.platform.ledger if taken.row == row and taken.state != "failed"]
        assert not any(taken.settled for taken in earlier), "what is known to have arrived is sent again"
        if kind not in REPEATED or self.it.echo:
            assert not earlier, f"a {kind} is shown twice"

    @rule()
    def settle(self) -> None:
        for hand in self.it.hands_of(self.worker, asked=True):
            self.it.settle(hand)

    @precondition(lambda self: self.it.echo and self.it.platform.ledger)
    @rule(told=st.lists(st.tuples(st.integers(0, 5), st.sampled_from((*WAITED_FOR, "failed"))), min_size=1, max_size=4), why=WHY)
    def tell(self, told: list[tuple[int, str]], why: str) -> None:
        """Statuses come, in any order and as often as they like."""
        ledger = self.it.platform.ledger
        for place, status in told:
            self.it.tell(ledger[-1 - place % len(ledger)], status, SendError(why) if status == "failed" else None)

    @precondition(lambda self: self.it.campaigns)
    @rule(place=st.integers(0, 2), status=st.sampled_from(("paused", "running", "cancelled")))
    def steer(self, place: int, status: str) -> None:
        campaign = sorted(self.it.campaigns)[place % len(self.it.campaigns)]
        if self.it.campaigns[campaign][0] != "cancelled":
            self.it.set_status(campaign, status)

    @rule(chat=st.sampled_from(CHATS))
    def write_in(self, chat: str) -> None:
        self.it.write_in(chat)

    @rule(seconds=st.sampled_from((1, 30, 400)))
    def later(self, seconds: int) -> None:
        self.it.later(seconds)

    @rule()
    def freeze(self) -> None:
        """Past its lease: what it has not asked for does not leave any more."""
        self.worker = f"w{int(self.worker[1:]) + 1}"
        self.it.recover()

    @rule()
    def wake(self) -> None:
        frozen = [hand for hand in self.it.hands if hand.worker != self.worker]
        self.it.give_back([hand for hand in frozen if hand.answer is None])
        for hand in frozen:
            if hand.answer is not None:
                self.it.settle(hand)

    @rule()
    def crash(self) -> None:
        self.it.crash(self.worker)

    @invariant()
    def rows_say_what_arrived(self) -> None:
        shown = self.it.platform.shown()
        for row in self.it.rows():
            if row.status in WAITED_FOR:
                assert shown[row.id or 0], f"{row.kind} {row.id} is {row.status} and never arrived"
            assert row.status != "unknown" or row.kind not in REPEATED, "its kind is repeated"
            assert (row.settled_at is None) == (row.status in ("queued", "claimed", "held")), row.status

    @invariant()
    def campaigns_add_up(self) -> None:
        rows = self.it.rows()
        for campaign, (_, total) in self.it.campaigns.items():
            mine = [row for row in rows if row.campaign_id == campaign]
            assert len(mine) == len({row.person_id for row in mine}) == total

    def teardown(self) -> None:
        """In the end everything leaves that may, and is known to have left."""
        self.wake()
        self.it.crash(self.worker)
        for _ in range(OFTEN):
            self.it.later(2000)
            self.it.claim(self.worker, 30)
            for hand in list(self.it.hands):
                self.may_be_shown(hand.one.id, hand.one.kind)
                self.it.ask(hand, "ok")
                self.it.settle(hand)
        self.rows_say_what_arrived()
        self.campaigns_add_up()
        shown, stays = self.it.platform.shown(), {one for one, (status, _) in self.it.campaigns.items() if status != "running"}
        for row in self.it.rows():
            done = row.status not in ("queued", "claimed") or row.campaign_id in stays
            assert done, f"{row.kind} {row.id} is {row.status} for {row.reason} in the end"
            lost = not shown[row.id or 0] and row.id not in self.it.platform.refused
            assert not lost or row.status in ("queued", "held", "unknown"), f"{row.kind} {row.id} is {row.status} and never arrived"


@pytest.mark.parametrize("echo", [0, 20], ids=["silent", "telling"])
def test_the_law_of_the_ledger(office: Office, echo: int) -> None:
    run_state_machine_as_test(
        lambda: Ledger(office, timedelta(seconds=echo)),  # type: ignore[arg-type]  # whatever makes one will do
        settings=settings(max_examples=max(RUNS // 3, 2), stateful_step_count=25, deadline=None, derandomize=CALM, database=None,
                          phases=PHASES, suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
