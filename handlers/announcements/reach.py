"""Where something is announced, and the words for how many it reaches: what calls and announcements share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from handlers.dialogue import Answers
from handlers.said import Facts, Offer, Reader, Rejected, Said
from handlers.visit import Visit
from messages import Option, Value, decimal, joined, say
from models.audience import REASONS, Tally
from models.contact import sees
from models.etalase import etalases
from models.hearers import WEAK
from models.lessons import taught_of
from models.matching import FAR, LARGE, OFF
from models.places import name_of, read_place, regions, zone_of
from models.quiet import after_quiet, quiet


def office_facts(visit: Visit) -> dict[str, Any]:
    """What every question of an officer's form needs: the own regions, the clock of the province, its domains."""
    return {
        "offices": visit.offices,
        "province": visit.province,
        "now": visit.now,
        "zone": zone_of(visit.province),
        "links": visit.links,
        "taught": cache(lambda: taught_of(visit.session)),
    }


def places(facts: Facts) -> list[str]:
    """The regions an officer may choose, the own ones first."""
    province: str = facts["province"]
    own = [code for code in facts["offices"] if code == province or code.startswith(province + ".")]
    below = [code for code, _ in regions(province) if sees(facts["offices"], code) and code not in own]
    return [*own, *below]


def region_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(code, name_of(code) if "." in code else say("reach.all_province", name=name_of(code))) for code in places(facts)]


def region_default(answers: Answers, facts: Facts) -> str | None:
    """Who serves one place need not be asked."""
    codes = places(facts)
    return codes[0] if len(codes) == 1 else None


def place_name(code: str) -> Value:
    if not code:
        return say("reach.unnamed")
    return name_of(code) if "." in code else say("reach.province", name=name_of(code))


def read_region(said: Said, facts: Facts) -> str:
    """A kabupaten/kota by its name or nickname, or the province; only within the officer's own regions."""
    words = said.text.casefold()
    if any(word in words for word in ("provinsi", "province", "kaltim", "kalimantan timur", "semua")) and facts["province"] in places(
        facts
    ):
        return str(facts["province"])
    found = [code for code in dict.fromkeys(one.region for one in read_place(said.text, facts["province"])) if code in places(facts)]
    if not found:
        raise Rejected("problem.choose")
    if len(found) > 1:
        raise Rejected("problem.choose", {}, [Offer(name_of(code), code) for code in found[:3]])
    return found[0]


region = Reader(read_region, lambda value: isinstance(value, str) and bool(name_of(value)), name_of, place_name)


def etalase_names(codes: Sequence[str]) -> Value:
    return joined([etalases()[code].name for code in codes if code in etalases()], ", ")


def etalase_buttons(first: Sequence[str] = ()) -> list[Option]:
    """All etalase, the likely ones first."""
    table = etalases()
    codes = [code for code in first if code in table]
    return [Option(code, table[code].short) for code in [*codes, *(code for code in table if code not in codes)]]


def who_hears(found: Tally, night: str = "", later: int = 0, by_digest: int = 0) -> Value:
    """ "12 orang dikabari. Tidak dikabari: 3 belum minta dikabari, 1 berhenti." `night` says what the quiet hours mean for them all,
    `later` for how many of them it is night, `by_digest` how many of them hear of it with their digest.
    """
    kept_out = [say(f"reach.{reason}", n=decimal(found[reason])) for reason in (*REASONS, OFF, LARGE, FAR, WEAK) if found.get(reason)]
    n = found.get("", 0)
    parts = [_told(n, by_digest)]
    parts += [say("reach.kept_out", reasons=joined(kept_out, ", "))] if kept_out else []
    if later and n:
        parts.append(say("reach.at_seven") if later >= n else say("reach.some_at_seven", n=decimal(later)))
    parts += [say(f"reach.{night}")] if night and n else []
    return joined(parts, " ")


def _told(n: int, by_digest: int) -> Value:
    if not n:
        return say("reach.nobody")
    if not by_digest:
        return say("reach.told", n=decimal(n))
    if by_digest == n:
        return say("reach.by_digest", n=decimal(n))
    return say("reach.soon_and_digest", n=decimal(n), soon=decimal(n - by_digest), later=decimal(by_digest))


def night_words(now: datetime, province: str, closes: datetime | None = None) -> str:
    """The text on quiet hours: "" by day; what closes before the morning goes out all the same."""
    zone = zone_of(province)
    if not quiet(now, zone):
        return ""
    return "now_closing" if closes and closes <= after_quiet(now, zone) else "at_seven"
