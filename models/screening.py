"""What must never be kept, found in a text before anything is written: identity numbers, one-time codes, accounts and PINs."""

from __future__ import annotations

import re
import unicodedata

from models.codes import without

PROVINCES = frozenset(
    map(str, [*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)])
)

SIXTEEN = re.compile(r"(?<![\d+])(?=((?:\d[ .\-/]{0,3}){15}\d)(?!\d))")
NAMED = re.compile(r"(?<!\w)(?:nik|ktp|npwp|e-?ktp|no\.? ?kk|kartu keluarga)(?!\w)[^\d\n]{0,30}(?:\d[ .\-/]{0,2}){14,15}\d(?!\d)", re.I)
NPWP = re.compile(r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-?\d{3}\.\d{3}(?!\d)")

_CODE = r"(?<!\d)(?:\d{4,8}|\d{3}[ -]\d{3})(?![\d.,]*\d)"
_CODE_NAME = (
    r"(?:otp|o\.t\.p\.?|kode\s*(?:otp|verifikasi|verif|masuk|rahasia|aktivasi|konfirmasi|login|wa|whatsapp|telegram|sms|keamanan)|"
    r"(?:verification|security|login|one[- ]?time|confirmation|access)\s*(?:code|password|pin)|passcode)"
)
CODE = re.compile(rf"(?<!\w){_CODE_NAME}(?!\w)[^\d\n]{{0,40}}{_CODE}", re.I)
CODE_FIRST = re.compile(rf"{_CODE}\s*(?:adalah|itu|is|merupakan|-|:)?\s*(?:your|the|anda|kamu)?\s*(?:\w+\s+)?{_CODE_NAME}(?!\w)", re.I)
CODE_TOLD = re.compile(r"(?<!\w)kode(?:nya| saya| ku|ku)(?!\w)[^\d\n]{0,15}(?<!\d)(?:\d{6}|\d{3}[ -]\d{3})(?![\d.,]*\d)", re.I)

_LONG = r"(?:\d[ .\-]{0,2}){7,19}\d(?!\d)"
ACCOUNT = re.compile(
    rf"(?<!\w)(?:no(?:mor|mer)?\.?\s*rek(?:ening)?|norek|rekening|rek|virtual account|(?:bank )?account (?:number|no))(?!\w)"
    rf"[^\d\n]{{0,40}}{_LONG}",
    re.I,
)
BANK = re.compile(rf"(?<!\w)(?:bri|bca|bni|btn|bsi|bank\s?\w+|bankaltimtara|mandiri|danamon|cimb|seabank)(?!\w)[:\s]{{1,3}}{_LONG}", re.I)
PIN = re.compile(
    r"(?<!\w)(?:pin(?:\s*(?:saya|ku|nya|atm|rekening|kartu|bca|bri|bni|bsi|mandiri|m-?banking|is|adalah|:|=)){1,3}|pinnya|pinku|"
    r"(?:password|kata sandi|sandi|cvv|cvc)(?:\s*(?:saya|ku|nya|is|adalah|:|=)){0,2})"
    r"\s*[:=]?\s*\d{3,8}(?![\d.,]*\d)(?!\s*(?:rb|ribu|/|per))",
    re.I,
)
PIN_BARE = re.compile(r"(?<!\w)pin\s+(?!\d{3}000)\d{6}(?![\d.,]*\d)(?!\s*(?:rb|ribu|/|per))", re.I)


def readable(text: str) -> str:
    """A text without control characters and halves of characters, which databases refuse."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def screen(text: str) -> tuple[str, str]:
    """The text and "", or "" and what it was refused for: "nik", "code" or "account". A text refused is dropped whole."""
    if not any(char.isdigit() for char in text):
        return text, ""
    if screened := _refused(without(text)):
        return "", screened
    return text, ""


def _refused(text: str) -> str:
    if NAMED.search(text) or NPWP.search(text) or any(_identity(match[1]) for match in SIXTEEN.finditer(text)):
        return "nik"
    if CODE.search(text) or CODE_FIRST.search(text) or CODE_TOLD.search(text):
        return "code"
    if ACCOUNT.search(text) or BANK.search(text) or PIN.search(text) or PIN_BARE.search(text):
        return "account"
    return ""


def _identity(written: str) -> bool:
    """Sixteen digits in a row, which nothing here needs (a NIK, a tax number, a bank card), or a likely NIK however it is spaced."""
    groups = re.findall(r"\d+", written)
    if len(groups) > 1 and (max(map(len, groups)) > 12 or re.search(r"\.000(?!\d)", written)):
        return False  # a NIB and a quantity after it, or prices in a row
    digits = "".join(groups)
    return len(groups) == 1 or _nik(digits)


def _nik(digits: str) -> bool:
    """Province, regency, district, birth date (40 added to a woman's day), serial."""
    day, month = int(digits[6:8]), int(digits[8:10])
    place = digits[:2] in PROVINCES and digits[2:4] != "00" and digits[4:6] != "00"
    return place and 1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12 and digits[12:] != "0000"
