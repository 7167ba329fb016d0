"""An officer writes to many: text and picture, audience, time, a look at it as others will see it, and only then the sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.announcements.approving import ask_second
from handlers.announcements.body import body, looked_at, message_of, pictures, seal
from handlers.announcements.card import audience_of, card, card_answer, card_options, etalase_wanted, facts, foreseen, looks
from handlers.announcements.outlook import PAY, WAIT, choices, costs, price_words
from handlers.announcements.reach import etalase_buttons, region, region_default, region_options
from handlers.announcements.sending import started
from handlers.announcements.timing import (
    NOW,
    ends,
    ends_default,
    ends_of,
    refused_end,
    starts,
    starts_default,
    starts_of,
    starts_options,
)
from handlers.calls.form import several
from handlers.dialogue import Answers, Form, Step, answer, value_of
from handlers.matching import says
from handlers.office.door import not_yours, officers_only
from handlers.reading.answers import choice, photo
from handlers.said import Facts
from handlers.visit import Aside, Begin, Outcome, Visit
from messages import Message, Option, Params, Value, Voice, say
from models.allowed import objections
from models.audience import STATES
from models.campaign import WAITING, Campaign
from models.campaign_life import confirm
from models.contact import sees
from models.conversation import Conversation, current_of
from models.post import notify
from models.quiet import quiet


def any_etalase(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option("skip", say("announcement.any_etalase")), *etalase_buttons()]


def no_picture(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("skip", say("announcement.no_picture")),)


def state_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(state, say(f"announcement.state.is_{state}")) for state in STATES]


def payment_asked(answers: Answers, facts: Facts) -> bool:
    return costs(foreseen(answers, facts))


def payment(answers: Answers, facts: Facts) -> Params:
    return price_words(foreseen(answers, facts))


def written(visit: Visit) -> tuple[Conversation, Message] | None:
    """The announcement that is being written, as others would get it."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or conversation.form != "announcement" or not conversation.answers.get("text"):
        return None
    audience = audience_of(conversation.answers, facts(visit, conversation.about))
    return conversation, message_of(conversation.answers, audience.region)


def to_self(visit: Visit, subject: str, version: int) -> Outcome:
    """The officer gets it first, exactly as the others will."""
    found = written(visit)
    if found is None:
        return Aside(Message("common.button_old"))
    conversation, message = found
    notify(visit.session, visit.person_id, message, visit.now, bundle=f"proof:{conversation.id}", urgent=True)
    answer(conversation, {"seen": seal(conversation.answers)})
    return Aside(Message("announcement.to_you"))


def elsewhere(visit: Visit, subject: str, version: int) -> Outcome:
    """What it looks like on the other apps."""
    found = written(visit)
    if found is None:
        return Aside(Message("common.button_old"))
    person = visit.person
    return looks(found[1], Voice(person.locale, person.zone, visit.now, person.call_name))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Looks once more at everything that may have changed, then lets the first ones go."""
    form: Form = visit.forms["announcement"]
    known = form.facts(visit, conversation.about)
    answers = {step.key: value_of(step, conversation.answers, known) for step in form.steps}
    audience = audience_of(answers, known)
    if not sees(visit.offices, audience.region):
        return Aside(not_yours(visit))
    kept = {key: value for key, value in conversation.answers.items() if key != "confirm"}
    if objections(answers["text"], visit.links):
        return Begin("announcement", kept, reopened=("text",), lead=Message("announcement.rules_changed"))
    if again := _timed(kept, known):
        return again
    found = known["tally"](audience)
    if not looked_at(conversation.answers) or not found.get(""):
        return Begin("announcement", kept)
    return _sent(visit, kept | {"paid": answers.get("paid")}, known, found)


def _timed(kept: Answers, known: Facts) -> Begin | None:
    """Its time has gone by while the card lay open, or its end lies before its start."""
    if kept.get("starts", NOW) != NOW and starts_of(kept, known) <= known["now"]:
        return Begin("announcement", kept, reopened=("starts",), lead=Message("announcement.starts_passed"))
    if kept.get("ends") and (why := refused_end(kept, known, kept["ends"])):
        return Begin("announcement", kept, reopened=("ends",), lead=why.message)
    return None


def _sent(visit: Visit, answers: Answers, known: Facts, found: Mapping[str, int]) -> Message:
    audience, later, seen = audience_of(answers, known), answers.get("starts", NOW) != NOW, foreseen(answers, known)
    campaign = Campaign(
        officer_id=visit.person_id, text=answers["text"], picture=next(iter(pictures(answers, {})), ""), audience=audience.to_json(),
        message=message_of(answers, audience.region).to_json(), created_at=visit.now,
        starts_at=starts_of(answers, known) if later else None,
        ends_at=ends_of(answers, known), paid=answers.get("paid") == PAY, plan=dict(seen.plan) if seen else {},
    )  # fmt: skip
    visit.session.add(campaign)
    visit.session.flush()
    confirm(visit.session, campaign, visit.now, visit.approve_above, found)
    asleep = known["asleep"](audience, starts_of(answers, known))
    if campaign.status == WAITING:
        ask_second(visit, campaign, asleep)
    return started(campaign, asleep, quiet(visit.now, visit.person.zone))


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
        Step("starts", starts, options=starts_options, default=starts_default),
        Step("ends", ends, default=ends_default),
        Step("paid", choice(WAIT, PAY), options=choices, when=payment_asked, params=payment),
        Step("confirm", card_answer, options=card_options, params=card, media=pictures, summary=True),
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
    "announcement_looks": officers_only(elsewhere),
}
OFFICER_SAYS = (officer_says,)
