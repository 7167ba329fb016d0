"""The outbox between a database and a platform that keeps a ledger: every step of a message is one step of the test, in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.channels.channel import Receipt, SendError
from bot.sending.claims import claim
from bot.sending.delivery import outcome
from bot.sending.hand import Claimed
from bot.sending.receipts import receipted
from bot.sending.settling import Settled, give_back, recover, settle
from handlers.held import release
from models.campaign import Campaign
from models.contact import Address
from models.lease import Lease
from models.outbox import BULK, NOTICE, REPLY, Outgoing
from tests.post_office import ACCOUNT, Office

KINDS = {"reply": REPLY, "notice": NOTICE, "call": NOTICE}
CHATS = ("ani", "budi", "citra", "dewi")
WAITED_FOR = ("sent", "delivered", "read")
ORDER = ("", *WAITED_FOR, "failed")


@dataclass
class Taken:
    """A message that the platform accepted. `settled`: we know of it and have written so; `state` is what the platform knows."""

    row: int
    external: str
    settled: bool = False
    state: str = "sent"
    told: str = ""
    """The furthest status that was told."""


@dataclass
class Hand:
    """A row that a worker holds; `answer` once the platform has said something, or nothing, to the request."""

    one: Claimed
    worker: str
    answer: SendError | str | None = None
    taken: Taken | None = None


@dataclass
class Platform:
    ledger: list[Taken] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """Rows that it refused for good, at once or later."""
    ids: Any = field(default_factory=lambda: count(1))

    def accept(self, row: int) -> Taken:
        taken = Taken(row, f"m{next(self.ids)}")
        self.ledger.append(taken)
        return taken

    def shown(self) -> Counter[int]:
        """How often each row was seen by its person."""
        return Counter(one.row for one in self.ledger if one.state != "failed")


class Delivery:
    """`echo`: the platform tells of everything it accepted, within that time. Time goes on by a second a step."""

    def __init__(self, office: Office, echo: timedelta) -> None:
        self.office, self.echo = office, echo
        self.platform = Platform()
        self.hands: list[Hand] = []
        self.campaigns: dict[int, tuple[str, int]] = {}
        """Status and how many recipients."""
        office.write(wipe)
        self.places = {name: office.person(name) for name in CHATS}

    def hands_of(self, worker: str, asked: bool) -> list[Hand]:
        return [hand for hand in self.hands if hand.worker == worker and (hand.answer is not None) == asked]

    def queue(self, chat: str, kind: str) -> None:
        self.office.queue(chat, kind, KINDS[kind], kind)

    def announce(self) -> None:
        campaign = self.office.campaign()
        for chat in CHATS:
            self.office.queue(chat, "", BULK, "announcement", message=None, campaign_id=campaign)
        self.campaigns[campaign] = ("running", len(CHATS))

    def set_status(self, campaign: int, status: str) -> None:
        self.office.write(lambda session: setattr(session.get_one(Campaign, campaign), "status", status))
        self.campaigns[campaign] = (status, self.campaigns[campaign][1])

    def claim(self, worker: str, limit: int) -> list[Claimed]:
        busy = frozenset(hand.one.address_id for hand in self.hands if hand.worker == worker)
        taken = self.office.write(lambda session: claim(session, ACCOUNT, worker, self.office.now, limit=limit, busy=busy))
        self.hands += [Hand(one, worker) for one in taken.rows]
        self.give_back([one for one in self.hands_of(worker, asked=False) if one.one.campaign and one.one.campaign not in taken.going])
        return list(taken.rows)

    def give_back(self, hands: list[Hand]) -> None:
        """What was paused or cancelled before it was asked for, and what a process that was frozen had not asked for yet."""
        self.hands = [hand for hand in self.hands if hand not in hands]
        rows = [stamped(hand, Settled(hand.one.id, "queued")) for hand in hands]
        self.office.write(lambda session: give_back(session, rows))

    def ask(self, hand: Hand, how: str) -> None:
        """ "ok", "lost" after it was accepted, "cut" before that, or the name of a refusal."""
        if how in ("ok", "lost"):
            hand.taken = self.platform.accept(hand.one.id)
        wait = self.echo.total_seconds()
        silent = SendError("no_answer", wait) if how in ("lost", "cut") else None
        address = f"new{hand.one.id}" if how == "moved" else ""
        hand.answer = silent or (hand.taken.external if hand.taken else SendError(how, address=address))

    def settle(self, hand: Hand) -> None:
        self.hands.remove(hand)
        now = self.office.now
        if isinstance(hand.answer, SendError):
            result = outcome(hand.one, hand.answer, now, told=bool(self.echo))
        else:
            result = Settled(hand.one.id, "sent", hand.answer or "")
        self.office.write(lambda session: settle(session, stamped(hand, result), now))
        status = self.office.row(hand.one.id).status
        if status == "failed" and isinstance(hand.answer, SendError) and hand.answer.decision != "unknown":
            self.platform.refused.add(hand.one.id)
        if hand.taken and not isinstance(hand.answer, SendError) and status in WAITED_FOR:
            hand.taken.settled = True

    def tell(self, taken: Taken, status: str, error: SendError | None = None) -> None:
        """A status of the platform, with the row's tag; a failure only of what was not delivered."""
        if status == "failed" and taken.state in ("sent", "failed"):
            taken.state = "failed"
            error = error or SendError("rejected")
            if error.decision not in ("retry", "slow", "hold", "campaign"):
                self.platform.refused.add(taken.row)
        elif status == "failed" or taken.state == "failed":
            return
        elif WAITED_FOR.index(status) > WAITED_FOR.index(taken.state):
            taken.state = status
        receipt = Receipt(taken.external, status, error.reason if error else "", str(taken.row), error)
        self.office.write(lambda session: receipted(session, ACCOUNT, [receipt], self.office.now))
        taken.told = max(taken.told, status, key=ORDER.index)

    def later(self, seconds: float) -> None:
        if self.echo:
            for taken in self.platform.ledger:
                if not taken.told and taken.state != "failed":
                    self.tell(taken, "sent")
        self.office.now += timedelta(seconds=seconds)

    def crash(self, worker: str) -> None:
        """Dead with all it held, and started again."""
        self.hands = [hand for hand in self.hands if hand.worker != worker]
        self.recover()

    def recover(self) -> None:
        self.office.write(lambda session: recover(session, ACCOUNT, self.office.now, self.echo))

    def write_in(self, chat: str) -> None:
        """The person writes: what waited for that may go."""
        place = self.places[chat]

        def write(session: Session) -> None:
            address = session.get(Address, place)
            assert address
            release(session, address, self.office.now)

        self.office.write(write)

    def rows(self) -> list[Outgoing]:
        return self.office.write(lambda session: list(session.exec(select(Outgoing).order_by(col(Outgoing.id)))))


def stamped(hand: Hand, result: Settled) -> Settled:
    """As the sender does: only from the hands that it was in."""
    return replace(result, worker=hand.worker, attempts=hand.one.attempts + 1)


def wipe(session: Session) -> None:
    for table in (Outgoing, Campaign, Lease):
        session.execute(delete(table))
