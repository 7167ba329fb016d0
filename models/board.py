"""Boards: messages in which officers watch how far an announcement is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from messages import Message
from models.columns import moment
from models.contact import Address
from models.outbox import REPLY, Outgoing
from models.post import notify_at

SEEN = ("sent", "delivered", "read")
BEING_SENT = ("queued", "claimed")


class Board(SQLModel, table=True):
    """One for each chat and announcement. `shown_id` is the row that is edited, `edit_id` the one that edits it; `step` counts what was
    told where nothing can be edited.
    """

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True)
    address_id: int = Field(foreign_key="address.id", primary_key=True)
    looked_at: datetime = moment(nullable=False)
    shown_id: int | None = None
    edit_id: int | None = None
    step: int = 0
    told_at: datetime | None = moment()
    ended_at: datetime | None = moment(index=True)


def watch(session: Session, campaign_id: int, address_id: int, now: datetime) -> None:
    """From the answer of this turn on, which is the message that will be edited; the one before stays as it is."""
    old = session.get(Board, (campaign_id, address_id))
    if old and old.edit_id:
        waits = (col(Outgoing.id) == old.edit_id, col(Outgoing.status) == "queued")
        session.execute(update(Outgoing).where(*waits).values(status="cancelled", settled_at=now))
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    anew = {"looked_at": now, "shown_id": None, "edit_id": None, "step": 0, "told_at": now, "ended_at": None}
    row = make(Board).values(campaign_id=campaign_id, address_id=address_id, **anew)
    session.execute(row.on_conflict_do_update(index_elements=["campaign_id", "address_id"], set_=anew))
    if old:
        session.expire(old)


def open_boards(session: Session) -> list[tuple[Board, str]]:
    """With the name of the channel."""
    rows = select(Board, Address.channel).join(Address, col(Address.id) == col(Board.address_id)).where(col(Board.ended_at).is_(None))
    return [(board, channel) for board, channel in session.exec(rows.order_by(col(Board.campaign_id), col(Board.address_id)))]


def board_of(session: Session, campaign_id: int, address_id: int) -> Board | None:
    """Locked, while it is still looked at."""
    board = session.get(Board, (campaign_id, address_id), with_for_update=True)
    return board if board and board.ended_at is None else None


def edit(session: Session, board: Board, message: Message, now: datetime) -> bool:
    """Lets the board show this; True when it will. What is on its way is not touched, what still waits takes the newer words."""
    shown = session.get(Outgoing, board.shown_id) if board.shown_id else _answer(session, board)
    if shown is not None and shown.status in BEING_SENT:
        return False
    if shown is None or shown.status not in SEEN:
        board.ended_at = now
        return False
    if not board.shown_id and (shown.conversation_id or (shown.message or {}).get("lead")):
        # The answer holds more than the board: the board comes below it.
        board.shown_id, board.told_at = _queue(session, board, message, now, None), now
        return True
    board.shown_id = shown.id
    # Locked: a sender may be just taking it in hand.
    row = session.get(Outgoing, board.edit_id, with_for_update=True) if board.edit_id else None
    if row and row.status in SEEN and row.external_id != shown.external_id:
        # It could not be edited any more and came anew: that one is the board now.
        board.shown_id, row = row.id, None
    said = message.to_json()
    if row is None:
        board.edit_id = _queue(session, board, message, now, board.shown_id)
    elif row.status == "claimed" or row.message == said:
        return row.message == said
    else:
        row.message, row.status, row.due_at, row.attempts, row.settled_at, row.claimed_by = said, "queued", now, 0, None, ""
    board.told_at = now
    return True


def add(session: Session, board: Board, message: Message, now: datetime) -> None:
    """A message of its own, where none can be edited."""
    _queue(session, board, message, now, None)
    board.told_at = now


def _answer(session: Session, board: Board) -> Outgoing | None:
    """The answer of the turn in which somebody looked."""
    rows = select(Outgoing).where(Outgoing.address_id == board.address_id, Outgoing.lane == REPLY, Outgoing.created_at == board.looked_at)
    return session.exec(rows.order_by(col(Outgoing.id).desc())).first()


def _queue(session: Session, board: Board, message: Message, now: datetime, replaces: int | None) -> int:
    address = session.get_one(Address, board.address_id)
    return notify_at(session, address, message, now, subject=f"board:{board.campaign_id}", replaces=replaces)
