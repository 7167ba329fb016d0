"""The units a product is sold by, each with the ways people write it."""

from __future__ import annotations

import re
from functools import cache

SPELLINGS = {
    "buah": "buah bh bhh pcs pc pce biji bj piece pieces item eksemplar eks",
    "kg": "kg kilo kilogram kilogramm kgs kilos",
    "gram": "gram gr grm g grams",
    "ons": "ons",
    "ton": "ton",
    "liter": "liter ltr lt l litre litres",
    "ml": "ml mililiter",
    "paket": "paket pkt pket package packages ls lumpsum",
    "kotak": "kotak ktk box boks bx boxes",
    "bungkus": "bungkus bks bgks bngks bungkusan pack packs pck bungkuss",
    "botol": "botol btl bottle bottles",
    "meter": "meter m mtr metre",
    "m2": "m2 meter2 m^2",
    "m3": "m3 meter3 kubik",
    "km": "km kilometer",
    "lembar": "lembar lbr lmbr sheet sheets",
    "halaman": "halaman hal hlm page pages",
    "jam": "jam hour hours",
    "hari": "hari hr day days",
    "malam": "malam night nights",
    "minggu": "minggu week",
    "bulan": "bulan bln month months",
    "tahun": "tahun thn year",
    "orang": "orang org pax person people",
    "orang-hari": "oh",
    "orang-jam": "oj",
    "orang-bulan": "ob",
    "porsi": "porsi prs portion portions",
    "ekor": "ekor ekr head",
    "rit": "rit ret",
    "sak": "sak zak",
    "set": "set stel setel sets",
    "unit": "unit units",
    "lusin": "lusin lsn dozen",
    "kodi": "kodi",
    "gros": "gros gross",
    "toples": "toples tpls stoples jar jars",
    "pak": "pak pk",
    "batang": "batang btg",
    "karung": "karung krg sack sacks",
    "dus": "dus dos doos kardus karton carton",
    "rim": "rim ream",
    "rak": "rak tray",
    "roll": "roll rol gulung",
    "pasang": "pasang psg pair pairs",
    "potong": "potong ptg slice",
    "ikat": "ikat iket",
    "butir": "butir btr",
    "cup": "cup gelas cups",
    "mangkok": "mangkok mangkuk bowl",
    "loyang": "loyang",
    "nampan": "nampan tampah",
    "sachet": "sachet saset sase",
    "kaleng": "kaleng klg can cans",
    "galon": "galon gallon",
    "jeriken": "jeriken jerigen jirigen",
    "tabung": "tabung",
    "pot": "pot polybag",
    "bibit": "bibit",
    "keping": "keping kpg",
    "titik": "titik ttk",
    "sesi": "sesi session sessions",
    "kelas": "kelas",
    "kamar": "kamar room",
    "acara": "acara event",
    "kegiatan": "kegiatan giat",
    "kendaraan": "kendaraan mobil",
    "desain": "desain",
    "kali": "kali times",
    "trip": "trip",
    "buku": "buku bk book",
    "tandan": "tandan",
    "sisir": "sisir",
    "pohon": "pohon",
    "mika": "mika",
    "pouch": "pouch",
    "bal": "bal",
    "ember": "ember",
    "lonjor": "lonjor ljr",
    "truk": "truk truck",
}
UNITS = {spelling: unit for unit, spellings in SPELLINGS.items() for spelling in spellings.split()}
JOINED = {"hari": "orang-hari", "hr": "orang-hari", "jam": "orang-jam", "bulan": "orang-bulan", "bln": "orang-bulan"}
MEASURES = frozenset({"kg", "gram", "ons", "ton", "liter", "ml", "meter", "m2", "m3", "km", "jam", "hari"})
"""What a product's own size is told in: "280gr" belongs to the name, not to the price."""

LIKELY = ("bungkus", "kg", "buah")
LIKELY_FOR = {
    "mamin": LIKELY, "sembako": ("kg", "sak", "bungkus"), "cetak": ("lembar", "m2", "buah"), "pakaian": ("buah", "set", "lusin"),
    "material": ("buah", "sak", "m3"), "beton": ("m3", "buah"), "aspal": ("kg", "ton"), "bibit-pupuk": ("pohon", "kg", "karung"),
    "ternak-ikan": ("ekor", "kg"), "sewa-kendaraan": ("hari", "trip", "jam"), "alat-berat": ("jam", "hari"),
    "sewa-acara": ("hari", "set", "unit"), "acara": ("acara", "paket"), "publikasi": ("paket", "kegiatan", "jam"),
    "pelatihan": ("orang", "paket", "jam"), "kebersihan": ("buah", "bulan", "orang"), "keamanan": ("orang-bulan", "bulan"),
    "jasa-ahli": ("orang-bulan", "paket"), "internet-aplikasi": ("bulan", "paket"), "akomodasi": ("kamar", "orang", "malam"),
    "kendaraan-servis": ("unit", "paket", "buah"), "pemeliharaan": ("unit", "paket", "m2"), "mebel": ("buah", "set", "unit"),
    "elektronik": ("unit", "set"), "kendaraan": ("unit",), "alat-tani": ("unit", "buah"),
}  # fmt: skip
"""The units offered for a price without one, by the etalase its product surely is of; of others a piece, a set or a package."""
OTHERWISE = ("buah", "set", "paket")
MEALS = ("nasi", "soto", "bakso", "mie", "rawon", "lontong", "bubur", "katering", "catering", "prasmanan")
MEAL = ("porsi", "kotak", "bungkus")
"""Of what is cooked to be eaten at once."""
PACKED = ("kering", "instan", "mentah", "beku", "frozen")
WEIGHED = frozenset({"kg", "gram", "ons", "liter", "ml"})
"""What is packed or weighed is sold to be cooked: "Mie telur 200gr"."""

_JOINED = r"(?:orang|org)\s*(?:/|-|\bper\b)\s*(?:hari|hr|jam|bulan|bln)"
_SQUARE = r"(?:m|meter|mtr)\s*(?:persegi|kubik)"
PATTERN = rf"(?:{_JOINED}|{_SQUARE}|" + "|".join(re.escape(word) for word in sorted(UNITS, key=len, reverse=True)) + r")(?![\w²³^])"
"""One unit in any spelling, to be searched without regard to case."""
SIZE = re.compile(rf"\d\s*(?P<unit>{PATTERN})", re.I)


def is_meal(name: str) -> bool:
    words = set(name.casefold().split())
    weighed = any(canonical(found["unit"]) in WEIGHED for found in SIZE.finditer(name))
    return not words.isdisjoint(MEALS) and words.isdisjoint(PACKED) and not weighed


@cache
def canonical(spelling: str) -> str:
    """The unit that a spelling stands for, "" for none."""
    plain = " ".join(spelling.casefold().split())
    if plain.endswith(("persegi", " kubik")):
        return "m2" if plain.endswith("persegi") else "m3"
    if plain.startswith(("orang", "org")) and len(parts := re.split(r"\s*(?:/|-|\bper\b)\s*", plain)) == 2:
        return JOINED.get(parts[1], "")
    return UNITS.get(plain, "")
