"""What officers hear of an announcement on its way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from models.campaign import RUNNING, Campaign


def halt_campaign(session: Session, campaign_id: int, why: str, now: datetime) -> bool:
    """Stops an announcement by itself, for the reason named. False when it was not under way."""
    going = (col(Campaign.id) == campaign_id, col(Campaign.status).in_(("canary", RUNNING)))
    done = session.execute(update(Campaign).where(*going).values(status="stopped", why=why, ended_at=now))
    return bool(getattr(done, "rowcount", 0))
