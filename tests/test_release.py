"""Calls as OCDS: what the standard requires of a release package, and packages that come back as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft4Validator
from sqlmodel import Session, col, select

from bot.store import open_engine
from models.call import Call
from models.change import package_of
from models.intake import take
from models.package import Package
from models.release import calls, package, release
from models.sources import READERS, ocds
from tests.databases import patient
from tests.rows import ZONE, cells, funds, nontender, place, record, renumbered, rup, sirup, tender

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
VALUE = {"type": "object", "required": ["amount", "currency"], "properties": {"amount": {"type": "number"}, "currency": {"enum": ["IDR"]}}}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}
STATUS = ["planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"]
TAGS = ["planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation"]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["uri", "publisher", "publishedDate", "releases", "version"],
    "properties": {
        "uri": {"type": "string", "pattern": "^[a-z]+:.+"},
        "version": {"enum": ["1.1"]},
        "publishedDate": DATE,
        "publisher": {"type": "object", "required": ["name"]},
        "extensions": {"type": "array"},
        "releases": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": ["ocid", "id", "date", "tag", "initiationType"],
                "properties": {
                    "ocid": TEXT,
                    "id": {"type": "string", "pattern": "^[^#]+$"},
                    "date": DATE,
                    "tag": {"type": "array", "minItems": 1, "items": {"enum": TAGS}},
                    "initiationType": {"enum": ["tender"]},
                    "language": {"enum": ["id"]},
                    "buyer": NAMED,
                    "parties": {"type": "array", "items": {**NAMED, "required": ["id", "name", "roles"]}},
                    "planning": {"type": "object", "properties": {"budget": {"type": "object", "properties": {"amount": VALUE}}}},
                    "tender": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {
                            "id": TEXT,
                            "status": {"enum": STATUS},
                            "value": VALUE,
                            "procurementMethod": {"enum": ["open", "selective", "limited", "direct"]},
                            "mainProcurementCategory": {"enum": ["goods", "works", "services"]},
                            "procuringEntity": NAMED,
                            "tenderPeriod": {"type": "object", "properties": {"startDate": DATE, "endDate": DATE}},
                            "documents": {"type": "array", "items": {"type": "object", "required": ["id"]}},
                        },
                    },
                    "relatedProcesses": {"type": "array", "items": {"type": "object", "required": ["id"]}},
                },
            },
        },
    },
}
"""What release-package-schema.json of OCDS 1.1 requires of the fields that are written here, with its closed codelists."""


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine) as made:
        for source, row in ROWS:
            take(made, READERS[source](row, ZONE), NOW)
        made.commit()
        yield made
    engine.dispose()


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("inaproc-rup", rup()), ("inaproc-rup", funds()), ("inaproc-rup", place()), ("inaproc-rup", place(name="Berau (Kab.)")),
    ("inaproc-tender", tender()), ("inaproc-rup", rup(61000002, status_aktif_rup=False)), ("inaproc-rup", renumbered(61000002, 61000003)),
    ("inaproc-nontender", nontender(plan="5", status_nontender="Gagal/Batal", ket_ditutup='HPS "keliru"')),
    ("inaproc-nontender", record(plan="6;7")), ("sirup", sirup(8, isUMK=False)), ("spse", cells()),
    ("inaproc-rup", rup(9, jenis_pengadaan="Jasa Konsultansi", metode_pengadaan="Dikecualikan", tgl_awal_pemilihan="2027-01-01",
                        tgl_akhir_pemilihan="2027-02-01")),
]  # fmt: skip


def test_an_export_is_a_release_package(session: Session) -> None:
    told = json.loads("".join(package(session, NOW, "Lapak")))
    assert not [error.message for error in Draft4Validator(SCHEMA).iter_errors(told)]
    releases = told["releases"]
    assert len(releases) == len(session.exec(select(Call)).all()) == len({one["ocid"] for one in releases}) == 7
    roles = [{role for party in one["parties"] for role in party["roles"]} for one in releases]
    assert all("buyer" in one for one in roles)
    assert {one["tag"][0] for one in releases} >= {"planning", "tender", "tenderUpdate", "tenderCancellation"}


def test_what_goes_out_comes_back_the_same(session: Session) -> None:
    for call, keys in calls(session):
        back = ocds.read(json.loads(json.dumps(release(call, keys))), ZONE)
        was = package_of(call, tuple(keys))
        assert alike(back) == alike(was)
        assert {*back.keys[1:], *back.replaces} == set(keys)


def alike(one: Package) -> Package:
    """Without what differs by the source's name; an amount that nobody said, a status and all else must be the same."""
    return replace(one, source="", keys=(), replaces=(), fresh_at=None, reason=one.reason if one.status == "cancelled" else "")


def test_any_number_of_calls_fits_in_memory(session: Session) -> None:
    pieces = package(session, NOW, "Lapak")
    assert next(pieces).endswith("[") and json.loads(next(pieces).strip())["ocid"]
    ids = session.exec(select(Call.id).order_by(col(Call.id))).all()
    assert [call.id for call, _ in calls(session)] == ids
