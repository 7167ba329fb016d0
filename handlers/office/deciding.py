"""Setujui, Perlu perbaikan, Kembalikan, Tolak: what an officer decides, and two minutes to take it back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.dialogue import Answers, Form, Step
from handlers.matching import match
from handlers.office.decency import decent
from handlers.office.door import in_reach, officers_only, own
from handlers.office.flags import FIELDS, READY, REFUSALS, SHOWN, flag_of, flags_of_findings, offered
from handlers.office.verdict import reason, reasons, tell
from handlers.reading.answers import text
from handlers.said import Facts, Reader, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, clock, has, joined, lines, locales, rupiah, say, template
from models.business import Business
from models.contact import Person
from models.conversation import Conversation
from models.decisions import Ruling, decide
from models.product import WAITING, Decision, Product, latest_decision
from models.review import blocking, kind_of, next_after, waiting
from models.routes import KATALOG, RULES, TOKO_DARING, Route, other, propose

ROUTES = (KATALOG, TOKO_DARING)
AND = re.compile(r"[,;&+/\n]|(?<!\w)(?:dan|sama|and)(?!\w)", re.I)


@officers_only
def approve(visit: Visit, subject: str, version: int) -> Outcome:
    """With the proposed route; where there is none the officer picks one."""
    id, _, chosen = subject.partition("-")
    found = ready(visit, id, version)
    if isinstance(found, Message):
        return Aside(found)
    product, business = found
    route = propose(product, business, visit.now.date())
    if chosen in ROUTES:
        route = Route(chosen, "officer")
    if not route.name:
        picks = [command("approve", f"{product.id}-{name}", product.revision, label=say(f"route.name_{name}")) for name in ROUTES]
        why = say(f"route.because_{route.because}", ceiling=rupiah(route.ceiling))
        return Message(
            "review.which_route", {"name": product.name, "why": why}, (*picks, command("flag", product.id or 0, product.revision))
        )
    if blocking(product):
        about = {"product": product.id, "revision": version, "route": route.name, "because": route.because}
        return Begin("override", about=about)
    return settle(visit, product, business, version, approval(route))


def approval(route: Route, flags: Mapping[str, Any] | None = None) -> Ruling:
    return Ruling("approved", dict(flags or {}), route=route.name, because=route.because, rules=RULES)


@officers_only
def flag(visit: Visit, subject: str, version: int) -> Outcome:
    return _form(visit, "fix", subject, version)


@officers_only
def reject(visit: Visit, subject: str, version: int) -> Outcome:
    return _form(visit, "reject", subject, version)


def _form(visit: Visit, form: str, subject: str, version: int) -> Outcome:
    found = ready(visit, subject, version)
    if isinstance(found, Message):
        return Aside(found)
    return Begin(form, about={"product": found[0].id, "revision": version})


@officers_only
def send_back(visit: Visit, subject: str, version: int) -> Outcome:
    """Kembalikan: N temuan. What was found becomes the reasons, in one tap."""
    found = ready(visit, subject, version)
    if isinstance(found, Message):
        return Aside(found)
    flags = flags_of_findings(found[0])
    if not flags:
        return _form(visit, "fix", subject, version)
    return settle(visit, *found, version, Ruling("fix", flags))


def ready(visit: Visit, subject: str, version: int) -> tuple[Product, Business] | Message:
    """What is to be decided, if it still is as the officer saw it; else what to say."""
    found = in_reach(visit, subject)
    if found is None:
        return Message("review.not_here")
    product, business = found
    if own(visit, business):
        return Message("review.own_business", {"name": product.name}, (command("queue"),))
    return found if product.status in WAITING and product.revision == version else too_late(visit, product)


def too_late(visit: Visit, product: Product) -> Message:
    """It was decided already, or the vendor has changed it since."""
    if product.status in WAITING:
        return Message("review.changed_since", {"name": product.name}, (command("review", product.id or 0, product.revision),))
    last = latest_decision(visit.session, product.id or 0)
    by = "own" if last and last.officer_id == visit.person_id else "other"
    params: dict[str, Value] = {"name": product.name, "status": say(f"review.is_{product.status}")}
    return Message(f"review.decided_{by}", params, (command("review", product.id or 0, product.revision), command("queue")))


def settle(visit: Visit, product: Product, business: Business, revision: int, ruling: Ruling) -> Outcome:
    """Decides, and says until when it can be taken back."""
    kind = kind_of(product.findings)
    decision = decide(visit.session, product, revision, ruling, visit.person_id, visit.now)
    if decision is None:
        return Aside(too_late(visit, product))
    tell(visit.session, business.id or 0, decision.batch, visit.now)
    return confirmation(visit, decision, product, kind)


def confirmation(visit: Visit, decision: Decision, product: Product, kind: str) -> Message:
    vendor = visit.session.get(Person, product.person_id)
    params: dict[str, Value] = {
        "name": product.name, "vendor": (vendor.call_name if vendor else "") or say("review.the_vendor"), "at": clock(decision.due_at),
        "route": say(f"route.{decision.route or 'none'}"), "list": lines(reasons(decision.flags)) if decision.verdict == "fix" else "",
        "reason": reason(decision.flags) if decision.verdict == "rejected" else "",
    }  # fmt: skip
    options = [command("undo", decision.id or 0)]
    if decision.verdict == "approved":
        options.append(command("reroute", decision.id or 0, label=say(f"route.move_{other(decision.route)}")))
    return Message(f"review.done_{decision.verdict}", params, (*options, *onward(visit, kind)))


def onward(visit: Visit, kind: str) -> list[Option]:
    """The next product to look at, of the same kind first."""
    id = next_after(waiting(visit.session, visit.offices), kind, visit.now)
    return [command("review", id, label=say("review.next")), command("queue")] if id else [command("queue")]


# --- the forms ---


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    product = visit.session.get(Product, about.get("product", 0))
    fields = offered(product) if product else []
    labels = [(field, _spellings(field)) for field in fields]
    return {"links": visit.links, "product": product.name if product else "", "fields": fields, "labels": labels}


def _spellings(field: str) -> list[str]:
    """The label in every language, without what stands in brackets, and its first word: "pirt" for "PIRT/BPOM"."""
    labels = [template(f"fix.{field}.label", locale).partition(" (")[0] for locale in locales()]
    return [*labels, *(re.split(r"[/ ]", label)[0] for label in labels)]


def product_name(answers: Answers, facts: Facts) -> Params:
    return {"product": facts["product"]}


def field_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(field, say(f"fix.{field}.label")) for field in facts["fields"][:SHOWN]]


def _fields_from_words(said: Said, facts: Facts) -> list[str]:
    """ "foto dan harga" instead of two ticks."""
    found = [match(part, facts["labels"]) for part in AND.split(said.text) if part.strip()]
    if not found or None in found:
        raise Rejected("problem.tick_one")
    return [field for field in dict.fromkeys(found) if field]


def _fields_shown(fields: Sequence[str]) -> Value:
    return joined([say(f"fix.{field}.label") for field in fields], ", ")


def _keeps_fields(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(field in FIELDS for field in value)


fields = Reader(_fields_from_words, _keeps_fields, shown=_fields_shown)


def worded_reason() -> Reader:
    """Any words, or the name of a ready reason."""
    plain = decent(text(2, 300))
    return Reader(plain.read, plain.keeps, shown=lambda value: say(f"reason.short_{value}") if has(f"reason.short_{value}") else str(value))


def _reason_step(field: str) -> Step:
    return Step(
        field,
        worded_reason(),
        options=lambda answers, facts: [Option(key, say(f"reason.short_{key}"), detail=say(f"reason.{key}")) for key in READY[field]],
        when=lambda answers, facts: field in (answers.get("fields") or ()),
        params=product_name,
    )


def finish_fix(visit: Visit, conversation: Conversation) -> Outcome:
    flags = {field: flag_of(field, conversation.answers[field]) for field in conversation.answers["fields"]}
    return _finish(visit, conversation, Ruling("fix", flags))


def finish_reject(visit: Visit, conversation: Conversation) -> Outcome:
    return _finish(visit, conversation, Ruling("rejected", {"product": flag_of("product", conversation.answers["reason"])}))


def _finish(visit: Visit, conversation: Conversation, ruling: Ruling) -> Outcome:
    """Region and state are looked at again: much may have happened while the form lay open."""
    about = conversation.about
    found = ready(visit, str(about.get("product")), int(about.get("revision", 0))) if visit.offices else Message("common.not_officer")
    return Aside(found) if isinstance(found, Message) else settle(visit, *found, int(about["revision"]), ruling)


FORMS = (
    Form(
        "fix",
        (Step("fields", fields, options=field_options, many=True, params=product_name), *(_reason_step(field) for field in FIELDS)),
        facts=facts,
        finish=finish_fix,
    ),
    Form(
        "reject",
        (Step("reason", worded_reason(), params=product_name,
              options=lambda answers, facts: [Option(key, say(f"reason.short_{key}"), detail=say(f"reason.{key}")) for key in REFUSALS]),),
        facts=facts,
        finish=finish_reject,
    ),
)  # fmt: skip
COMMANDS = {
    "approve": approve,
    "flag": flag,
    "send_back": send_back,
    "reject": reject,
}
