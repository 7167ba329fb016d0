"""setujui 1-7, 9: several products of the list seen last, in one word. What changed since, or was found wanting, is left out and said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.deciding import approval
from handlers.office import in_reach, officers_only, own
from handlers.verdict import tell
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, clock, joined, lines, say
from messages.rendering import fit
from models.business import Business
from models.decisions import decide
from models.product import WAITING, Decision, Product
from models.review import Shortlist, of_kind, serious, waiting
from models.routes import propose

_TO = r"(?:-|–|s/?d|sampai|to)"
ONE = re.compile(rf"(\d{{1,4}})(?:\s*{_TO}\s*(\d{{1,4}}))?")
BETWEEN = re.compile(r"[\s,&.]*(?:dan|and)?[\s,&.]*")
ALL = frozenset({"semua", "semuanya", "all"})


def read_numbers(text: str) -> list[int] | None:
    """[1, 2, 3, 5] of "1-3, 5"; None when it is anything else."""
    if not ONE.search(text) or not all(BETWEEN.fullmatch(part) for part in ONE.sub("\n", text).split("\n")):
        return None
    wanted: dict[int, None] = {}
    for first, last in ONE.findall(text):
        start, end = int(first), int(last or first)
        wanted.update(dict.fromkeys(range(min(start, end), max(start, end) + 1)))
    return list(wanted)


def approve_typed(visit: Visit, rest: str) -> Outcome | None:
    """What follows "setujui"; None when that is not about numbers."""
    numbers = read_numbers(rest)
    if numbers is None and rest.strip(" .!").casefold() not in ALL:
        return None
    shown = visit.session.get(Shortlist, visit.person_id)
    if shown is None or not shown.rows:
        return Aside(Message("review.no_list", {}, (command("queue"),)))
    return approve_rows(visit, shown, numbers if numbers is not None else [row[0] for row in shown.rows])


@officers_only
def approve_all(visit: Visit, subject: str, version: int) -> Outcome:
    """The button below a list: only for the list that is seen now."""
    shown = visit.session.get(Shortlist, visit.person_id)
    if shown is None or shown.stamp != version:
        return Aside(Message("review.list_old", {}, (command("queue"),)))
    return approve_rows(visit, shown, [row[0] for row in shown.rows])


def approve_rows(visit: Visit, shown: Shortlist, numbers: Sequence[int]) -> Outcome:
    known = {row[0]: (row[1], row[2]) for row in shown.rows}
    done: list[tuple[Decision, Product, Business]] = []
    left: dict[int, Value] = {}
    # In the order of their vendors, so that two officers at work never wait for each other.
    for number in sorted(numbers, key=lambda number: _vendor(visit, known.get(number))):
        verdict = _approve(visit, *known[number]) if number in known else "unknown"
        if isinstance(verdict, str):
            left[number] = say(f"review.left_{verdict}", number=number)
        else:
            done.append(verdict)
    for business_id, batch in sorted({(business.id or 0, decision.batch) for decision, _, business in done}):
        tell(visit.session, business_id, batch, visit.now)
    return _report(visit, shown.kind, done, [left[number] for number in sorted(left)])


def _vendor(visit: Visit, row: tuple[int, int] | None) -> int:
    found = in_reach(visit, str(row[0])) if row else None
    return found[1].id or 0 if found else 0


def _approve(visit: Visit, product_id: int, revision: int) -> tuple[Decision, Product, Business] | str:
    """The decision, or why the product is left out."""
    found = in_reach(visit, str(product_id))
    if found is None:
        return "unknown"
    product, business = found
    if own(visit, business):
        return "own"
    visit.session.refresh(product)
    if product.status not in WAITING:
        return "decided"
    if product.revision != revision:
        return "changed"
    if serious(product.findings):
        return "findings"
    route = propose(product, business, visit.now.date())
    if not route.name:
        return "route"
    decision = decide(visit.session, product, revision, approval(route), visit.person_id, visit.now)
    return (decision, product, business) if decision else "decided"


def _report(visit: Visit, kind: str, done: Sequence[tuple[Decision, Product, Business]], left: Sequence[Value]) -> Outcome:
    missing = Message("review.left_out", {"list": lines(left)}) if left else None
    if not done:
        return Message("review.none_approved", {}, (command("queue"),)).after(missing)
    params: dict[str, Value] = {
        "n": len(done), "at": clock(max(decision.due_at for decision, _, _ in done)),
        "list": joined([fit(product.name, 40) for _, product, _ in done], ", "),
    }  # fmt: skip
    options = (command("undo", done[0][0].id or 0), *_rest_of(visit, kind), command("queue"))
    return Message("review.done_many", params, options).after(missing)


def _rest_of(visit: Visit, kind: str) -> list[Option]:
    """Who approves by numbers goes on with the next page, not with a card."""
    rest = len(of_kind(waiting(visit.session, visit.offices), kind, visit.now))
    return [command("queue", kind, label=say(f"review.open_{kind}", n=rest))] if rest else []


COMMANDS = {"approve_all": approve_all}
