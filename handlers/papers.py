"""Papers and stock: what is asked while the officer looks, or earlier where it would stop the product."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.derived import etalase_of
from handlers.dialogue import Answers, Step
from handlers.reading.answers import no, says, yes
from handlers.reading.telling import in_unit
from handlers.said import Facts, Reader, Rejected, Said
from handlers.vendor import chosen, settled
from messages import Option, Params, day, say
from models.business import Business
from models.etalase import etalases, fits_kbli, kbli_for
from models.law import law
from models.product import Product

HAVE, NONE, UNKNOWN = "have", "none", "unknown"
CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")


def likely_kbli(etalase: str, name: str) -> tuple[str, str]:
    """The code that fits a product best, with what it means."""
    return kbli_for(etalase, name)[0]


def _read_kbli(said: Said, facts: Facts) -> str:
    codes = CODE.findall(said.text)
    if codes:
        return " ".join(dict.fromkeys(codes))
    for answer, told in ((UNKNOWN, says(said.text, "unknown")), (HAVE, yes(said.text)), (NONE, no(said.text))):
        if told:
            return answer
    raise Rejected("problem.choose")


def _read_codes(said: Said, facts: Facts) -> str:
    codes = CODE.findall(said.text)
    if not codes:
        raise Rejected("extras.kbli_digits")
    return " ".join(dict.fromkeys(codes))


def _codes(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\d{5}( \d{5})*", value))


def have_or_not(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option(HAVE, say("extras.have")), Option(NONE, say("extras.have_not")), Option(UNKNOWN, say("extras.not_sure")))


def not_sure(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("skip", say("extras.not_sure")),)


def halal_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("yes", say("extras.have")), Option("process", say("extras.in_process")), Option("no", say("extras.not_yet")))


def _read_halal(said: Said, facts: Facts) -> str:
    if says(said.text, "in_process"):
        return "process"
    if yes(said.text):
        return "yes"
    if no(said.text) or says(said.text, "later"):
        return "no"
    raise Rejected("problem.choose")


def kbli_stops(answers: Answers, facts: Facts) -> bool:
    """Whether the codes known of the business do not cover this product: then it is asked before sending."""
    known, etalase = chosen(answers, facts).get("kbli") or (), etalase_of(answers, facts)
    return bool(known) and etalase in etalases() and not fits_kbli(etalase, known)


def kbli_params(answers: Answers, facts: Facts) -> Params:
    code, gloss = likely_kbli(etalase_of(answers, facts), str(answers.get("name") or ""))
    return {"code": code, "gloss": gloss}


def halal_params(answers: Answers, facts: Facts) -> Params:
    rule = law("halal", facts["today"])
    return {**product_params(answers, facts), "since": day(rule.effective_from) if rule else ""}


def product_params(answers: Answers, facts: Facts) -> Params:
    return {"product": facts.get("name") or answers.get("name") or say("product.this")}


def lacking(answers: Answers, facts: Facts) -> bool:
    return answers.get("kbli") == NONE


def never(answers: Answers, facts: Facts) -> bool:
    return False


kbli = Reader(_read_kbli, lambda value: value in (HAVE, NONE, UNKNOWN) or _codes(value))
kbli_codes = Reader(_read_codes, _codes, numeric=True)
halal = Reader(_read_halal, lambda value: value in ("yes", "process", "no"))
stock = in_unit(0, 10_000_000, "extras.stock_unit")
KBLI_CODES = Step("kbli_codes", kbli_codes, options=not_sure, when=lacking, optional=True, texts="extras.kbli_codes")
PAPERS = (
    Step("kbli", kbli, options=have_or_not, when=settled("kbli", kbli_stops), params=kbli_params, texts="extras.kbli"),
    KBLI_CODES,
    Step(
        "halal",
        halal,
        options=halal_options,
        when=settled("halal", never),
        params=halal_params,
        texts="extras.halal",
    ),
    Step("stock", stock, when=settled("stock", never), params=product_params, texts="extras.stock"),
)
"""In the registration: the code where it would stop the product, the others only where an officer asks."""


def papers_of(answers: Mapping[str, Any], etalase: str, name: str) -> dict[str, Any]:
    """The columns of a product that these answers fill; what was not asked is left out."""
    told = {key: answers[key] for key in ("halal", "stock") if answers.get(key) is not None}
    code = answers.get("kbli")
    if code == HAVE:
        code = likely_kbli(etalase, name)[0]
    if code == NONE and answers.get("kbli_codes"):
        code = next((one for one in answers["kbli_codes"].split() if fits_kbli(etalase, [one])), answers["kbli_codes"].split()[0])
    return {**told, "kbli": code.split()[0]} if code else told


def learn_kbli(business: Business, product: Product, answers: Mapping[str, Any]) -> None:
    """The codes of the NIB that came up are the business's, for its next products."""
    named = [*CODE.findall(str(answers.get("kbli") or "")), *CODE.findall(str(answers.get("kbli_codes") or ""))]
    codes = [*named, *CODE.findall(product.kbli)]
    business.kbli = list(dict.fromkeys([*business.kbli, *codes]))
