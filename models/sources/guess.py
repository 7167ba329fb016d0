"""What the columns of a spreadsheet mean: by the words of their names, and by what stands below them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.sources.regions import region_of
from models.sources.values import moment, month, rupiah
from models.sources.words import kind_of, method_of, status_of

NAMES = {
    "rup": r"\brup\b|sirup",
    "nontender": r"non ?tender",
    "tender": r"(?:kode|kd|id|no\w*) (?:tender|lelang)",
    "number": r"^(?:kode|kd|id|nomor)(?: (?:paket|pengadaan|pekerjaan))?$",
    "title": r"nama paket|\bpaket\b|nama (?:pekerjaan|pengadaan|kegiatan)|pekerjaan|judul|kebutuhan|belanja|barang jasa",
    "detail": r"uraian|deskripsi|spesifikasi|keterangan|rincian|volume",
    "buyer": r"satker|satuan kerja|\bopd\b|\bskpd\b|perangkat daerah|dinas|unit kerja|pembeli|\bbuyer\b",
    "institution": r"klpd|k l p?d|instansi|pemda|pemerintah|lembaga",
    "places": r"lokasi|tempat|wilayah|\bkab\b|kota\b|daerah",
    "estimate": r"\bhps\b|perkiraan",
    "budget": r"pagu|anggaran|nilai|biaya|budget|jumlah|harga",
    "funds": r"sumber dana|\bdana\b",
    "method": r"metode|cara",
    "kind": r"jenis|kategori",
    "small_only": r"ukm|umk|usaha kecil|kualifikasi",
    "domestic": r"pdn|dalam negeri",
    "opens_at": r"mulai|awal|pengumuman|tayang|dibuka|publikasi",
    "closes_at": r"tutup|akhir|batas|deadline|penutupan|sampai",
    "status": r"status|tahap",
    "reason": r"alasan",
    "link": r"link|tautan|url|alamat web",
}
PEOPLE = re.compile(
    r"\bnip\b|\bppk\b|\bkpa\b|pejabat|pokja|panitia|pemesan|pengguna|username|telp|telepon|\bhp\b|\bwa\b|mail|rekening|bank|kontak", re.I
)
"""Columns that are never read."""
OFFICE = re.compile(
    r"\b(?:dinas|badan|kantor|kecamatan|kelurahan|sekretariat|inspektorat|rsud|rumah sakit|puskesmas|biro|bagian|sdn?|smpn?|sman?)\b", re.I
)
ENOUGH, CLEAR = 0.3, 0.8
"""Shares of the filled cells that must fit: below a name that says so, and below a name that says nothing."""
EXAMPLES = 30

Fits = Callable[[Any], bool]


def _date(value: Any) -> bool:
    """A text of five digits is a number here, though a day may be written so."""
    return not (isinstance(value, str) and value.strip().isdecimal()) and bool(
        moment(value, "Asia/Jakarta") or month(value, "Asia/Jakarta")
    )


FITS: Mapping[str, Fits] = {
    "budget": lambda value: (rupiah(value) or 0) >= 100_000 and not _date(value),
    "estimate": lambda value: (rupiah(value) or 0) >= 100_000,
    "opens_at": _date,
    "closes_at": _date,
    "link": lambda value: str(value).casefold().startswith("http"),
    "method": lambda value: bool(method_of(value)) and len(str(value)) < 40,
    "kind": lambda value: bool(kind_of(value)) and len(str(value)) < 60,
    "status": lambda value: bool(status_of(value)) and len(str(value)) < 60,
    "places": lambda value: bool(region_of(str(value))),
    "buyer": lambda value: bool(OFFICE.match(str(value))),
    "rup": lambda value: bool(re.fullmatch(r"\d{7,9}(?:\.0)?(?:\s*[;,]\s*\d{7,9})*", str(value).strip())),
    "title": lambda value: len(str(value)) > 8 and rupiah(value) is None and not _date(value),
}
ALONE = ("link", "rup", "budget", "buyer", "method", "closes_at", "title")
"""What is recognised by its cells alone, in this order."""


def header_of(names: Sequence[str]) -> str:
    """A hash of the names in their order."""
    return hashlib.sha256("\n".join(" ".join(name.casefold().split()) for name in names).encode()).hexdigest()[:32]


def guess(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Our field by the sheet's name of the column; columns that mean nothing to us, or hold people, are left out."""
    asked = [name for name in names if not of_people(name)]
    scores = [
        (score, -place, name, field) for place, name in enumerate(asked) for field in NAMES if (score := _named(name, field, rows)) > 0
    ]
    found: dict[str, str] = {}
    for _, _, name, field in sorted(scores, reverse=True):
        if name not in found and field not in found.values():
            found[name] = field
    for field in ALONE:
        left = [name for name in asked if name not in found]
        best = max(left, key=lambda name: (_share(name, field, rows), _length(name, rows)), default=None)
        if field not in found.values() and best is not None and _share(best, field, rows) >= CLEAR:
            found[best] = field
    return {name: found[name] for name in names if name in found}


def of_people(name: str) -> bool:
    """Whether a column of this name is never read."""
    return bool(PEOPLE.search(_words(name)))


def _words(name: str) -> str:
    return " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", re.sub(r"[^0-9A-Za-z]+", " ", name)).casefold().split())


def _named(name: str, field: str, rows: Sequence[Mapping[str, Any]]) -> float:
    """How well a column's name says that it is this field; nothing where its cells say otherwise."""
    found = re.search(NAMES[field], _words(name))
    share = _share(name, field, rows) if field in FITS else 0.5
    return len(found[0]) / (len(_words(name)) + 1) + share if found and share >= ENOUGH else 0.0


def _filled(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [row[name] for row in rows[:EXAMPLES] if row.get(name) not in (None, "")]


def _share(name: str, field: str, rows: Sequence[Mapping[str, Any]]) -> float:
    filled = _filled(name, rows)
    if not filled:
        return ENOUGH
    return sum(map(FITS[field], filled)) / len(filled)


def _length(name: str, rows: Sequence[Mapping[str, Any]]) -> float:
    filled = _filled(name, rows)
    return sum(len(str(value)) for value in filled) / (len(filled) or 1)
