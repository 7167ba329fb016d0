"""OCDS releases and records, of any publisher, as packages; our own come back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from models.package import NONTENDER, OCDS, RECORD, RUP, SHEET, TENDER, Package, Unreadable
from models.sources.door import clean, line
from models.sources.people import is_surely_person, may_be_person, tells
from models.sources.regions import places_of, region_of
from models.sources.values import moment, number, rupiah
from models.sources.words import complete, kind_of, link_of, method_of, status_of

SOURCE = "ocds"
COLUMNS = """ocid id date tag initiationType language tender planning parties buyer releases compiledRelease versionedRelease awards
contracts relatedProcesses title description status value minValue amount currency procurementMethod procurementMethodDetails
mainProcurementCategory additionalProcurementCategories tenderPeriod startDate endDate items deliveryLocations deliveryAddress
deliveryAddresses documents documentType url budget roles name region locality scheme identifier relationship procuringEntity rationale
eligibilityCriteria smallOnly domesticOnly statusReason funds source"""
SHAPES = (COLUMNS,)
SYSTEMS = (RUP, TENDER, NONTENDER, RECORD, SHEET)
OWN = "ID-LAPAK-"
"""Before the name of a system in the scheme of a related process."""
PERSONAL = re.compile(r"(?<![a-z])(?:nip|nik|npwp|ktp|passport)(?![a-z])", re.I)
"""Schemes whose numbers people have."""
REGION = "ID-KEMENDAGRI"
"""The gazetteer of our codes of places."""

Part = Mapping[str, Any]


def processes(package: Part) -> list[Part]:
    """The rows of a release or record package: releases of one process belong together."""
    if "records" in package:
        return several(package, "records")
    found: dict[str, list[Part]] = {}
    for one in several(package, "releases"):
        found.setdefault(str(one.get("ocid") or f"#{len(found)}"), []).append(one)
    return [same[0] if len(same) == 1 else {"ocid": same[0].get("ocid"), "releases": same} for same in found.values()]


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Of a release, or of a record: its compiled release, else its releases one over the other. Raises Unreadable."""
    release = _release(row)
    ocid = number(release.get("ocid"))
    tender, period = part(release, "tender"), part(part(release, "tender"), "tenderPeriod")
    title = line(tender.get("title") or release.get("title") or part(part(release, "planning"), "budget").get("description"))
    others = [_tie(one) for one in several(release, "relatedProcesses")]
    own = [one for one in others if one[1] and one[2] != "replaced"]
    status = status_of(tender.get("status"))
    if not status and not tender and release.get("planning"):
        status = "planned"
    buyer, government = _buyers(release, tender)
    return complete(Package(
        SOURCE, ((OCDS, ocid), *((system, key) for system, key, _ in own)), title, detail=clean(tender.get("description")),
        buyer=buyer, institution=government, places=_places(release, tender),
        budget=_money(part(part(release, "planning"), "budget").get("amount")), estimate=_money(tender.get("value")),
        funds=_funds(release),
        method=_method(tender), kind=_kind(tender),
        small_only=_only(tender, "smallOnly"), domestic=_only(tender, "domesticOnly"),
        opens_at=moment(period.get("startDate"), zone, disguised=False),
        closes_at=moment(period.get("endDate"), zone, closes=True, disguised=False),
        status=status, reason=line(tender.get("statusReason")) if status == "cancelled" else "",
        link=_link(tender), fresh_at=moment(release.get("date"), zone, disguised=False),
        replaces=tuple((system, key) for system, key, how in others if key and how == "replaced"),
    ))  # fmt: skip


def _release(row: Part) -> Part:
    """Raises Unreadable for what is neither."""
    if isinstance(compiled := row.get("compiledRelease"), Mapping):
        return {"ocid": row.get("ocid"), **compiled}
    releases = [one for one in several(row, "releases") if "ocid" in one or "tender" in one or "planning" in one]
    if releases:
        made: dict[str, Any] = {"ocid": row.get("ocid")}
        for one in sorted(releases, key=lambda one: str(one.get("date") or "")):
            made = _over(made, one)
        return made
    if "releases" in row or not row.get("ocid"):
        raise Unreadable("no_release")
    return row


def _over(old: Part, new: Part) -> dict[str, Any]:
    """The newer release on the older: objects by their members, anything else as a whole."""
    both = {
        name: _over(old[name], value) for name, value in new.items() if isinstance(value, Mapping) and isinstance(old.get(name), Mapping)
    }
    return {**old, **new, **both}


def part(of: Part, name: str) -> Part:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def several(of: Part, name: str) -> list[Part]:
    found = of.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _tie(process: Part) -> tuple[str, str, str]:
    """(system, number, "replaced" or "") of a related process; ("", "", "") for one of a system that is not known."""
    scheme = str(process.get("scheme") or "")
    words = scheme.removeprefix(OWN).casefold()
    system = next((one for one in SYSTEMS if words in (one, f"kd_{one}", f"sirup-{one}")), "")
    how = "replaced" if "replacementProcess" in (process.get("relationship") or []) else ""
    return (system, number(process.get("identifier")), how) if system else ("", "", "")


def _money(value: Any) -> int | None:
    """Rupiah of a value; of another currency nothing is known."""
    if not isinstance(value, Mapping) or str(value.get("currency") or "IDR").upper() != "IDR":
        return None
    return rupiah(value.get("amount"))


def _buyers(release: Part, tender: Part) -> tuple[str, str]:
    """(the office that buys, the government it belongs to): procuring entity and buyer, where both are named."""
    parties = several(release, "parties")
    known = {str(one["id"]): one for one in parties if one.get("id")}
    by_role = {role: _office(one) for one in parties for role in one.get("roles") or [] if isinstance(role, str)}
    entity, buyer = (
        _office({**known.get(str(one.get("id")), {}), **one}) or by_role.get(role, "")
        for role, one in (("procuringEntity", part(tender, "procuringEntity")), ("buyer", part(release, "buyer")))
    )
    return (entity or buyer), buyer


def _office(party: Part) -> str:
    """Its name, "" for what may be an official who is written down as the buyer."""
    name = line(party.get("name"))
    same = bool(name) and name == line(part(party, "contactPoint").get("name"))
    person = is_surely_person(name) or (may_be_person(name) and not _registered(party))
    return "" if same or (person and not region_of(name)) else name


def _registered(party: Part) -> bool:
    """Whether it has a number in a register of organisations, and not one that people have."""
    identifier = part(party, "identifier")
    scheme, key = str(identifier.get("scheme") or ""), str(identifier.get("id") or "")
    return bool(scheme and key) and not PERSONAL.search(scheme) and not tells(key)


def _places(release: Part, tender: Part) -> tuple[str, ...]:
    codes = [str(one) for where in _locations(tender) if str(part(where, "gazetteer").get("scheme")) == REGION
             for one in part(where, "gazetteer").get("identifiers") or []]  # fmt: skip
    if codes:
        return tuple(dict.fromkeys(codes))
    texts = [where.get("description") or where.get("name") for where in _locations(tender)]
    addresses = [one for item in several(tender, "items") for one in (part(item, "deliveryAddress"), *several(item, "deliveryAddresses"))]
    buyers = [part(one, "address") for one in several(release, "parties") if {"buyer", "procuringEntity"} & set(one.get("roles") or [])]
    for found in (places_of(*texts), _addressed(addresses), _addressed(buyers)):
        if found:
            return found
    return ()


def _locations(tender: Part) -> Iterator[Part]:
    for of in (tender, *several(tender, "items")):
        yield from several(of, "deliveryLocations")
        if one := part(of, "deliveryLocation"):
            yield one


def _addressed(addresses: list[Part]) -> tuple[str, ...]:
    found = (region_of(line(one.get("locality"))) or region_of(line(one.get("region"))) for one in addresses)
    return tuple(dict.fromkeys(code for code in found if code))


def _funds(release: Part) -> tuple[str, ...]:
    budget = part(part(release, "planning"), "budget")
    listed = budget.get("funds")
    found = listed if isinstance(listed, list) else [budget["source"]] if isinstance(budget.get("source"), str) else []
    return tuple(sorted({line(one).upper() for one in found if line(one)}))


def _method(tender: Part) -> str:
    return method_of(tender.get("procurementMethodDetails")) or method_of(tender.get("procurementMethod"))


def _kind(tender: Part) -> str:
    more = tender.get("additionalProcurementCategories")
    found = (kind_of(one) for one in (*(more if isinstance(more, list) else ()), tender.get("mainProcurementCategory")))
    return next((kind for kind in found if kind), "")


def _only(tender: Part, name: str) -> bool | None:
    found = tender.get(name)
    return found if isinstance(found, bool) else None


def _link(tender: Part) -> str:
    notices = [one for one in several(tender, "documents") if one.get("documentType") in ("tenderNotice", "procurementPlan", None)]
    return next((link for one in notices if (link := link_of(one.get("url")))), "")
