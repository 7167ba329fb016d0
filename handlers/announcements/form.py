"""An officer writes to many: text and picture, audience, a look at it as others will see it, and only then the sending."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from handlers.announcements.reach import (
    etalase_buttons,
    etalase_names,
    night_words,
    office_facts,
    place_name,
    region,
    region_default,
    region_options,
    who_hears,
)
from handlers.announcements.sending import started
from handlers.calls.form import several
from handlers.dialogue import Answers, Form, Step, answer, value_of
from handlers.matching import says
from handlers.office.door import not_yours, officers_only
from handlers.reading.answers import choice, photo
from handlers.said import Facts, Reader, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Params, Value, say
from models.allowed import objections
from models.audience import STATES, Audience, tally
from models.campaign import Campaign, fill
from models.contact import sees
from models.conversation import Conversation, current_of
from models.places import name_of
from models.post import notify

LEAST, MOST = 10, 1000


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    """`tally(audience)` counts whom it would reach, once a turn."""
    known: dict[Audience, Mapping[str, int]] = {}

    def counted(audience: Audience) -> Mapping[str, int]:
        if audience not in known:
            known[audience] = tally(visit.session, audience)
        return known[audience]

    return {**office_facts(visit), "tally": counted}


def read_body(said: Said, facts: Facts) -> str:
    """The words with their lines; what would help a swindler is refused with the reason."""
    words = tidy(said.text)
    if len(words) < LEAST:
        raise Rejected("problem.text_short", {"least": LEAST, "count": len(words)})
    if len(words) > MOST:
        raise Rejected("problem.text_long", {"most": MOST, "count": len(words)})
    if found := objections(words, facts["links"]):
        raise Rejected(f"announcement.refused_{found[0].reason}", {"found": found[0].found, "allowed": ", ".join(facts["links"])})
    return words


def tidy(written: str) -> str:
    lines = [" ".join(line.split()) for line in written.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def keeps_body(value: Any) -> bool:
    return isinstance(value, str) and LEAST <= len(value) <= MOST and tidy(value) == value


body = Reader(read_body, keeps_body, whole=True)


def any_etalase(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option("skip", say("announcement.any_etalase")), *etalase_buttons()]


def no_picture(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("skip", say("announcement.no_picture")),)


def state_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(state, say(f"announcement.state.is_{state}")) for state in STATES]


def etalase_wanted(answers: Answers, facts: Facts) -> bool:
    """A draft has no etalase yet."""
    return answers.get("state") != "drafts"


def audience_of(answers: Answers, facts: Facts) -> Audience:
    place = answers.get("region") or region_default(answers, facts) or facts["province"]
    picked = answers.get("etalase") if etalase_wanted(answers, facts) else ()
    return Audience(place, answers.get("state") or "all", tuple(sorted(picked or ())))


def message_of(answers: Answers, place: str) -> Message:
    """The announcement as everybody gets it; it always ends with how to stop."""
    media = tuple(one["name"] for one in answers.get("picture") or ())
    return Message("announcement.body", {"text": answers["text"], "place": name_of(place)}, media=media, category="marketing")


def seal(answers: Answers) -> str:
    """Changes with everything a recipient sees, so that what goes out is what the officer has looked at."""
    pictures = [one["sha256"] for one in answers.get("picture") or ()]
    return sha256("\n".join([answers["text"], str(answers.get("region")), *pictures]).encode()).hexdigest()[:16]


def looked_at(answers: Answers) -> bool:
    return answers.get("seen") == seal(answers)


def card(answers: Answers, facts: Facts) -> Params:
    audience = audience_of(answers, facts)
    shown: dict[str, Value] = {
        "text": answers["text"],
        "sender": name_of(audience.region),
        "place": place_name(audience.region),
        "state": say(f"announcement.state.is_{audience.state}"),
        "etalase": etalase_names(audience.etalase) if audience.etalase else say("announcement.any_etalase"),
        "who": who_hears(facts["tally"](audience), night_words(facts["now"], facts["province"])),
        "next": say("announcement.now_send" if looked_at(answers) else "announcement.first_you"),
    }
    return shown


def card_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    """Nothing goes to others before it went to the officer."""
    if not looked_at(answers):
        return (command("announcement_self"), Option("change"))
    again = command("announcement_again")
    n = facts["tally"](audience_of(answers, facts)).get("", 0)
    return (Option("send_all", say("announcement.send_to", n=n)), Option("change"), again) if n else (Option("change"), again)


def picture(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return tuple(one["name"] for one in answers.get("picture") or ())


def to_self(visit: Visit, subject: str, version: int) -> Outcome:
    """The officer gets it first, exactly as the others will."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or conversation.form != "announcement" or not conversation.answers.get("text"):
        return Aside(Message("common.button_old"))
    known = facts(visit, conversation.about)
    message = message_of(conversation.answers, audience_of(conversation.answers, known).region)
    notify(visit.session, visit.person_id, message, visit.now, bundle=f"proof:{conversation.id}", urgent=True)
    answer(conversation, {"seen": seal(conversation.answers)})
    return Aside(Message("announcement.to_you"))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Looks once more at everything that may have changed, then lets the first ones go."""
    form: Form = visit.forms["announcement"]
    known = form.facts(visit, conversation.about)
    answers = {step.key: value_of(step, conversation.answers, known) for step in form.steps} | {"seen": conversation.answers.get("seen")}
    audience = audience_of(answers, known)
    if not sees(visit.offices, audience.region):
        return Aside(not_yours(visit))
    kept = {key: value for key, value in conversation.answers.items() if key != "confirm"}
    if objections(answers["text"], visit.links):
        return Begin("announcement", kept, reopened=("text",), lead=Message("announcement.rules_changed"))
    found = known["tally"](audience)
    if not looked_at(conversation.answers) or not found.get(""):
        return Begin("announcement", kept)
    return started(visit, _campaign(visit, answers, audience, found))


def _campaign(visit: Visit, answers: Answers, audience: Audience, found: Mapping[str, int]) -> Campaign:
    campaign = Campaign(
        officer_id=visit.person_id, text=answers["text"], picture=next(iter(picture(answers, {})), ""), audience=audience.to_json(),
        message=message_of(answers, audience.region).to_json(), total=found.get("", 0),
        excluded={reason: n for reason, n in found.items() if reason}, created_at=visit.now, started_at=visit.now,
    )  # fmt: skip
    visit.session.add(campaign)
    visit.session.flush()
    fill(visit.session, campaign, visit.now)
    return campaign


def title(answers: Answers) -> Value:
    return answers["text"][:40] if answers.get("text") else say("drafts.title_announcement")


ANNOUNCEMENT = Form(
    "announcement",
    (
        Step("text", body),
        Step("picture", photo, options=no_picture, upto=1, optional=True),
        Step("region", region, options=region_options, default=region_default),
        Step("state", choice(*STATES), options=state_options),
        Step("etalase", several, options=any_etalase, when=etalase_wanted, many=True, optional=True),
        Step("confirm", choice("send_all"), options=card_options, params=card, media=picture, summary=True),
    ),
    facts=facts,
    finish=finish,
    title=title,
)
FORMS = (ANNOUNCEMENT,)


def new_announcement(visit: Visit, subject: str, version: int) -> Outcome:
    return Begin("announcement")


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return Begin("announcement") if says(words, "new_announcement") else None


COMMANDS = {
    "new_announcement": officers_only(new_announcement),
    "announcement_self": officers_only(to_self),
    "announcement_again": officers_only(to_self),
}
OFFICER_SAYS = (officer_says,)
