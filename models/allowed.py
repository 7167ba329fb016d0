"""What an announcement may not contain: accounts, fees, private wallets, and links that leave the allowed domains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.screening import screen


@dataclass(frozen=True, slots=True)
class Objection:
    """`reason`: account, wallet, fee, secret, whatsapp, short, link or letters; `found` is the place in the text."""

    reason: str
    found: str


_TRANSFER = r"(?:tra?n?s?[sz]?\s?-?f+e?r|trans[ -]?per)\w*|t(?:f|rf|rsf|rnsf|fs)(?:an|in|kan|nya)?"
"""As it is misspelt, and as it is shortened."""
_AMOUNT = r"(?:rp\.?\s?\d[\d.,]*(?:\s*(?:rb|ribu|jt|juta)(?!\w))?|\d[\d.,]*\s*(?:rb|ribu|k|jt|juta)(?!\w)|\d{1,3}(?:\.\d{3})+)"
_MONEY = (
    rf"(?:biaya\w*|(?:mem|di|ter)?bayar(?:kan|an|lah|nya)?|byr|pembayaran\w*|(?:men|di)?(?:{_TRANSFER})|"
    r"pungutan|iuran|tarif|retribusi|(?:me?n?|di)?setor(?:an|kan)?|top\s?up|ongkos|sumbangan|infa[qk]|donasi|"
    r"(?:uang|dana)\s+(?:pendaftaran|muka|jaminan|admin\w*|pangkal|komitmen|pelicin|rokok|lelah|partisipasi)|"
    rf"(?:administrasi|admin|dp)\s*:?\s*(?:dulu|\d+\s?%|{_AMOUNT})|by\.?\s+admin\w*|"
    r"(?:kirim(?:kan)?|mengirim|siap(?:kan)?|sediakan|titip(?:kan)?|serahkan|bawa|kumpulkan)\s+(?:uang|pulsa)|"
    rf"(?:siap(?:kan)?|sediakan|titip(?:kan)?|serahkan|bawa|kumpulkan|kirim(?:kan)?)\s+{_AMOUNT}|"
    rf"{_AMOUNT}\s+(?:di)?(?:kirim|serah|titip|kumpul)\w*|"
    r"fees?|pay(?:ment|ments|ing)?|deposit\w*|(?:send|wire)\s+money)"
)
_BETWEEN = (
    r"(?:ada|dipungut|memungut|dikenakan|dikenai|dimintai?|me?minta|perlu|usah|akan|harus|boleh|pernah|mau|"
    r"sama sekali|adanya|uang|segala|apa\s?pun|"
    r"any|ask\w*|for|a|is|are|have|to|ever|sedikit\s?pun|pungutan|dari|of)"
)
_NOT = r"(?:tanpa|bebas|gratis|free|tidak|tdk|tak|tiada|nggak|gak|bukan|jangan|no|not|never|without|don't|nol)"
_LISTED = r"(?:\s*[,/]\s*(?:(?:atau|dan|maupun|or|and)\s+)?|\s+(?:atau|dan|maupun|or|and)\s+)"
_ASKED_TOO = r"(?:uang|ktp|pin|otp|kode(?:\s+otp)?|pulsa|nik)"
"""What else is never asked for, in the same breath: "tidak pernah meminta KTP, PIN, atau transfer"."""
DENIED = re.compile(
    rf"(?<!\w){_NOT}(?:\s+{_BETWEEN})*(?:\s+{_ASKED_TOO}(?:\s*,\s*{_ASKED_TOO})*\s*,?\s+(?:atau|maupun|dan))?"
    rf"\s+{_MONEY}(?:{_LISTED}(?:{_BETWEEN}\s+)*{_MONEY})*(?!\w)",
    re.I,
)
""" "tanpa biaya", "tidak dipungut biaya atau iuran", "jangan pernah mau bayar"."""
COVERED = re.compile(rf"(?<!\w){_MONEY}(?:\s+\w+)?\s*[:=]?\s*(?:ditanggung|gratis|nol|dibebaskan|rp\.?\s?0(?![\d.,])|free)(?!\w)", re.I)
EARNED = re.compile(
    r"(?<!\w)(?:pem)?bayaran\s+(?:dari|oleh)\s+(?:dinas|opd|pemerintah|pemda|instansi|satker|perangkat\s+daerah)(?!\w)", re.I
)
""" "Pembayaran dari dinas paling lama 14 hari": money that comes."""
MONEY = re.compile(rf"(?<!\w){_MONEY}(?!\w)", re.I)
SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ ._*-]{1,2}){3,}[^\W\d_](?!\w)")
""" "b a y a r": letters set apart, so that nobody finds the word."""
LEET = str.maketrans("4310", "aeio")
SECRET = re.compile(
    r"(?<!\w)(?:(?:me?ngirim|kirim|ketik|balas|sebutkan|sertakan|lampirkan|unggah|upload|masukkan|isi|tulis|berikan|beri|minta|foto|send|share)"
    r"(?:kan|lah)?)(?:\s+\w+){0,3}?\s+(?:e-?ktp|ktp|nik|pin|otp|kartu\s+keluarga|password|kata\s+sandi|cvv)(?!\w)",
    re.I,
)
""" "kirim foto KTP": what this service says it never asks for. Bringing it to a meeting is another matter."""
NEVER = re.compile(
    r"(?<!\w)(?:tidak|tdk|tak|jangan|tanpa|never|not|no)(?:[\s,]+(?:pernah|akan|perlu|usah|boleh|mau|ever|ask|for))*[\s,]+$", re.I
)

WALLET = re.compile(r"(?<!\w)(?:ovo|go-?\s?pay|shopee\s?pay|link\s?aja|qris|sakuku|paypal)(?!\w)", re.I)
WALLET_DANA = re.compile(r"(?<!\w)dana(?!\w)[^.\n\d]{0,20}(?:\+?62|0)[\s-]?8(?:[\s.-]?\d){7,12}", re.I)
BANKED = re.compile(
    r"(?<!\w)(?:rek|norek|rekening|bri|bca|bni|btn|bsi|mandiri|bankaltimtara|bank\s\w+)(?!\w)[^\n\d]{0,40}\d(?:[\s.-]?\d){5,}", re.I
)
ASKED = re.compile(r"(?<!\w)(?:no(?:mor|mer)?\.?\s*)?(?:rekening|norek)(?!\w)", re.I)
NOT_ASKED = re.compile(
    r"(?<!\w)(?:tidak|tdk|tak|jangan)(?:[\s,]+(?:pernah|akan|perlu|usah|me?minta|(?:mem)?beri(?:kan)?|kirim(?:kan)?|uang|nomor|no|ktp|pin|otp|"
    r"kode|atau|dan))*[\s,]+(?:nomor\s+|no\.?\s*)?(?:rekening|norek)(?!\w)",
    re.I,
)
PHONE = re.compile(r"(?<![\d.,])(?:\+\s?62|62(?=[\s-]?8)|\(?0\d{2,3}\)?)(?:[\s.-]?\d){5,12}(?!\d)")
""" "+62 812 3456 7890", "(0541) 741807"."""
LONG = re.compile(r"(?<![\d+.,])[1-57-9]\d(?:[ -]?\d){8,18}(?![\d.,]?\d)")
"""Ten digits and more that are neither a phone number (0..., 62...) nor an amount."""

SHORTENERS = frozenset(
    [
        "bit.ly",
        "s.id",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "cutt.ly",
        "rebrand.ly",
        "is.gd",
        "ow.ly",
        "lnkd.in",
        "tiny.cc",
        "rb.gy",
        "linktr.ee",
        "t.ly",
        "shorturl.at",
        "bitly.com",
    ]
)
WHATSAPP = frozenset(["wa.me", "whatsapp.com", "wa.link", "walink.co"])
TLD = (
    "com|net|org|id|co|info|biz|xyz|me|ly|link|site|online|shop|store|top|club|io|app|dev|my|sg|tk|ml|ga|cf|gq|cc|tv|us|uk|ru|cn|to|gd|gl|am|"
    "page|ai|zip|mov|bid|art|news|blog|host|press|rocks|run|sh|tel|wiki|ink|red|cam|cash|cyou|cfd|sbs|quest|bond|lol|skin|autos|eu|nl|jp|kr|au|ca|"
    "ph|vn|hk|tw|br|eu|fm|bz|pics|bar|cafe|deals|digital|direct|market|promo|sale|services|social|support|team|tips|today|trade|video|zone|men|"
    "loan|download|stream|party|review|date|page|win|vip|live|icu|asia|pro|click|gy|at|in|ee|web|cloud|tech|space|fun|work|life|world|today|email|group|best|buzz|mobi|name|nu|pw|ws"
)
SCHEME = re.compile(
    r"(?<!\w)([a-z][a-z0-9+.-]{1,20})\s?:\s?/\s?/+\s*([^\s<>\"'«»]*)|(?<!\w)(javascript|data|intent|tel|sms)\s?:\s?(?=\S)()", re.I
)
BARE = re.compile(rf"(?<![\w@.-])((?:[^\s./:,;()<>\"'@]+\.)+(?:{TLD}))(?![\w-])(?!\.\w)", re.I)
WWW = re.compile(r"(?<![\w.])(www\d?\.[^\s/]+)", re.I)
MAIL = re.compile(r"@([^\s@/,;]+\.[^\s@/,;.]+)")
PATHED = re.compile(r"(?<![\w@/.])((?:[^\s./:,;()<>\"'@]+\.)+[a-z]{2,24})/", re.I)
HANDLE = re.compile(r"(?<![\w.@/])@[a-z]\w{3,}(?!\.\w)", re.I)
IP = re.compile(r"(?<![\d.,])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d]|\.\d)")
DOT = re.compile(
    rf"(?<=\w)\s+\.\s?(?=(?:{TLD})(?:/|(?!\w)))|"
    r"\s*(?:[\[({]\s*(?:dot|titik|\.)\s*[\])}]|(?<=\w)\s(?:dot|titik)\s(?=(?:com|net|org|id|ly|me|xyz|link|site|co)(?!\w)))\s*",
    re.I,
)


def objections(text: str, links: Iterable[str]) -> list[Objection]:
    """What keeps a text from being sent to many, in the order it is told; empty when it may go. `links` are the allowed domains."""
    plain = folded(text)
    found = [*_letters(plain), *_accounts(plain), *_secrets(plain), *_fees(plain), *_links(plain, tuple(links))]
    return list(dict.fromkeys(found))


def folded(text: str) -> str:
    """The text as it is read: no invisible characters, one form of each letter and dot."""
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return DOT.sub(".", visible.replace("。", ".").replace("․", ".").replace("∕", "/").replace("⁄", "/"))


def _letters(text: str) -> Iterator[Objection]:
    """Words that mix Latin letters with look-alikes of another script."""
    for word in re.findall(r"[^\W\d_]{2,}", text):
        scripts = {unicodedata.name(char, "?").split()[0] for char in word if unicodedata.category(char)[0] == "L"}
        if len(scripts - {"MODIFIER", "FEMININE", "MASCULINE"}) > 1:
            yield Objection("letters", word)


def _accounts(text: str) -> Iterator[Objection]:
    for pattern, reason in ((WALLET, "wallet"), (WALLET_DANA, "wallet"), (BANKED, "account"), (LONG, "account")):
        if match := pattern.search(PHONE.sub(" ", text) if pattern is LONG else text):
            yield Objection(reason, match.group().strip())
            return
    if screen(text)[1]:
        yield Objection("account", "")
    elif match := ASKED.search(NOT_ASKED.sub(" ", text)):
        yield Objection("account", match.group())


def _secrets(text: str) -> Iterator[Objection]:
    for match in SECRET.finditer(text):
        if not NEVER.search(text[: match.start()]):
            yield Objection("secret", match.group())


def _fees(text: str) -> Iterator[Objection]:
    for read in dict.fromkeys((text, SPACED.sub(lambda match: re.sub(r"[ ._*-]", "", match.group()), text), _unmasked(text))):
        asked = COVERED.sub(" ", DENIED.sub(" ", EARNED.sub(" ", read)))
        if match := MONEY.search(asked):
            yield Objection("fee", match.group())
            return


def _unmasked(text: str) -> str:
    """ "b4yar": figures that stand for letters, within a word only."""
    return re.sub(r"(?<!\w)(?=\w*\d)[a-z][a-z0134]*[a-z](?!\w)", lambda match: match.group().translate(LEET), text, flags=re.I)


def _links(text: str, links: tuple[str, ...]) -> Iterator[Objection]:
    if match := IP.search(text):
        yield Objection("link", match.group())
    if match := HANDLE.search(text):
        yield Objection("link", match.group())
    for address in dict.fromkeys(_addresses(text)):
        if not may_point_to(address, links):
            yield Objection(_kind(address), address[:60])


def _addresses(text: str) -> Iterator[str]:
    """Everything a phone would turn into a link, with its scheme when it has one."""
    for match in SCHEME.finditer(text):
        yield f"{match[1]}://{match[2]}" if match[1] else f"{match[3]}:"
    without = SCHEME.sub(" ", text)
    for pattern in (WWW, BARE, MAIL, PATHED):
        for match in pattern.finditer(without):
            yield match[1]


def host_of(address: str) -> str:
    """The host of an address; "" where it is written so that two readers could see two hosts."""
    scheme, _, rest = address.rpartition("://") if "://" in address else ("https", "", address)
    if scheme.casefold() not in ("http", "https"):
        return ""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rstrip(".,;:!)").casefold()
    known = re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", host)
    return host if known and "xn--" not in host else ""


def may_point_to(address: str, links: Iterable[str]) -> bool:
    host = host_of(address)
    return any(host == domain or host.endswith("." + domain) for link in links if (domain := link.strip().casefold()))


def _kind(address: str) -> str:
    host = host_of(address)
    if address.casefold().startswith("whatsapp:") or any(host == one or host.endswith("." + one) for one in WHATSAPP):
        return "whatsapp"
    return "short" if host.removeprefix("www.") in SHORTENERS else "link"
