"""What WhatsApp's Cloud API accepts: the shape of every request, what a schema cannot say, how many and when; and its errors."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.schemas import SHARED, Strict, complaint, loaded

OURS = Path(__file__).parent / "whatsapp_schema.json"
THEIRS = SHARED / "schemas" / "whatsapp-send.schema.json"
NEWER = ("request_contact_info",)
"""Interactive kinds that the shared schema is too old to know."""
LEEWAY = 0.05
"""Seconds by which the network may bring two messages closer together than they left."""
DAY = 24 * 3600.0
STATUSES = {
    429: (4, 80007, 130429, 131048, 131056),
    403: (10, 200, 368, 131005, 131031),
    401: (0, 190),
    500: (1, 131000, 131016),
    503: (2, 133004),
    404: (132001,),
}
"""The HTTP status that goes with a code; 400 with all others."""
TITLES = {
    100: "Invalid parameter",
    190: "Access token has expired",
    130429: "Rate limit hit",
    131047: "Re-engagement message",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
}


class Refused(Exception):
    """A request that the Cloud API would not take."""

    def __init__(self, code: int, details: str = "", status: int = 0, subcode: int = 0) -> None:
        super().__init__(f"({code}) {details}")
        self.code, self.details, self.subcode = code, details or TITLES.get(code, "Something went wrong"), subcode
        self.status = status or next((status for status, codes in STATUSES.items() if code in codes), 400)

    @property
    def title(self) -> str:
        return TITLES.get(self.code, self.details)

    @property
    def body(self) -> dict[str, Any]:
        error = {
            "message": f"(#{self.code}) {self.title}", "type": "OAuthException", "code": self.code, "fbtrace_id": "AStandInTrace",
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
        }  # fmt: skip
        return {"error": error | ({"error_subcode": self.subcode} if self.subcode else {})}


@cache
def _schema(kind: str, interactive: str) -> list[Any]:
    """Our own schema, and everybody's where it is at hand."""
    ours = loaded(OURS)
    address = ours["$defs"]["address"]
    if kind == "read":
        made = {"$defs": ours["$defs"], **ours["read"]}
    else:
        content = ours["interactive"].get(interactive, False) if kind == "interactive" else ours["kinds"].get(kind, False)
        properties = {**address["properties"], "type": {"const": kind}, kind: content}
        made = {"$defs": ours["$defs"], **address, "properties": properties, "required": [*address["required"], kind]}
    found = [Strict({**made, "additionalProperties": False})]
    return found + ([Strict(_theirs(kind))] if THEIRS.exists() and interactive not in NEWER else [])


def _theirs(kind: str) -> Any:
    """Without the shapes that by their type alone are of another kind."""
    schema = loaded(THEIRS)
    shapes = [one for one in schema["anyOf"] if one["properties"].get("type", {}).get("const", kind) == kind]
    return {**schema, "anyOf": shapes or schema["anyOf"]}


def check(asked: Any) -> None:
    """Raises Refused when a request breaks a schema, or a rule that no schema can express."""
    if not isinstance(asked, Mapping):
        raise Refused(100, "The request is no object")
    kind = "read" if "status" in asked else str(asked.get("type"))
    interactive = asked.get("interactive") if kind == "interactive" else None
    shape = str(interactive.get("type")) if isinstance(interactive, Mapping) else ""
    if broken := complaint(_schema(kind, shape), asked):
        raise Refused(100, f"{kind} {shape}: {broken}"[:300])
    if isinstance(interactive, Mapping):
        _check_choices(interactive)


def _check_choices(interactive: Mapping[str, Any]) -> None:
    choices = choices_of(interactive)
    if len(choices) > 10:
        raise Refused(131009, f"Total row count exceed max allowed count: {len(choices)}")
    for name, values in (("id", [one[1] for one in choices]), ("title", [one[0] for one in choices])):
        # Rows may be called the same, buttons may not.
        if len(set(values)) < len(values) and (name == "id" or interactive["type"] == "button"):
            raise Refused(131009, f"Duplicated {name} among {values}"[:300])


def choices_of(interactive: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(title, id, description) of every button or row."""
    action = interactive["action"]
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    rows += [button["reply"] for button in action.get("buttons", ())]
    return [(row["title"], row["id"], row.get("description", "")) for row in rows]


class Limits:
    """`rate` messages a second of the number; to one person one each `pair` seconds, with `burst` borrowed from later. 0 for no limit.

    `broken` counts what was over; `tier` is how many people may be written to outside of windows in 24 hours.
    """

    def __init__(self, rate: float, pair: float, burst: int) -> None:
        self.rate, self.pair, self.burst = rate, pair, burst
        self.broken: list[int] = []
        self._all: deque[float] = deque()
        self._paid: dict[str, float] = defaultdict(lambda: float("-inf"))
        """Until when each person's messages are used up."""
        self.tier = 0
        self._first: dict[str, float] = {}

    def count(self, person: str, now: float) -> None:
        """Raises Refused."""
        while self._all and self._all[0] <= now - 1 + LEEWAY:
            self._all.popleft()
        if self.rate and len(self._all) >= self.rate:
            self._refuse(130429)
        paid = max(self._paid[person], now) + self.pair
        if self.pair and paid - now > self.pair * self.burst + LEEWAY:
            self._refuse(131056)
        self._all.append(now)
        self._paid[person] = paid

    def first(self, person: str, now: float) -> None:
        """Raises Refused for one person too many in a day; which code the platform has for that is not documented."""
        self._first = {one: at for one, at in self._first.items() if at > now - DAY}
        if self.tier and person not in self._first and len(self._first) >= self.tier:
            self._refuse(131048)
        self._first[person] = now

    def _refuse(self, code: int) -> None:
        self.broken.append(code)
        raise Refused(code)
