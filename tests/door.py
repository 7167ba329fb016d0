"""A conversation through the door where repeats end, and the laws written down a second time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.channels.terminal import Terminal
from bot.inbox import Scene, accept
from handlers.dialogue import Form, Step, answered, derived
from handlers.said import Found, Rejected, Said
from messages import Message, Rendered
from models.conversation import Conversation
from models.outbox import Outgoing
from tests.talk import Talk

SECOND = timedelta(seconds=1)


class Door(Talk):
    """The same, through the door where repeats end; what came in can be delivered again."""

    def __init__(self) -> None:
        super().__init__(check=small_enough)
        self.came: list[Inbound] = []

    def hand(self, said: Said, name: str = "siti") -> Rendered | None:
        self.now = self.now.replace(microsecond=0) + SECOND
        inbound = Inbound(f"m{len(self.came)}", name, said)
        self.came.append(inbound)
        before = self.replies()
        accept(self.session, Terminal(), inbound, self.now, Scene())
        self.session.commit()
        assert self.replies() - before <= 1, "one message a turn"
        shown = self.deliver(name)
        return shown[-1] if shown else None

    def replies(self) -> int:
        return int(self.session.execute(select(func.count()).select_from(Outgoing).where(col(Outgoing.kind) == "reply")).scalar_one())

    def restart(self) -> None:
        """Nothing is kept in memory."""
        self.session.close()
        self.session = Session(self.engine)

    def again(self) -> None:
        for inbound in self.came:
            assert accept(self.session, Terminal(), inbound, self.now, Scene()).status == "repeat"
        self.session.commit()


def small_enough(message: Message) -> None:
    """The platforms' limits on what a button carries."""
    for option in message.options:
        assert len(option.press.encode()) <= 64, option
        assert len(option.id.encode()) <= 24, option


def kept(conversation: Conversation) -> dict[str, Any]:
    return {"form": conversation.form, "answers": conversation.answers, "reopened": list(conversation.reopened),
            "open": conversation.closed_at is None, "asked": conversation.asked.get("step")}  # fmt: skip


def reads_back(step: Step, value: Any, answers: dict[str, Any], facts: Any) -> bool:
    """Whether the words for a value mean it again, or it is a button."""
    if value in [option.id for option in step.options(answers, facts)]:
        return True
    try:
        read = step.reader.read(Said(text=step.reader.words(value)), facts)
    except Rejected:
        return False
    return bool((read.value if isinstance(read, Found) else read) == value)


def first_open(form: Form, conversation: Conversation, facts: Any) -> Step | None:
    """The law, written down a second time."""
    asked = [step for step in form.steps if step.when(conversation.answers, facts)]
    again = [step for step in asked if step.key in conversation.reopened]
    missing = [step for step in asked if not answered(step, conversation.answers) and not derived(step, conversation.answers, facts)]
    return next(iter(again + missing), None)
