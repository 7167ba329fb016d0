"""A post office whose channel has windows and templates that cost: what the platform was asked for, and what it may cost."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select, update
from sqlmodel import col

from bot.channels.channel import SendError
from bot.faults.number import DAY
from messages import Message
from messages.pushed import PUSHED
from messages.templates import Templated
from models.campaign import Campaign
from models.line import Line
from models.outbox import BULK, NOTICE, Outgoing
from models.template import remember
from models.terms import Terms
from tests.post_office import ACCOUNT, Office

PRICE = 340
FIX = Message("decision.fix", PUSHED["decision.fix"].sample, PUSHED["decision.fix"].buttons)
ANNOUNCED = Message("announcement.body", PUSHED["announcement.body"].sample, category="marketing")


class Paid(Office):
    """An office whose channel has windows and templates; `asked` are those that the platform was asked for."""

    def __init__(self, url: str, media: Path) -> None:
        super().__init__(url, media)
        self.asked: list[str] = []
        self.refuse: SendError | None = None
        self.channel.window = DAY
        self.channel.send_template = self._template  # type: ignore[method-assign]
        self.terms(ceiling=100 * PRICE)
        self.write(lambda session: session.add(Line(account=ACCOUNT, tier=40)))
        for name in ("decision_fix", "announcement_body"):
            self.write(lambda session, name=name: remember(session, name, "id", "approved", "", "", self.now))  # type: ignore[misc]

    def terms(self, ceiling: int) -> None:
        self.sender.terms = Terms({"utility": PRICE, "marketing": 2 * PRICE}, ceiling)
        self.sender.purse.forget()

    async def _template(self, address: str, templated: Templated, tag: str) -> str:
        if self.refuse:
            raise self.refuse
        self.asked.append(address)
        return f"t{len(self.asked)}"

    def fix(self, name: str) -> int:
        return self.queue(name, "", NOTICE, "notice", message=FIX.to_json())

    def tell(self, name: str) -> Outgoing:
        row = self.fix(name)
        self.drain(name)
        return self.row(row)

    def announcement(self, paid: bool, *names: str) -> list[int]:
        campaign = self.campaign()
        change = (
            update(Campaign).where(col(Campaign.id) == campaign).values(message=ANNOUNCED.to_json(), audience={"region": "64"}, paid=paid)
        )
        self.write(lambda session: session.execute(change))
        return [self.queue(name, "", BULK, "announcement", message=None, campaign_id=campaign) for name in names]

    def spent(self) -> int:
        return self.write(lambda session: session.execute(select(func.sum(col(Outgoing.price)))).scalar() or 0)
