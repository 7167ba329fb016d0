"""Where a business is: one line of text, or a shared pin."""

from __future__ import annotations

import re
from typing import Any

from handlers.said import Facts, Offer, Reader, Rejected, Said
from messages import words
from models.places import Place, full_name, nearest, read_place


def _read(said: Said, facts: Facts) -> dict[str, Any]:
    province = facts.get("province", "64")
    if said.location:
        seat = nearest(*said.location, province)
        if seat is None:
            raise Rejected("problem.place_far")
        found: dict[str, Any] = {**seat.to_json(), "pin": list(said.location)}
        # A pin says where, not which kecamatan: the nearest seat is only a proposal.
        raise Rejected("problem.place_pin", {"place": full_name(seat)}, [Offer(full_name(seat), found)])
    places = read_place(said.text, province)
    if not places:
        outside = _outside(said.text)
        raise Rejected("product.place_outside", {"place": outside.title()}) if outside else Rejected("problem.place_unknown")
    if len(places) > 1:
        raise Rejected("problem.place_which", {}, [Offer(full_name(one), one.to_json()) for one in places[:3]])
    return {**places[0].to_json()}


def _outside(text: str) -> str:
    """A well-known place of another province."""
    return next((name for name in words("outside", "id") if re.search(rf"(?<!\w){name}(?!\w)", text.casefold())), "")


def _keeps(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("region"), str) and value["region"].count(".") == 1


def _words(value: Any) -> str:
    one = Place.from_json({key: part for key, part in value.items() if key != "pin"})
    return ", ".join(part for part in (one.street, full_name(one)) if part)


place = Reader(_read, _keeps, _words, takes=("text", "location"))
