"""Photos join the photos of a form, whatever is asked when they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.asking import again, ask
from handlers.dialogue import Form, Step, Turn, already, answer, fits, visible
from handlers.said import Facts, Photo, Said
from messages import Message, say
from models.conversation import Conversation
from models.photos import twins

CLOCKS_DIFFER = timedelta(minutes=1)
"""The photo that begins a conversation was sent before it began, by a clock that is not ours."""


def shown(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime) -> Turn:
    """A photo joins the photos of the form, whatever is asked now: nothing that was sent is lost."""
    assert said.photo
    collector = _collector(form, conversation, step, said, facts)
    if collector is None or _of_before(conversation, said, now):
        return again(form, conversation, facts, now, Message("problem.photo_not_now"))
    burst = _burst(conversation, said)
    fresh = collector.key in conversation.reopened and said.group not in conversation.groups
    photos = [] if fresh else list(conversation.answers.get(collector.key) or [])
    note = _photo_note(collector, photos, said.photo)
    if not note:
        answer(conversation, {collector.key: [*photos, said.photo.to_json()]})
        if said.group and said.group not in conversation.groups:
            conversation.groups = [*conversation.groups, said.group][-5:]
    caption = form.caption(said.text) if said.text and form.caption else {}
    other = _of_another(conversation, caption) and form.title
    fresh_words = {key: value for key, value in caption.items() if fits(form, key, value) and _adds(form, conversation, key, value)}
    answer(conversation, fresh_words)
    burst = [*burst, note or "ok"]
    lead = _photos_heard(collector, conversation, burst)
    if other and not note:
        lead = Message("photos.other", {"title": other(conversation.answers)})
    reply = ask(form, conversation, facts, now, lead)
    conversation.asked = {**conversation.asked, "burst": burst, "group": said.group}
    return Turn(reply, done=reply is None, settles=True)


def _of_another(conversation: Conversation, caption: Mapping[str, Any]) -> bool:
    """Whether a caption with a name and a price is of something else than the name already given."""
    name, price = conversation.answers.get("name"), conversation.answers.get("price")
    if not name or caption.get("name", name) == name or not {"price", "amount"} & caption.keys():
        return False
    return bool(caption["name"].split()[0].casefold() != name.split()[0].casefold() or (price and caption.get("price", price) != price))


def _adds(form: Form, conversation: Conversation, key: str, value: Any) -> bool:
    """A caption answers what is still open, or says more of the same: "Nasi kotak", "Nasi kotak ayam bakar"."""
    if not already(form, conversation, key):
        return True
    known = conversation.answers[key]
    return isinstance(value, str) and isinstance(known, str) and value.casefold().startswith(f"{known.casefold()} ")


def _of_before(conversation: Conversation, said: Said, now: datetime) -> bool:
    """Whether it was sent well before this conversation began, and so for another. What began it never was, however late it came."""
    if said.sent_at is None or conversation.started_at == now or (said.group and said.group in conversation.groups):
        return False
    return said.sent_at < conversation.started_at - CLOCKS_DIFFER


def _burst(conversation: Conversation, said: Said) -> list[str]:
    """What became of the parts of this album so far."""
    together = said.group and conversation.asked.get("group") == said.group
    return list(conversation.asked.get("burst", [])) if together else []


def _collector(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts) -> Step | None:
    """The step a photo belongs to: the one its words name, else the one that collects photos."""
    named = form.collects(conversation, said, facts) if form.collects else ""
    if named:
        return form.steps_by_key[named]
    return next((one for one in visible(form, conversation.answers, facts) if one.upto), None)


def _photo_note(step: Step, photos: Sequence[Mapping[str, Any]], photo: Photo) -> str:
    """Why a photo cannot be added; "" when it can."""
    if photo.problem:
        return photo.problem
    if any(twins(photo.twin, other["twin"]) for other in photos):
        return "twin"
    return "full" if len(photos) >= step.upto else ""


def _photos_heard(step: Step, conversation: Conversation, burst: Sequence[str]) -> Message:
    photos = [Photo.from_json(part) for part in conversation.answers.get(step.key) or []]
    refused = [note for note in burst if note != "ok"]
    if refused:
        kept = burst.count("ok")
        return Message("photos.some" if kept else "photos.none", {"kept": kept, "n": len(refused), "why": say(f"photos.why_{refused[0]}")})
    advice = next((hint for photo in photos[-burst.count("ok") :] for hint in photo.advice), "")
    if advice:
        return Message("photos.advice", {"n": max(len(photos), len(burst)), "advice": say(f"photos.advice_{advice}")})
    if len(burst) > len(photos):
        # The parts of one album went to several products.
        return Message("photos.several", {"n": len(burst)})
    return Message("photos.many" if len(photos) > 1 else "photos.one", {"n": len(photos)})
