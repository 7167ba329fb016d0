"""What is known of the owner who registers: businesses, earlier products, what others ask. The dear parts are read only if wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from handlers.dialogue import Answers, always
from handlers.drafts import close, leave
from handlers.said import Facts
from handlers.visit import Visit
from messages import Message
from models.business import Business, businesses_of
from models.checks import Others
from models.conversation import current_of
from models.lessons import taught_of
from models.product import latest_of, own_products, usual_prices

When = Callable[[Answers, Facts], bool]
NEW = "new"
"""The answer to "for which business?" of one that is not registered yet."""


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    """`flags` are the fields an officer wants mended; `latest(business, etalase)` and `others(business, etalase, unit)` look further."""
    own = businesses_of(visit.session, visit.person_id)
    return {
        "businesses": [business.model_dump(mode="json") for business in own],
        "phone": visit.person.phone,
        "channel": visit.address.channel,
        "province": visit.province,
        "fixing": "product" in about,
        "product": about.get("product"),
        "flags": about.get("flags", {}),
        "lines": about.get("lines", []),
        "today": visit.now.astimezone(ZoneInfo(visit.person.zone)).date(),
        "latest": cache(lambda business, etalase: latest_of(visit.session, business, etalase)),
        "others": cache(lambda business, etalase, unit: others(visit, business, etalase, unit)),
        "taught": cache(lambda: taught_of(visit.session)),
    }


def others(visit: Visit, business: int | None, etalase: str, unit: str) -> Others:
    own = own_products(visit.session, business) if business else []
    return Others(own, usual_prices(visit.session, etalase, unit, business))


def first(answers: Answers, facts: Facts) -> bool:
    """Whether the business is registered along with this product."""
    return not facts["businesses"] or answers.get("which") == NEW


def has_business(answers: Answers, facts: Facts) -> bool:
    return bool(facts["businesses"])


def only_business(answers: Answers, facts: Facts) -> str | None:
    """Somebody with one business is not asked which; it can be changed on the card."""
    own = facts["businesses"]
    return str(own[0]["id"]) if len(own) == 1 else None


def chosen(answers: Answers, facts: Facts) -> Mapping[str, Any]:
    """The business the product is of; empty while it is not registered."""
    if first(answers, facts):
        return {}
    own = facts["businesses"]
    return next((one for one in own if str(one["id"]) == answers.get("which")), own[0] if own else {})


def business_of(visit: Visit, answers: Answers) -> Business | None:
    own = businesses_of(visit.session, visit.person_id)
    if answers.get("which") == NEW:
        # Drafts left over from one list all tell of the same new business: the first that is sent registers it.
        return next((one for one in own if one.nib == answers.get("nib") and _same(one.name, answers.get("business"))), None)
    return next((one for one in own if str(one.id) == answers.get("which")), own[0] if own else None)


def _same(name: str, told: Any) -> bool:
    return " ".join(name.casefold().split()) == " ".join(str(told or "").casefold().split())


def settled(key: str, when: When = always) -> When:
    """While a product is mended only what was flagged is open; everything else stays as it was approved."""
    return lambda answers, facts: key in facts["flags"] if facts["fixing"] else when(answers, facts)


def put_aside(visit: Visit) -> Message | None:
    """Leaves the open conversation, which stays a draft, and says so."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or conversation.form not in visit.forms:
        return None
    form = visit.forms[conversation.form]
    if form.yields:
        # What was answered so far counts; the rest need not be asked.
        close(conversation, visit.now)
        form.finish(visit, conversation)
        return None
    return leave(form, conversation, form.facts(visit, conversation.about))
