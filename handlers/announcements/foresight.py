"""What an announcement will take on WhatsApp, in words for the officer who is about to send it."""

from __future__ import annotations

from messages import Value, joined, rupiah, say
from models.forecast import Plan


def plan_words(plan: Plan, paid: bool) -> Value:
    """ "3 orang gratis karena baru menulis. 4.997 orang lewat pesan berbayar, paling banyak Rp3.482.909, dalam 3 hari.", a line each."""
    sent = plan.outside - plan.beyond
    told = [
        ("other", plan.other, {}),
        ("free", plan.free, {}),
        ("paid" if plan.days == 1 else "paid_days", sent if paid else 0, {"rupiah": rupiah(plan.rupiah), "days": plan.days}),
        ("beyond", plan.beyond if paid else 0, {}),
        ("unapproved", plan.unapproved if paid else 0, {}),
        ("waits", 0 if paid else plan.outside + plan.unapproved, {}),
    ]
    return joined([say(f"forecast.{name}", n=n, **more) for name, n, more in told if n], "\n")
