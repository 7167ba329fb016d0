"""Who buys, as OCDS names it: an office, and no official who is written down in its place."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from bot.importing import keep, read
from models.sources import READERS
from models.sources.people import may_be_person
from models.sources.regions import region_of
from tests.rows import NIP, OFFICIAL, ZONE, real, release
from tests.test_door import NOW, everything, session

__all__ = ["session"]
REAL = (
    "rup_paket_penyedia_terumumkan.json", "rup_struktur_anggaran_pd.json", "spse_nontender_pengumuman.json",
    "spse_pencatatan_nontender.json", "spse_tender_pengumuman.json", "ekatalog_v6_paket_epurchasing.json", "spse_datatables_kaltim.json",
)  # fmt: skip


def test_a_buyer_that_is_a_person_is_not_named(session: Session) -> None:
    """Neither as a party of a release nor of one that is set aside."""
    party = {"name": OFFICIAL, "roles": ["procuringEntity"]}
    row = release(procuringEntity={"name": OFFICIAL})
    row["parties"] = [*row.get("parties", []), party]
    found = READERS["ocds"](row, ZONE)
    assert found.buyer == found.institution == "Kota Samarinda"
    same = release(procuringEntity={"name": "Rumah Makan", "contactPoint": {"name": "Rumah Makan"}})
    same["parties"] = [one for one in same["parties"] if "buyer" in one["roles"]]
    assert READERS["ocds"](same, ZONE).buyer == "Kota Samarinda"
    bare = {"ocid": "ocds-9", "tender": {"procuringEntity": {"name": OFFICIAL}, "description": f"PPK {OFFICIAL}"}, "parties": [party]}
    good, bad = read("ocds", [bare], ZONE)
    keep(session, "ocds", good, bad, NOW)
    assert "ocds-9" in everything(session) and OFFICIAL not in everything(session)


def buyer_of(name: str) -> str:
    return READERS["ocds"]({"ocid": "ocds-1", "tender": {"title": "Belanja ATK"}, "buyer": {"name": name}}, ZONE).institution


@pytest.mark.parametrize(
    "name",
    [
        "Universitas Mulawarman", "Bawaslu", "Telkom Indonesia", "Basarnas", "Lapas", "Pelindo", "Kemenag", "Unmul", "Kodim",
        "Angkasa Pura", "Museum Mulawarman", "Perusda Melati Bhakti Satya", "Kominfo Kukar", "Poltekkes Kaltim", "Batalyon Zipur",
        "Hutama Karya", "Waskita", "Universitas Muhammad Yusuf", "RSUD Abdul Wahab Sjahranie",
    ],
)  # fmt: skip
def test_an_office_that_is_called_like_nothing_here_is_named(name: str) -> None:
    assert buyer_of(name) == name


@pytest.mark.parametrize("name", [OFFICIAL, "Siti Aminah", "Ketut Suardana", "Wibisana Atmaja ST", "Wibisana Atmaja, M.Si", "H. Wibisana"])
def test_a_sign_of_a_person_is_enough(name: str) -> None:
    assert buyer_of(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Kementerian Pertanian", "Perumdam Batiwakkal", "BPJN Kaltim", "BWS Kalimantan IV", "Setjen DPR", "LKPP", "Mahkamah Agung",
        "Ombudsman", "World Bank", "Ministry of Health", "dinas kesehatan", "Politeknik Negeri Samarinda", "Pemkot Samarinda",
    ],
)  # fmt: skip
def test_a_word_of_an_office_or_an_abbreviation_is_enough(name: str) -> None:
    assert buyer_of(name) == name


@pytest.mark.parametrize(
    "name", ["Wibisana Atmaja", "wibisana atmaja", "WIBISANA ATMAJA", "Ngatmiran", "Yohanes Lawing", "Wibisana ATMAJA"]
)
def test_a_rare_name_with_nothing_of_an_office_is_dropped(name: str) -> None:
    """And the call goes on without it."""
    found = READERS["ocds"]({"ocid": "ocds-1", "tender": {"title": "Belanja ATK"}, "buyer": {"name": name}}, ZONE)
    assert (found.institution, found.buyer, found.title) == ("", "", "Belanja ATK")


@pytest.mark.parametrize(
    ("identifier", "named"),
    [
        ({"scheme": "ID-KLDI", "id": "D107"}, True), ({"scheme": "ID-KLDI"}, False), ({"scheme": "ID-NIP", "id": "1"}, False),
        ({"scheme": "ID-KLDI", "id": NIP}, False), ("D107", False), (None, False),
    ],
)  # fmt: skip
def test_a_number_in_a_register_of_organisations_is_enough_too(identifier: Any, named: bool) -> None:
    """It stands with the party; where it buys it is only referred to."""
    party = {"id": "a", "name": "Varia Niaga", "roles": ["buyer"], "identifier": identifier}
    row = {"ocid": "ocds-1", "tender": {"title": "Belanja ATK"}, "parties": [party]}
    for more in ({}, {"buyer": {"id": "a", "name": "Varia Niaga"}}, {"buyer": {"id": "a"}}):
        assert READERS["ocds"](row | more, ZONE).institution == ("Varia Niaga" if named else "")
    sure = row | {"parties": [party | {"name": OFFICIAL}]}
    assert READERS["ocds"](sure, ZONE).institution == "", "what is surely a person stays one"


@pytest.mark.parametrize("file", REAL)
def test_every_real_buyer_is_named_however_it_is_written(file: str) -> None:
    columns = ("nama_klpd", "nama_satker", "nama_instansi", "nama_lpse")
    names = {str(row[name]) for row in real(file) for name in columns if row.get(name)}
    names |= {str(row["cells"][2]) for row in real(file) if "cells" in row}
    written = {way(name) for name in names for way in (str, str.title, str.lower, str.upper)}
    assert names and [name for name in written if may_be_person(name) and not region_of(name)] == []
