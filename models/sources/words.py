"""What sources call the way a package is bought, what is bought, who may offer, and how far it is."""

from __future__ import annotations

import re
from typing import Any

from models.package import Package, Unreadable
from models.sources.door import line

METHODS = (
    ("epurchasing", re.compile(r"e-?\s?purchasing|e-?\s?katalog|katalog|mini[\s-]*kompetisi|toko\s?daring", re.I)),
    ("langsung", re.compile(r"(?:pengadaan|penunjukan|pembelian) langsung|repeat order|direct|limited", re.I)),
    ("tender", re.compile(r"tender|lelang|seleksi|kontes|sayembara|open|selective", re.I)),
    ("unknown", re.compile(r"dikecualikan|darurat|swakelola|^lainnya$", re.I)),
)
KINDS = (
    ("consulting", re.compile(r"konsul?tan|consult", re.I)),
    ("works", re.compile(r"konstruksi|works", re.I)),
    ("goods", re.compile(r"barang|goods", re.I)),
    ("services", re.compile(r"jasa|terintegrasi|services", re.I)),
)
ENDED = re.compile(
    r"selesai|complete|finished|closed|awarded|evaluasi|pembukaan|sanggah|pemenang|penunjukan|penandatangan|kontrak|klarifikasi|negosiasi|"
    r"pembuktian|sedang berjalan|usulan|unsuccessful",
    re.I,
)
ENDED_BADLY = re.compile(r"gagal|batal|ditutup|cancel|withdrawn|dihapus|tidak aktif", re.I)
OPEN = re.compile(
    r"berlangsung|aktif|active|pengumuman|pendaftaran|upload|unggah|download|unduh|pemasukan|penjelasan|kualifikasi|buka|open|tayang", re.I
)
AHEAD = re.compile(r"plan|rencana|belum|terumumkan|draft|konsep|inisiasi|tidak ada jadwal|^-$", re.I)


def method_of(value: Any) -> str:
    return _named(METHODS, value)


def kind_of(value: Any) -> str:
    return _named(KINDS, value)


def _named(table: tuple[tuple[str, re.Pattern[str]], ...], value: Any) -> str:
    return next((name for name, pattern in table if pattern.search(str(value or ""))), "")


def small_of(value: Any) -> bool | None:
    """Of "UKM" / "Non-UKM", or of a qualification: "Kecil", "Non Kecil", "Menengah"; None also where all may offer."""
    words = str(value if value is not None else "").casefold()
    if isinstance(value, bool):
        return value
    if re.search(r"non|bukan|menengah|besar", words):
        return None if re.search(r"kecil (?:dan|atau|/)", words) else False
    return True if re.search(r"kecil|ukm|umk|mikro|^ya$|^yes$", words) else None


def domestic_of(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    words = str(value if value is not None else "").casefold()
    return None if not re.search(r"pdn|ya|tidak|yes|no|dalam negeri", words) else not re.search(r"non|bukan|tidak|^no$", words)


def status_of(value: Any) -> str:
    """ "" for words that are not known: then the dates alone speak."""
    words = " ".join(str(value if value is not None else "").split())
    for name, pattern in (("cancelled", ENDED_BADLY), ("planned", AHEAD), ("complete", ENDED), ("active", OPEN)):
        if words and pattern.search(words):
            return name
    return ""


def complete(package: Package) -> Package:
    """The package, once it has what none can be without. Raises Unreadable."""
    number = package.keys[0][1]
    if not number or (line(number) != number and not (number.isdecimal() and len(number) < 16)):
        raise Unreadable("no_number")  # what tells of a person is no number of a package
    if len(package.title) < 3:
        raise Unreadable("no_title")
    return package


def funds_of(value: Any) -> tuple[str, ...]:
    """ "APBD,APBDP" as two, in the order of the alphabet."""
    return tuple(sorted({part.strip().upper() for part in re.split(r"[,;+]", line(value)) if part.strip(" -")}))


def link_of(value: Any) -> str:
    words = line(value)
    return words if re.fullmatch(r"https?://[^\s@]+", words, re.I) else ""


def reason_of(*values: Any) -> str:
    return next((words for value in values if len(words := line(value)) > 1), "")
