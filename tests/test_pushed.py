"""Whatever is queued for somebody who has not just written has a template."""

from __future__ import annotations

import ast
from pathlib import Path

import bot
import handlers
import models
from handlers.office.triage import triage
from messages import Voice
from messages.pushed import PUSHED
from messages.templates import templated
from tests.pushing import pushed_in
from tests.reviewing import stock
from tests.world import World

QUEUED_AT = {
    "bot/sheet_intake.py:_tell": {"sheet.done", "sheet.ended"},
    "bot/sending/lines.py:stop_line": {"officers.line_stopped"},
    "handlers/announcements/form.py:to_self": {"announcement.body"},
    "handlers/answering.py:_answer": {"question.reply"},
    "handlers/calls/changes.py:_notify": {
        "call.changed",
        "call.changed_for_you",
        "call.off",
        "call.off_for_you",
        "call.opened",
        "call.opened_for_you",
    },
    "handlers/calls/digest.py:deliver": {"call.new", "call.digest"},
    "handlers/calls/nearest.py:tell_nearest": {"call.nearest"},
    "handlers/calls/reminders.py:remind": {"call.soon"},
    "handlers/calls/sources.py:_tell": {"feeds.failing", "feeds.well", "feeds.columns"},
    "handlers/questions.py:_gather": {"question.replies_came"},
    "handlers/questions.py:tell_officers": {"question.for_officer"},
    "handlers/submission.py:tell_rivals": {"product.nib_twice"},
    "handlers/submission.py:tell_officers": {"review.waiting"},
    "handlers/templates.py:_tell_officers": {"whatsapp.template_stopped"},
    "handlers/office/triage.py:triage": {"review.triage"},
    "handlers/office/verdict.py:tell": {"decision.approved", "decision.fix", "decision.rejected", "decision.several"},
    "models/board.py:_queue": {"board.body"},
    "models/recipients.py:_adding": {"announcement.body"},
    "models/report.py:deliver": {"report.ready"},
    "models/ceiling.py:tell_ceiling": {"officers.ceiling"},
    "models/campaign_news.py:ask_second": {"announcement.approve"},
    "models/campaign_news.py:halt_campaign": {"announcement.halted"},
    "models/campaign_news.py:tell_begun": {"announcement.begun", "announcement.begun_nobody"},
    "models/campaign_news.py:tell_decided": {"announcement.approved", "announcement.refused"},
    "models/campaign_news.py:tell_lapsed": {"announcement.lapsed"},
}
"""Every function that queues something other than an answer, with the keys it queues. A new one belongs here, and its keys into
messages/pushed.py.
"""
QUEUES = {"notify", "notify_at", "campaign_rows", "Outgoing"}
OWN = ("models/post.py", "bot/bench/", "bot/faults/")
"""What queueing is made of."""


def queued_at() -> set[str]:
    """The functions that call `notify` or `campaign_rows`, or insert rows of the outbox."""
    found = set()
    for package in (handlers, models, bot):
        root = Path(str(package.__file__)).parent
        for file in root.rglob("*.py"):
            name = f"{root.name}/{file.relative_to(root)}"
            tree = ast.parse(file.read_text(encoding="utf-8"))
            functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{name}:{function.name}" for function in functions if not name.startswith(OWN) and _queues(function)}
    return found


def _queues(function: ast.AST) -> bool:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        given = {part.id for part in call.args if isinstance(part, ast.Name)}
        if name in QUEUES or (name in ("insert", "insert_all", "insert_missing", "make", "QUEUE") and given & {"Outgoing", "OUT"}):
            return True
    return False


def test_every_place_that_queues_a_notice_is_known() -> None:
    assert queued_at() == set(QUEUED_AT)


def test_every_notice_has_a_template_and_every_template_a_notice() -> None:
    assert set().union(*QUEUED_AT.values()) == set(PUSHED)


def test_the_notices_that_no_transcript_pushes_can_be_sent_too(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu", "Kue dua")
    small_world.write(lambda session: triage(session, small_world.now))
    small_world.press("petugas", "c:queue:clean:0")
    small_world.say("petugas", "setujui 1-2")
    said = {message.key: message for message in small_world.read(pushed_in)}
    assert said.keys() == {"review.triage", "decision.several"}
    several = templated(said["decision.several"], Voice(you="Bu Siti"))
    assert several
    assert several.values == ("Bu Siti", "2 disetujui", "Disetujui: Kue satu, Kue dua")
    morning = templated(said["review.triage"], Voice(you="Pak Yusuf"))
    assert morning
    assert morning.values == ("Pak Yusuf", "2", "2", "0", "0", "0")
    assert [button.press for button in morning.buttons] == ["c:queue:0:0"]
