"""Drafts: conversations set aside, each a card; they never expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.asking import ask_which
from handlers.dialogue import Form, filled, is_id
from handlers.matching import says
from handlers.said import Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Value, lines, say
from models.conversation import Conversation, drafts_of, of_person, set_aside

SHOWN = 3
"""Cards in one message; each has its own buttons."""
DROPPED = ("product", "call", "announcement")
"""Forms in which "hapus" is of the whole; in a price list it leaves out a line."""


def close(conversation: Conversation, now: datetime) -> None:
    conversation.closed_at = now
    conversation.current = False


def resume(visit: Visit, conversation: Conversation) -> None:
    """Makes a draft the current conversation."""
    if not conversation.current:
        set_aside(visit.session, visit.person_id)
        conversation.current = True


def leave(form: Form, conversation: Conversation, facts: Facts) -> Message | None:
    """Sets the current conversation aside and says that nothing is lost; one without an answer is simply over."""
    conversation.current = False
    if not conversation.answers:
        conversation.closed_at = conversation.updated_at
        return None
    return Message("drafts.kept", {"title": title(form, conversation.answers)})


def title(form: Form, answers: Mapping[str, Any]) -> Value:
    return form.title(answers) if form.title else say(f"drafts.title_{form.name}")


def card(visit: Visit, place: int, conversation: Conversation) -> Value:
    form = visit.forms[conversation.form]
    done, total = filled(form, conversation, form.facts(visit, conversation.about))
    return say("drafts.card", n=place, title=title(form, conversation.answers), done=done, total=total)


def go(visit: Visit, subject: str, version: int) -> Outcome:
    """lanjut: goes on with the one draft, or shows the cards to choose from."""
    known = [draft for draft in drafts_of(visit.session, visit.person_id) if draft.form in visit.forms]
    if not known:
        return Aside(Message("drafts.nothing"))
    return Begin(known[0].form, conversation_id=known[0].id) if len(known) == 1 else cards(visit, known, version)


def edit(visit: Visit, subject: str, version: int) -> Outcome:
    """ubah: the answers of the one draft, or the cards to choose from."""
    known = [draft for draft in drafts_of(visit.session, visit.person_id) if draft.form in visit.forms]
    return draft_edit(visit, str(known[0].id), 0) if len(known) == 1 else go(visit, subject, 0)


def cards(visit: Visit, known: list[Conversation], page: int = 0) -> Message:
    """Three at a time; the last button leads to more."""
    first = page * SHOWN if page * SHOWN < len(known) else 0
    shown = known[first : first + SHOWN]
    options = [option for place, draft in enumerate(shown, 1) for option in _buttons(visit, place, draft)]
    if len(known) > SHOWN:
        options.append(command("go", 0, first // SHOWN + 1, say("option.more")))
    return Message(
        "drafts.cards", {"n": len(known), "cards": lines(card(visit, place, draft) for place, draft in enumerate(shown, 1))}, tuple(options)
    )


def _buttons(visit: Visit, place: int, draft: Conversation) -> list[Any]:
    name = title(visit.forms[draft.form], draft.answers)
    return [command(f"draft_{verb}", draft.id or 0, label=say(f"drafts.{verb}", n=place), detail=name) for verb in ("go", "edit", "delete")]


def draft_go(visit: Visit, subject: str, version: int) -> Outcome:
    found = _mine(visit, subject)
    return Begin(found.form, conversation_id=found.id) if found else Aside(Message("drafts.gone"))


def draft_edit(visit: Visit, subject: str, version: int) -> Outcome:
    found = _mine(visit, subject)
    if found is None:
        return Aside(Message("drafts.gone"))
    resume(visit, found)
    form = visit.forms[found.form]
    return ask_which(form, found, form.facts(visit, found.about), visit.now)


def draft_delete(visit: Visit, subject: str, version: int) -> Outcome:
    """Asks once more; version 1 is the yes."""
    found = _mine(visit, subject)
    if found is None:
        return Aside(Message("drafts.gone"))
    name = title(visit.forms[found.form], found.answers)
    if version != 1:
        return Message(
            "drafts.sure", {"title": name}, (command("draft_delete", subject, 1, say("drafts.yes_delete")), command("draft_go", subject))
        )
    close(found, visit.now)
    return Aside(Message("drafts.deleted", {"title": name}))


def _mine(visit: Visit, subject: str) -> Conversation | None:
    found = of_person(visit.session, int(subject), visit.person_id) if is_id(subject) else None
    return found if found and not found.closed_at and found.form in visit.forms else None


def typed(visit: Visit, text: str) -> Outcome | None:
    """ "hapus" or "kirim" with no question open is about what is not finished yet."""
    known = [draft for draft in drafts_of(visit.session, visit.person_id) if draft.form in visit.forms]
    if visit.offices or not known or not (says(text, "send") or says(text, "draft_delete")):
        return None
    if says(text, "draft_delete") and len(known) == 1:
        return draft_delete(visit, str(known[0].id), 0)
    return go(visit, "", 0)


def dropped(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "hapus" in the middle of a form is no answer to its question."""
    if conversation is None or conversation.form not in DROPPED or not conversation.answers or not says(text, "draft_delete"):
        return None
    return draft_delete(visit, str(conversation.id), 0)


IDLE_SAYS = (typed,)
SAYS = (dropped,)
COMMANDS = {"go": go, "draft_go": draft_go, "draft_edit": draft_edit, "draft_delete": draft_delete}
