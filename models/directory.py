"""Finding a vendor while he is on the line: by business, owner or call name, NIB or phone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from models.business import Business, Membership
from models.contact import Person
from models.product import Product
from models.review import reach

LONG = 9
"""A number of fewer figures is a part of one: every part is like some other."""
TITLES = frozenset(["bu", "ibu", "pak", "bapak", "kak", "kakak", "mas", "mbak", "bang", "abang", "haji", "hj", "h", "mrs", "mr"])
NUMBERED = re.compile(r"^\s*(?:nib|hp|wa|no|nomor|telp|telepon|phone)\W+(?:(?:hp|wa|nib)\W+)?", re.I)
"""What may be said before a number: "nib 9120..."."""


def find(session: Session, offices: Sequence[str], text: str, limit: int) -> list[Business]:
    """Within reach; one more than `limit` tells that there are more. Names that begin with the words come first.

    Where nobody fits, those whose names are a slip away.
    """
    return _found(session, offices, _fits(text), text, limit) or _near(session, offices, text, limit)


def _found(session: Session, offices: Sequence[str], fits: ColumnElement[bool], text: str, limit: int) -> list[Business]:
    begins = col(Business.name).istartswith(text, autoescape=True)
    rows = select(Business).where(reach(offices), fits)
    return list(session.exec(rows.order_by(begins.desc(), func.lower(col(Business.name)), col(Business.id)).limit(limit + 1)))


def _near(session: Session, offices: Sequence[str], text: str, limit: int) -> list[Business]:
    """ "cari sitti": every word of the search is close to a word of the business's, the owner's or a member's name."""
    digits = "".join(char for char in text if char.isdecimal())
    if digits:
        return _near_number(session, offices, digits, limit) if len(digits) >= LONG else []
    known = _names(session, offices)
    ids = [_alike(word, known) for word in words_of(text.casefold())]
    return _found(session, offices, col(Business.id).in_(set.intersection(*ids)), text, limit) if ids and all(ids) else []


def _near_number(session: Session, offices: Sequence[str], digits: str, limit: int) -> list[Business]:
    """A NIB or a phone with one figure misheard; whole numbers only."""
    rows = session.exec(select(Business.id, Business.nib, Business.phone).where(reach(offices)))
    local = digits.removeprefix("62").removeprefix("0")
    ids = {
        id
        for id, nib, phone in rows
        if OSA.distance(digits, nib, score_cutoff=1) <= 1 or OSA.distance(local, phone.removeprefix("+62"), score_cutoff=1) <= 1
    }
    return _found(session, offices, col(Business.id).in_(ids), digits, limit) if ids else []


def _names(session: Session, offices: Sequence[str]) -> Mapping[str, set[int]]:
    """Every word of a name with the businesses that have it."""
    rows = (
        select(Business.id, Business.name, Business.owner, Person.call_name)
        .outerjoin(Membership, col(Membership.business_id) == col(Business.id))
        .outerjoin(Person, col(Person.id) == col(Membership.person_id))
        .where(reach(offices))
    )
    words: dict[str, set[int]] = defaultdict(set)
    for id, *names in session.exec(rows):
        for word in " ".join(name or "" for name in names).casefold().split():
            words[word].add(int(id or 0))
    return words


def _alike(word: str, known: Mapping[str, set[int]]) -> set[int]:
    """One slip in four letters, two in eight; shorter words must be the same."""
    slips = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    return {id for spelling, *_ in near for id in known[spelling]}


def _fits(text: str) -> ColumnElement[bool]:
    digits = "".join(char for char in text if char.isdecimal())
    if len(digits) >= 4 and not any(char.isalpha() for char in NUMBERED.sub("", text)):
        number = digits.removeprefix("62").removeprefix("0")
        phones = (col(Business.phone).contains(number, autoescape=True), _person(col(Person.phone).contains(number, autoescape=True)))
        return or_(col(Business.nib).startswith(digits, autoescape=True), *phones)
    return and_(*(_named(word) for word in words_of(text)))


def words_of(text: str) -> list[str]:
    """What is searched for: "bu aminah" is Aminah, however she wants to be called."""
    words = text.split()
    return [word for word in words if word.casefold().strip(".") not in TITLES] or words


def _named(word: str) -> ColumnElement[bool]:
    own = (col(Business.name).icontains(word, autoescape=True), col(Business.owner).icontains(word, autoescape=True))
    return or_(*own, _person(col(Person.call_name).icontains(word, autoescape=True)))


def _person(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    members = select(Membership.business_id).join(Person, col(Person.id) == col(Membership.person_id)).where(condition)
    return col(Business.id).in_(members)


def of_business(session: Session, business_id: int) -> list[Product]:
    """Its products, the newest first."""
    return list(session.exec(select(Product).where(Product.business_id == business_id).order_by(col(Product.id).desc())))


def people_of(session: Session, business_id: int) -> list[Person]:
    rows = select(Person).join(Membership, col(Membership.person_id) == col(Person.id)).where(Membership.business_id == business_id)
    return list(session.exec(rows.order_by(col(Person.id))))
