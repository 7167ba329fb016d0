"""`lapak migrate`: as the owner of an SQLite file, so never under a running server; elsewhere the database sees to it that one migrates."""

from __future__ import annotations

from bot.commands.serve import already, bring_up_to_date
from bot.migrate import newest
from bot.ownership import Complaint, Ownership
from bot.settings import Settings


def migrate(settings: Settings) -> None:
    changed = _owned(settings) if settings.database_url.startswith("sqlite") else bring_up_to_date(settings)
    print(f"the database is {'now' if changed else 'already'} at {newest()}")


def _owned(settings: Settings) -> bool:
    lock = Ownership(settings)
    if not lock.take():
        raise Complaint(already(lock))
    try:
        return bring_up_to_date(settings)
    finally:
        lock.close()
