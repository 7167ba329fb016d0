"""Vendors as a province has them: who sells what, where, how far, and how they want to hear of calls; inserted in bulk."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.bench.packages import WHERE
from models.business import Business, Membership
from models.contact import Address, Consent, Person
from models.etalase import etalases
from models.inserting import insert_all
from models.places import regions
from models.product import APPROVED, SUBMITTED, Product
from models.taste import DAILY, INSTANT, WEEKLY, Taste

OFTEN = {"mamin": 40, "cetak": 6, "pakaian": 8, "suvenir": 8, "atk": 5, "sembako": 8, "kebersihan": 3}
"""How many of a hundred sell what; the other etalase share the rest."""
KINDS = ("", "", " premium", " khas Kaltim", " murah", " 1 paket", " rumahan")


def settle_vendors(session: Session, many: int, account: str, began: datetime, seed: int = 2026) -> None:
    """Person, business and membership `i` belong together, the person's products follow one another."""
    draw = random.Random(seed)
    codes, table = [code for code, _ in regions("64")], etalases()
    weights = [OFTEN.get(code, 0.8) for code in table]
    rows: dict[type[Any], list[dict[str, Any]]] = {one: [] for one in (Person, Address, Consent, Business, Membership, Product, Taste)}
    for i in range(1, many + 1):
        region = draw.choices(codes, WHERE)[0]
        rows[Person].append({"id": i, "call_name": f"Bu {i}", "zone": "Asia/Makassar" if draw.random() < 0.95 else "Asia/Jakarta",
                             "created_at": began, "stopped_at": began if draw.random() < 0.04 else None})  # fmt: skip
        rows[Address].append({"person_id": i, "account": account, "channel": account, "address": f"t{i}", "since": began,
                              "unreachable_at": began if draw.random() < 0.03 else None})  # fmt: skip
        for purpose in ("registration", "announcements") if draw.random() < 0.9 else ("registration",):
            rows[Consent].append({"person_id": i, "purpose": purpose, "version": "1", "channel": account, "given_at": began})
        rows[Business].append({"id": i, "name": f"Usaha {i}", "region": region, "created_at": began})
        rows[Membership].append({"person_id": i, "business_id": i, "since": began})
        rhythm = draw.choices((DAILY, INSTANT, WEEKLY), (85, 6, 9))[0]
        if rhythm != DAILY:
            rows[Taste].append({"person_id": i, "rhythm": rhythm, "threshold": 0.0})
        code = draw.choices(list(table), weights)[0]
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            rows[Product].append({
                "business_id": i, "person_id": i, "name": draw.choice(table[code].examples).capitalize() + draw.choice(KINDS),
                "etalase": code, "price": 25_000, "unit": "buah", "status": APPROVED if draw.random() < 0.85 else SUBMITTED,
                "scope": draw.choices((region, "64", ""), (80, 15, 5))[0], "submitted_at": began, "updated_at": began,
            })  # fmt: skip
    for kind, given in rows.items():
        insert_all(session, kind, given)
