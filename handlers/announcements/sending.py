"""An announcement on its way: how far it is; pausing it, going on and stopping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.announcements.reach import who_hears
from handlers.matching import says
from handlers.menu import menu
from handlers.office.door import not_yours, officers_only, put_aside
from handlers.questions import brief
from handlers.said import Photo
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Value, has, joined, moment, say
from models.board import watch
from models.campaign import (
    CANARY,
    LIVE,
    OPEN,
    PAUSED,
    SCHEDULED,
    STOPPED,
    WAITING,
    Campaign,
    campaigns_seen,
    failures,
    progress,
)
from models.campaign_life import cancel, end_when_done, left_of, pause, remaining, resume
from models.campaign_news import why_words
from models.canary import ARRIVED
from models.contact import sees
from models.conversation import current_of
from models.reasons import told

SHOWN = 3
COUNTED = 20_000
"""More recipients than this are counted by the board, a moment later: nobody's message waits for a count."""
MANY = 50
"""With more than this still to come, stopping for good is asked once more."""


def started(campaign: Campaign, asleep: int = 0, night: bool = False) -> Message:
    """What the officer hears right after confirming; at `night` the others are only asked in the morning."""
    who = who_hears({"": campaign.total, **campaign.excluded}, later=asleep)
    if campaign.status == WAITING:
        return Message("announcement.waits_night" if night else "announcement.waits", {"n": campaign.total}, buttons(campaign))
    if campaign.status == SCHEDULED and campaign.starts_at:
        return Message("announcement.scheduled", {"starts": moment(campaign.starts_at), "who": who}, buttons(campaign))
    if campaign.status == CANARY:
        return Message("announcement.started_few", {"first": campaign.canary, "who": who}, buttons(campaign))
    return Message("announcement.started", {"who": who}, buttons(campaign))


def buttons(campaign: Campaign) -> tuple[Option, ...]:
    """What can be done about it now."""
    names = ["progress"]
    names += ["announcement_pause"] if campaign.status in LIVE else []
    names += ["announcement_resume"] if campaign.status in (PAUSED, STOPPED) else []
    names += ["announcement_stop"] if campaign.status in OPEN else []
    shown = tuple(command(name, campaign.id or 0) for name in names)
    return shown if campaign.status in OPEN else (*shown, command("report", campaign.id or 0), command("menu"))


def state(visit: Visit, campaign: Campaign) -> Value:
    """ "Terkirim 120 dari 300, gagal 2 (diblokir 2)." """
    end_when_done(visit.session, campaign, visit.now)
    if campaign.status in (WAITING, SCHEDULED):
        return _before(campaign)
    if campaign.total > COUNTED:
        return say("announcement.counting")
    counts = progress(visit.session, campaign.id or 0)
    reasons = failures(visit.session, campaign.id or 0)
    failed = [say("announcement.why", why=told(reason), n=n) for reason, n in reasons.items()]
    parts = [say("announcement.sent_of", sent=sum(counts.get(one, 0) for one in ARRIVED), n=campaign.total)]
    if failed:
        parts.append(say("announcement.failed", n=sum(reasons.values()), reasons=joined(failed, ", ")))
    if counts.get("held") and campaign.status in OPEN:
        parts.append(say("announcement.held", n=counts["held"]))
    parts.append(_now(campaign, counts))
    return joined(parts, " ")


def _before(campaign: Campaign) -> Value:
    starts = campaign.starts_at
    if campaign.status == WAITING or starts is None:
        return say("announcement.is_waiting", n=campaign.total)
    return say("announcement.is_scheduled", starts=moment(starts), n=campaign.total)


def _now(campaign: Campaign, counts: Mapping[str, int]) -> Value:
    """What it does, with how many are still to come."""
    named = f"announcement.is_{campaign.status}_{campaign.why}" if campaign.why else ""
    if named and has(named):
        return say(named)
    left = campaign.total - campaign.canary if campaign.status == CANARY else left_of(campaign, counts)
    if campaign.status == STOPPED:
        return say("announcement.is_stopped", why=why_words(campaign.why), n=left)
    return say(f"announcement.is_{campaign.status}", n=left) if campaign.status != "done" else say("announcement.is_done")


def mine(visit: Visit, subject: str) -> Campaign | None:
    campaign = visit.session.get(Campaign, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    return campaign if campaign and sees(visit.offices, campaign.audience["region"]) else None


def look(visit: Visit, subject: str, version: int) -> Outcome:
    """How far one is; without a subject the latest few."""
    if subject not in ("", "0"):
        campaign = mine(visit, subject)
        if campaign is None:
            return Aside(not_yours(visit))
        if campaign.status in (*LIVE, PAUSED) or campaign.total > COUNTED:
            watch(visit.session, campaign.id or 0, visit.address.id or 0, visit.now)
        return Message("announcement.progress", {"text": brief(campaign.text), "state": state(visit, campaign)}, buttons(campaign))
    seen = campaigns_seen(visit.session, visit.offices, SHOWN)
    if not seen:
        return Message("announcement.none", {}, (command("new_announcement"), command("menu")))
    rows = [say("announcement.row", place=n, text=brief(one.text), state=state(visit, one)) for n, one in enumerate(seen, 1)]
    each = [command("progress", one.id or 0, label=say("call.look", n=place)) for place, one in enumerate(seen, 1)]
    return Message("announcement.list", {"rows": joined(rows, "\n\n")}, (*each, command("new_announcement")))


Change = Callable[[Visit, Campaign, int], Message | None]
"""Does something about a campaign, or asks first."""


def changing(change: Change) -> Callable[[Visit, str, int], Outcome]:
    """What is too late changes nothing: how it stands is shown then too."""

    def handler(visit: Visit, subject: str, version: int) -> Outcome:
        campaign = mine(visit, subject)
        if campaign is None:
            return Aside(not_yours(visit))
        end_when_done(visit.session, campaign, visit.now)
        return change(visit, campaign, version) or look(visit, subject, version)

    return officers_only(handler)


def _pause(visit: Visit, campaign: Campaign, version: int) -> None:
    pause(visit.session, campaign.id or 0, visit.now)


def _resume(visit: Visit, campaign: Campaign, version: int) -> Message | None:
    """What stopped by itself goes on only for somebody who has read why."""
    if campaign.status == STOPPED and version != 1:
        asked = {"why": why_words(campaign.why), "n": remaining(visit.session, campaign)}
        yes = command("announcement_resume", campaign.id or 0, 1, label=say("announcement.yes_resume"))
        return Message("announcement.resume_sure", asked, (yes, command("progress", campaign.id or 0)))
    resume(visit.session, campaign.id or 0, visit.now)
    return None


def _stop(visit: Visit, campaign: Campaign, version: int) -> Message | None:
    """What has not left stays; it is the campaign that is looked at when a row is claimed."""
    left = remaining(visit.session, campaign)
    if campaign.status in OPEN and left > MANY and version != 1:
        yes = command("announcement_stop", campaign.id or 0, 1, label=say("announcement.yes_stop"))
        return Message("announcement.stop_sure", {"n": left}, (yes, command("progress", campaign.id or 0)))
    cancel(visit.session, campaign.id or 0, visit.now)
    return None


def redo(visit: Visit, subject: str, version: int) -> Outcome:
    """A new one with the words, the picture and the audience of this one."""
    campaign = mine(visit, subject)
    if campaign is None:
        return Aside(not_yours(visit))
    photo = Photo(name=campaign.picture, sha256=campaign.picture.partition(".")[0]).to_json()
    said = campaign.audience
    answers = {
        "text": campaign.text,
        "picture": [photo] if campaign.picture else None,
        "region": said["region"],
        "state": said.get("state", "all"),
        "etalase": said.get("etalase") or None,
    }
    return Begin("announcement", answers)


def edit(visit: Visit) -> Message:
    """What is on its way cannot be made different."""
    newest = campaigns_seen(visit.session, visit.offices, 1)
    if not newest or newest[0].status not in OPEN:
        return Message("announcement.none_to_edit", {}, (command("new_announcement"), command("progress")))
    campaign = newest[0]
    return Message(
        "announcement.not_editable",
        {"text": brief(campaign.text)},
        (*buttons(campaign)[1:], command("announcement_redo", campaign.id or 0)),
    )


def officer_says(visit: Visit, words: str) -> Outcome | None:
    if says(words, "edit_announcement"):
        return edit(visit)
    if says(words, "hold_announcement"):
        return hold(visit)
    return look(visit, "", 0) if says(words, "progress") else None


def hold(visit: Visit) -> Outcome:
    """Whoever sees a mistake is in a hurry: the one that is on its way waits, and can go on or be stopped for good. Beside a new one that
    is being written it need not be the one that is meant: it is shown, and only the new one is put aside.
    """
    live = [one for one in campaigns_seen(visit.session, visit.offices, SHOWN) if one.status in LIVE]
    here = current_of(visit.session, visit.person_id)
    if here and here.form == "announcement":
        kept = put_aside(visit)
        shown = look(visit, str(live[0].id) if len(live) == 1 else "", 0) if live else menu(visit)
        return shown.after(kept) if isinstance(shown, Message) else shown
    return COMMANDS["announcement_pause"](visit, str(live[0].id), 0) if len(live) == 1 else look(visit, "", 0)


COMMANDS = {
    "progress": officers_only(look),
    "announcement_pause": changing(_pause),
    "announcement_resume": changing(_resume),
    "announcement_stop": changing(_stop),
    "announcement_redo": officers_only(redo),
}
OFFICER_SAYS = (officer_says,)
