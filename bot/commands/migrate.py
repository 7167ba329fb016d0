"""`lapak migrate`: as the owner of the database, so never under a running server."""

from __future__ import annotations

from bot.commands.serve import already, bring_up_to_date
from bot.migrate import newest
from bot.ownership import Complaint, Ownership
from bot.settings import Settings


def migrate(settings: Settings) -> None:
    lock = Ownership(settings)
    if not lock.take():
        raise Complaint(already(lock))
    try:
        changed = bring_up_to_date(settings)
    finally:
        lock.close()
    print(f"the database is {'now' if changed else 'already'} at {newest()}")
