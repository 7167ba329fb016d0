"""setujui 1-7, 9: several products of the list seen last, in one word. What changed since, or was found wanting, is left out and said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from handlers.office.deciding import approval
from handlers.office.door import all_in_reach, officers_only
from handlers.office.verdict import tell
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, clock, joined, lines, say
from messages.rendering import fit
from models.business import Business, businesses_of
from models.decisions import decide
from models.product import WAITING, Decision, Product
from models.review import Shortlist, of_kind, serious, waiting
from models.routes import propose

_TO = r"(?:-|–|s/?d|sampai|to)"
ONE = re.compile(rf"(\d{{1,4}})(?:\s*{_TO}\s*(\d{{1,4}}))?")
BETWEEN = re.compile(r"[\s,&.]*(?:dan|and)?[\s,&.]*")
ALL = frozenset({"semua", "semuanya", "all"})
Approved = tuple[Decision, Product, Business]


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
    there = all_in_reach(visit, [known[number][0] for number in numbers if number in known])
    owned = {business.id for business in businesses_of(visit.session, visit.person_id)}
    done: dict[int, Approved] = {}
    left: dict[str, list[int]] = defaultdict(list)
    # In the order of their vendors, so that two officers at work never wait for each other.
    for number in sorted(numbers, key=lambda number: _vendor(there, known.get(number))):
        id, revision = known.get(number, (0, 0))
        verdict = _approve(visit, *there[id], revision, owned) if id in there else "unknown"
        if isinstance(verdict, str):
            left[verdict].append(number)
        else:
            done[number] = verdict
    for business_id, batch in sorted({(business.id or 0, decision.batch) for decision, _, business in done.values()}):
        tell(visit.session, business_id, batch, visit.now)
    return _report(visit, shown.kind, [done[number] for number in sorted(done)], left)


def _vendor(there: Mapping[int, tuple[Product, Business]], row: tuple[int, int] | None) -> int:
    return (there[row[0]][1].id or 0) if row and row[0] in there else 0


def _approve(visit: Visit, product: Product, business: Business, revision: int, owned: Collection[int | None]) -> Approved | str:
    """The decision, or why the product is left out."""
    if business.id in owned:
        return "own"
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


def _report(visit: Visit, kind: str, done: Sequence[Approved], left: Mapping[str, list[int]]) -> Outcome:
    out = [say(f"review.left_{why}", number=in_ranges(left[why])) for why in sorted(left, key=lambda why: min(left[why]))]
    missing = Message("review.left_out", {"list": lines(out)}) if out else None
    if not done:
        return Message("review.none_approved", {}, (command("queue"),)).after(missing)
    params: dict[str, Value] = {
        "n": len(done), "at": clock(max(decision.due_at for decision, _, _ in done)),
        "list": joined([fit(product.name, 40) for _, product, _ in done], ", "),
    }  # fmt: skip
    options = (command("undo", done[0][0].id or 0), *_rest_of(visit, kind), command("queue"))
    return Message("review.done_many", params, options).after(missing)


def in_ranges(numbers: Iterable[int]) -> str:
    """ "1-3, 5" of 1, 2, 3, 5: whoever types "setujui 1-900" gets a line, not a scroll."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _rest_of(visit: Visit, kind: str) -> list[Option]:
    """Who approves by numbers goes on with the next page, not with a card."""
    rest = len(of_kind(waiting(visit.session, visit.offices), kind, visit.now))
    return [command("queue", kind, label=say(f"review.open_{kind}", n=rest))] if rest else []


COMMANDS = {"approve_all": approve_all}
