"""The table of what there is to talk about: every form, every command, and who listens to free words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import (
    answering,
    doors,
    drafts,
    extras,
    faq,
    held,
    linking,
    menu,
    other_business,
    product,
    products,
    questions,
    templates,
    welcome,
)
from handlers.announcements import approving, replies, report, sending
from handlers.announcements import form as announcements
from handlers.calls import answers as call_answers
from handlers.calls import digest as call_digest
from handlers.calls import form as calls
from handlers.calls import notices as call_notices
from handlers.calls import opened as call_opened
from handlers.calls import order as call_order
from handlers.calls import placing as call_placing
from handlers.calls import regroup as call_regroup
from handlers.calls import search as call_search
from handlers.calls import settings as call_settings
from handlers.calls import sheet as call_sheet
from handlers.calls import sources as call_sources
from handlers.dialogue import Form
from handlers.office import officers, review
from handlers.pricelist import form as pricelist
from handlers.visit import Outcome, Visit
from models.conversation import Conversation
from models.post import quoted as quoted_row

TOPICS = (
    linking,
    doors,
    officers,
    menu,
    drafts,
    welcome,
    product,
    products,
    other_business,
    pricelist,
    extras,
    faq,
    questions,
    review,
    calls,
    call_answers,
    call_regroup,
    call_placing,
    call_notices,
    call_opened,
    call_settings,
    call_order,
    call_search,
    call_digest,
    call_sources,
    call_sheet,
    announcements,
    sending,
    report,
    approving,
    replies,
    answering,
    templates,
    held,
)

FORMS: Mapping[str, Form] = {form.name: form for topic in TOPICS for form in getattr(topic, "FORMS", ())}
COMMANDS: Mapping[str, Callable[[Visit, str, int], Outcome]] = {
    name: handler for topic in TOPICS for name, handler in getattr(topic, "COMMANDS", {}).items()
}
OFFICER_SAYS = [listen for topic in TOPICS for listen in getattr(topic, "OFFICER_SAYS", ())]
"""Asked in turn with every text an officer types: `listen(visit, text) -> Outcome | None`."""
IDLE_SAYS = [listen for topic in TOPICS for listen in getattr(topic, "IDLE_SAYS", ())]
"""The same for texts while no question is open."""
SAYS = [listen for topic in TOPICS for listen in getattr(topic, "SAYS", ())]
"""Asked in turn with every text before it is taken as an answer: `listen(visit, text, conversation or None) -> Outcome | None`."""
QUOTED: Mapping[str, Callable[[Visit, str], Outcome]] = {
    name: handler for topic in TOPICS for name, handler in getattr(topic, "QUOTED", {}).items()
}
"""By the subject's kind ("call", "campaign"): the answer to a message that quotes a notice."""
SENDS = [listen for topic in TOPICS for listen in getattr(topic, "SENDS", ())]
"""Asked in turn with every file: `listen(visit) -> Outcome | None`."""
OPENED = [listen for topic in TOPICS for listen in getattr(topic, "OPENED", ())]
"""Asked in turn with a deep link's parameter."""


def officer_said(visit: Visit, text: str) -> Outcome | None:
    return next((outcome for listen in OFFICER_SAYS if (outcome := listen(visit, text))), None)


def said(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    return next((outcome for listen in SAYS if (outcome := listen(visit, text, conversation))), None)


def idle_said(visit: Visit, text: str) -> Outcome | None:
    return next((outcome for listen in IDLE_SAYS if (outcome := listen(visit, text))), None)


def sent(visit: Visit) -> Outcome | None:
    return next((outcome for listen in SENDS if (outcome := listen(visit))), None)


def opened(visit: Visit) -> Outcome | None:
    return next((outcome for listen in OPENED if (outcome := listen(visit, visit.said.start))), None)


def quoted(visit: Visit) -> Outcome | None:
    row = quoted_row(visit.session, visit.address.account, visit.said.quoted, visit.person_id)
    kind, _, subject = (row.subject if row else "").partition(":")
    return QUOTED[kind](visit, subject) if kind in QUOTED else None
