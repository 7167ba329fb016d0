"""Numbers that name a person or a business: phone, NIB, PIRT and BPOM."""

from __future__ import annotations

import re
from typing import Any

from handlers.reading.numerals import plain
from handlers.said import Facts, Offer, Reader, Rejected, Said

PHONE = re.compile(r"(?<!\d)(?:\+?\s?62|0)[\s().-]*\d(?:[\s().-]{0,2}\d){6,12}(?!\d)")
MOBILE = re.compile(r"\+628[1-9]\d{7,10}")
LANDLINE = re.compile(r"\+62[2-79]\d{7,9}")
PIRT = re.compile(r"(?<!\d)((?:\d ?){12}\d)\s*[-/.]\s*(\d{2})(?!\d)")
PIRT_SPACED = re.compile(r"p-?\s?irt[^\d\n]{0,12}((?:\d[ .\-]{0,2}){14}\d)(?!\d)", re.I)
BPOM = re.compile(r"(?<!\w)(MD|ML|TR|TI|SD|SI|NA|NB|NC|ND|NE)[\s.:-]*((?:\d[ .-]?){8,14}\d)(?!\d)", re.I)
NIB = re.compile(r"(?<!\d)\d{13}(?!\d)")
RUN = re.compile(r"\d(?:[ .\-]{0,2}\d)*")
PHONE_LIKE = ("08", "628")


def read_phone(said: Said, facts: Facts) -> str:
    if said.kind == "contact" and not said.own:
        raise Rejected("problem.contact_other")
    text = plain(said.phone or said.text)
    if said.phone and re.match(r"62\d", text):
        text = f"+{text}"
    found = list(dict.fromkeys(number for match in PHONE.finditer(text) if (number := normal(match.group()))))
    if len(found) > 1:
        raise Rejected("problem.phone_two", offers=[Offer(shown_phone(number), number) for number in found[:3]])
    if not found and re.match(r"8[1-9]\d{7,10}$", re.sub(r"\D", "", text)):
        number = normal("0" + re.sub(r"\D", "", text))
        if number:
            raise Rejected("problem.phone_check", {"phone": shown_phone(number)}, [Offer(shown_phone(number), number)])
    if not found:
        raise Rejected("problem.phone")
    return found[0]


def normal(text: str) -> str:
    """+6281234567890, or "" for no phone number of Indonesia."""
    digits = re.sub(r"\D", "", text)
    digits = digits.removeprefix("62") if digits.startswith("62") else digits
    number = "+62" + digits.removeprefix("0")
    return number if keeps_phone(number) and _known(number) else ""


def _known(number: str) -> bool:
    try:
        from lokal import normalize_phone
    except ImportError:
        return True  # our own rule has been asked already
    return normalize_phone(number) is not None


def keeps_phone(value: Any) -> bool:
    return isinstance(value, str) and bool(MOBILE.fullmatch(value) or LANDLINE.fullmatch(value))


def shown_phone(value: str) -> str:
    digits = "0" + value.removeprefix("+62")
    return "-".join((digits[:4], digits[4:8], digits[8:])) if len(digits) > 8 else digits


def read_nib(said: Said, facts: Facts) -> str:
    text = plain(said.text)
    licence = find_pirt(text)
    if licence:
        raise Rejected("problem.pirt_not_nib", {"pirt": licence["number"]}, also={"pirt": licence})
    runs = [re.sub(r"\D", "", run) for run in RUN.findall(text)]
    apart: list[str] = NIB.findall(text)
    found = list(dict.fromkeys(apart if len(apart) > 1 else [run for run in runs if len(run) == 13]))
    if any(len(run) == 16 for run in runs):
        raise Rejected("problem.nik")
    if len(found) > 1:
        raise Rejected("problem.nib_two", offers=[Offer(run, run) for run in found[:3]])
    if not found:
        count = max((len(run) for run in runs), default=0)
        raise Rejected("problem.nib_digits", {"count": count}) if count else Rejected("problem.nib")
    if found[0].startswith(PHONE_LIKE) and not re.search(r"(?<!\w)nib(?!\w)", text, re.I):
        raise Rejected("problem.nib_phone", {"number": found[0]}, [Offer(f"NIB {found[0]}", found[0])])
    return found[0]


def nib_words(value: str) -> str:
    return f"NIB {value}" if value.startswith(PHONE_LIKE) else value


def keeps_nib(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9]{13}", value))


def find_pirt(text: str) -> dict[str, Any] | None:
    """A PIRT number: 13 digits, a dash, the two last digits of the year it ends."""
    match = PIRT.search(text)
    spaced = None if match else PIRT_SPACED.search(text)
    digits = re.sub(r"\D", "", match[1] + match[2] if match else spaced[1] if spaced else "")
    if not digits:
        return None
    return {"kind": "pirt", "number": f"{digits[:13]}-{digits[13:]}", "expiry_year": 2000 + int(digits[13:])}


def read_licence(said: Said, facts: Facts) -> dict[str, Any]:
    text = plain(said.text)
    licence = find_pirt(text)
    if licence:
        return licence
    bpom = BPOM.search(text)
    if bpom:
        return {"kind": "bpom", "number": f"{bpom[1].upper()} {re.sub(r'[^0-9]', '', bpom[2])}", "expiry_year": None}
    runs = [re.sub(r"\D", "", run) for run in RUN.findall(text)]
    if any(len(run) == 16 for run in runs):
        raise Rejected("problem.nik")
    whole = next((run for run in runs if len(run) == 15), "")
    if whole:
        number = f"{whole[:13]}-{whole[13:]}"
        offer = Offer(number, {"kind": "pirt", "number": number, "expiry_year": 2000 + int(whole[13:])})
        raise Rejected("problem.pirt_check", {"pirt": number}, [offer])
    bare = next((run for run in runs if len(run) == 13), "")
    raise Rejected("problem.pirt_year", {"number": bare}) if bare else Rejected("problem.pirt")


def keeps_licence(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("number"), str):
        return False
    if value.get("kind") == "pirt":
        parts = re.fullmatch(r"[0-9]{13}-([0-9]{2})", value["number"])
        return bool(parts) and value.get("expiry_year") == 2000 + int(value["number"][-2:])
    return value.get("kind") == "bpom" and bool(re.fullmatch(r"[A-Z]{2} [0-9]{9,15}", value["number"])) and value.get("expiry_year") is None


def licence_words(value: dict[str, Any]) -> str:
    return f"P-IRT {value['number']}" if value["kind"] == "pirt" else f"BPOM RI {value['number']}"


phone = Reader(read_phone, keeps_phone, shown_phone, numeric=True, takes=("text", "contact"), marked=True)
nib = Reader(read_nib, keeps_nib, nib_words, str, numeric=True, marked=True)
pirt_or_bpom = Reader(read_licence, keeps_licence, licence_words, numeric=True, marked=True)
