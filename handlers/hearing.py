"""How a message is taken as the answer to the open question: taps, photos, typed options, free text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.dialogue import EDIT, Form, Step, Turn, answer, answered, ask, ask_which, current, filled, read_press, reopen, visible
from handlers.matching import after_greeting, is_greeting, known, looks_like_question, match
from handlers.said import Facts, Found, Photo, Rejected, Said
from messages import Message, Option, Voice, has, say, template, worded
from models.conversation import Conversation
from models.photos import twins

SYNONYMS = {
    "skip": ("skip", "later", "no"),
    "later": ("skip", "later", "no"),
    "send": ("send", "yes"),
    "agree": ("agree", "yes"),
    "edit_nib": ("yes", "send"),
}
"""Lists of words that are as good as a button's own."""


def advance(form: Form, conversation: Conversation, said: Said, facts: Facts, now: datetime, locale: str = "id") -> Turn:
    """Takes a message and returns the turn. The conversation is altered; nothing else is."""
    step = current(form, conversation, facts)
    if step is None:
        return Turn(done=True)
    if _late(conversation, said):
        return again(form, conversation, facts, now)
    conversation.updated_at = now
    _remember_order(conversation, said)
    try:
        if said.press:
            return _tapped(form, conversation, step, said, facts, now)
        if said.photo:
            return _shown(form, conversation, step, said, facts, now)
        if said.kind in step.reader.takes and said.kind != "text":
            return _take(form, conversation, step, step.reader.read(said, facts), facts, now)
        if said.text:
            return _typed(form, conversation, step, said, facts, now, locale)
    except Rejected as rejected:
        return _rejected(form, conversation, rejected, facts, now, said.text)
    return again(form, conversation, facts, now, Message("problem.kind"))


def again(form: Form, conversation: Conversation, facts: Facts, now: datetime, lead: Message | None = None, page: int = 0) -> Turn:
    """The open question once more."""
    if conversation.asked.get("step") == EDIT and page:
        return Turn(ask_which(form, conversation, facts, now, page), edits=True)
    reply = ask(form, conversation, facts, now, lead, page=page)
    return Turn(reply, done=reply is None, edits=bool(page))


def take_anyway(form: Form, conversation: Conversation, text: str, facts: Facts, now: datetime) -> Turn:
    """The person says that a text which read like a question is the answer."""
    step = current(form, conversation, facts)
    if step is None:
        return Turn(done=True)
    try:
        return _take(form, conversation, step, step.reader.read(Said(text=text), facts), facts, now)
    except Rejected as rejected:
        return _rejected(form, conversation, rejected, facts, now)


def _late(conversation: Conversation, said: Said) -> bool:
    """Whether it was sent before what was handled last: texts only, photos and ticks are safe in any order."""
    if said.kind != "text" or said.sent_at is None or conversation.heard_at is None:
        return False
    return (said.sent_at, said.sequence) < (conversation.heard_at, conversation.heard_sequence)


def _remember_order(conversation: Conversation, said: Said) -> None:
    if said.kind == "text" and said.sent_at:
        conversation.heard_at, conversation.heard_sequence = said.sent_at, said.sequence


def _rejected(form: Form, conversation: Conversation, rejected: Rejected, facts: Facts, now: datetime, text: str = "") -> Turn:
    """Says what was understood, with the likely meanings as buttons. The words are kept: the next message may complete them."""
    extra = {key: value for key, value in rejected.also.items() if _fits(form, key, value)}
    if extra:
        answer(conversation, extra)
    offers = {f"o{place}": offer.value for place, offer in enumerate(rejected.offers, 1)}
    labels = [offer.label for offer in rejected.offers]
    reply = ask(form, conversation, facts, now, rejected.message, offers, labels)
    conversation.asked = {**conversation.asked, "before": text}
    if reply and template(rejected.key, "id").endswith("?"):
        # It asks for itself: one message, one question.
        reply = replace(rejected.message, options=reply.options, request=reply.request)
    return Turn(reply, done=reply is None, settles=True)


def _tapped(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime) -> Turn:
    press = read_press(said.press)
    asked = conversation.asked
    if press is None or press.conversation != conversation.id:
        return again(form, conversation, facts, now)
    fresh = press.revision == conversation.revision and press.step == asked.get("step")
    ticking = press.step == step.key == asked.get("step") and step.many and press.option[:1] in "+-"
    if not fresh and not ticking:
        twice = press.revision == conversation.revision - 1 and conversation.answers.get(press.step) == press.option
        return Turn() if twice else again(form, conversation, facts, now)
    if press.option not in asked.get("options", ()) and not ticking:
        return again(form, conversation, facts, now)
    return choose(form, conversation, step, press.option, facts, now)


def choose(form: Form, conversation: Conversation, step: Step, option: str, facts: Facts, now: datetime) -> Turn:
    """An option of what was asked last, tapped or typed."""
    asked = conversation.asked
    if option in ("more", "less"):
        return again(form, conversation, facts, now, page=asked.get("page", 0) + (1 if option == "more" else -1))
    if option == "change":
        return Turn(ask_which(form, conversation, facts, now), edits=True)
    if asked.get("step") == EDIT:
        if option != "back":
            reopen(conversation, [option])
        conversation.asked = {}
        return again(form, conversation, facts, now)
    if option.startswith("edit_") and option.removeprefix("edit_") in form.steps_by_key:
        reopen(conversation, [option.removeprefix("edit_")])
        return again(form, conversation, facts, now)
    if option in asked.get("offers", {}):
        return _take(form, conversation, step, _offered(step, asked["offers"][option], facts), facts, now)
    if option in ("skip", "later"):
        return _take(form, conversation, step, None, facts, now)
    if option == "keep":
        return _take(form, conversation, step, conversation.answers.get(step.key), facts, now, heard=False)
    if step.many:
        return _ticked(form, conversation, step, option, facts, now)
    return _take(form, conversation, step, option, facts, now)


def _offered(step: Step, value: Any, facts: Facts) -> Any:
    """What an offered button means; one that is not yet a whole answer is read on, so that the rest is asked for."""
    if value is None or answered(step, {step.key: value}):
        return value
    return step.reader.read(Said(text=step.reader.words(value)), facts)


def _ticked(form: Form, conversation: Conversation, step: Step, option: str, facts: Facts, now: datetime) -> Turn:
    ticked = list(conversation.asked.get("ticked", []))
    if option == "done":
        if not ticked:
            raise Rejected("problem.tick_one")
        return _take(form, conversation, step, ticked, facts, now)
    id = option[1:]
    if id not in [choice.id for choice in step.options(conversation.answers, facts)]:
        return again(form, conversation, facts, now)
    if option[0] == "+" and id not in ticked:
        ticked.append(id)
    if option[0] == "-" and id in ticked:
        ticked.remove(id)
    conversation.asked = {**conversation.asked, "ticked": ticked}
    return Turn(ask(form, conversation, facts, now, page=conversation.asked.get("page", 0)), edits=True)


def _take(form: Form, conversation: Conversation, step: Step, value: Any, facts: Facts, now: datetime, heard: bool = True) -> Turn:
    """Stores an answer that was read, and asks what comes next with a short word on what was understood."""
    also: Mapping[str, Any] = {}
    if isinstance(value, Found):
        value, also = value.value, value.also
    if step.upto and not isinstance(value, list) and value is not None:
        value = [value]
    if not answered(step, {step.key: value}):
        return again(form, conversation, facts, now, Message("problem.choose"))
    extra = {key: part for key, part in also.items() if _fits(form, key, part) and not _already(form, conversation, key)}
    answer(conversation, {step.key: value, **extra})
    key = form.text(step, "heard")
    lead = Message(key, {"value": step.reader.show(value)}) if heard and value is not None and has(key) else None
    reply = ask(form, conversation, facts, now, lead or _progress(form, conversation, facts))
    return Turn(reply, done=reply is None, settles=True)


def _fits(form: Form, key: str, value: Any) -> bool:
    return key in form.steps_by_key and answered(form.steps_by_key[key], {key: value})


def _already(form: Form, conversation: Conversation, key: str) -> bool:
    return answered(form.steps_by_key[key], conversation.answers) and conversation.answers[key] is not None


def _progress(form: Form, conversation: Conversation, facts: Facts) -> Message | None:
    done, total = filled(form, conversation, facts)
    return Message("common.left", {"n": 3}) if total - done == 3 and total > 5 else None


def _shown(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime) -> Turn:
    """A photo joins the photos of the form, whatever is asked now: nothing that was sent is lost."""
    assert said.photo
    collector = _collector(form, conversation, step, said, facts)
    sent_before = said.sent_at is not None and said.sent_at < conversation.started_at.replace(microsecond=0)
    if collector is None or (sent_before and said.group not in conversation.groups):
        return again(form, conversation, facts, now, Message("problem.photo_not_now"))
    burst = conversation.asked.get("burst", []) if said.group and said.group in conversation.groups else []
    fresh = collector.key in conversation.reopened and said.group not in conversation.groups
    photos = [] if fresh else list(conversation.answers.get(collector.key) or [])
    note = _photo_note(collector, photos, said.photo)
    if not note:
        answer(conversation, {collector.key: [*photos, said.photo.to_json()]})
    if said.group and said.group not in conversation.groups:
        conversation.groups = [*conversation.groups, said.group][-5:]
    caption = form.caption(said.text) if said.text and form.caption else {}
    answer(
        conversation, {key: value for key, value in caption.items() if _fits(form, key, value) and not _already(form, conversation, key)}
    )
    burst = [*burst, note or "ok"]
    reply = ask(form, conversation, facts, now, _photos_heard(collector, conversation, burst))
    conversation.asked = {**conversation.asked, "burst": burst}
    return Turn(reply, done=reply is None, settles=True)


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
    advice = next((hint for photo in photos for hint in photo.advice), "")
    if advice:
        return Message("photos.advice", {"n": len(photos), "advice": say(f"photos.advice_{advice}")})
    return Message("photos.many" if len(photos) > 1 else "photos.one", {"n": len(photos)})


def _typed(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime, locale: str) -> Turn:
    text = said.text.strip()
    option = _typed_option(form, conversation, step, text, facts, locale)
    if option:
        return choose(form, conversation, step, option, facts, now)
    if conversation.asked.get("step") == EDIT:
        return Turn(ask_which(form, conversation, facts, now))
    if step.many:
        numbers = _numbers(text)
        ids = [choice.id for choice in step.options(conversation.answers, facts)]
        if numbers and all(1 <= number <= len(ids) for number in numbers):
            return _take(form, conversation, step, [ids[number - 1] for number in numbers], facts, now)
    if is_greeting(text):
        rest = after_greeting(text)
        if not rest:
            return again(form, conversation, facts, now, Message(f"greeting.{is_greeting(text)}"))
        text = rest
    if looks_like_question(text) and (step.reader.free or not _reads(step, text, facts)):
        return Turn(question=text)
    return _take(form, conversation, step, _read_text(conversation, step, text, facts), facts, now)


def _read_text(conversation: Conversation, step: Step, text: str, facts: Facts) -> Any:
    """Read alone, else together with the words before it that were not enough: "25rb", then "per bungkus"."""
    before = conversation.asked.get("before") if conversation.asked.get("step") == step.key else ""
    try:
        return step.reader.read(Said(text=text), facts)
    except Rejected:
        options: list[str] = conversation.asked.get("options", [])
        if text.isdecimal() and conversation.asked.get("offers") and 1 <= int(text) <= len(options):
            return _offered(step, conversation.asked["offers"].get(options[int(text) - 1]), facts)
        if not before or not _reads(step, f"{before} {text}", facts, surely=True):
            raise
        return step.reader.read(Said(text=f"{before} {text}"), facts)


def _reads(step: Step, text: str, facts: Facts, surely: bool = False) -> bool:
    """Whether the words are an answer, or (unless `surely`) at least close to one."""
    try:
        step.reader.read(Said(text=text), facts)
    except Rejected as rejected:
        return bool(rejected.offers) and not surely
    return True


def _numbers(text: str) -> list[int]:
    parts = text.replace(",", " ").replace("dan", " ").split()
    return [int(part) for part in parts] if parts and all(part.isdecimal() and len(part) < 4 for part in parts) else []


def _typed_option(form: Form, conversation: Conversation, step: Step, text: str, facts: Facts, locale: str) -> str:
    """The button a typed number, label or close spelling stands for, among what the person last saw; "" for none."""
    asked = conversation.asked
    if asked.get("step") not in (step.key, EDIT):
        return ""
    ids: list[str] = list(asked.get("options", ()))
    if text.isdecimal() and not (step.reader.numeric and asked.get("step") != EDIT):
        number = int(text)
        return ids[number - 1] if 1 <= number <= len(ids) else ""
    labels = [(id, _labels(form, conversation, step, id, facts, locale)) for id in ids]
    return match(text, labels, locale) or ""


def _labels(form: Form, conversation: Conversation, step: Step, id: str, facts: Facts, locale: str) -> list[str]:
    """What may be typed for a button."""
    if id in conversation.asked.get("labels", {}):
        return [worded(conversation.asked["labels"][id], Voice(locale))]
    if conversation.asked.get("step") == EDIT and id in form.steps_by_key:
        return [worded(form.label(form.steps_by_key[id], conversation.answers, facts), Voice(locale))]
    bare = id.lstrip("+-") if step.many else id
    option = next((option for option in step.options(conversation.answers, facts) if option.id == bare), Option(bare))
    worded_one = has(f"option.{bare}")
    label = worded(option.label, Voice(locale)) if option.label else worded(say(f"option.{bare}"), Voice(locale)) if worded_one else ""
    typed = [word for name in SYNONYMS.get(bare, (bare,)) for word in sorted(known(name))]
    return [part for part in (label, option.short, *typed) if part]
