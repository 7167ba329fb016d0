"""What the transcripts show: every text, question and command is heard in one of them, or stands here with the reason why it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers import topics
from handlers.calls.sheet_columns import FIELDS
from messages.catalogue import texts
from models.reasons import FAULTS, OURS
from tests.ear import Ear, question
from tests.players import TerminalPlayer
from tests.script import play, scripts
from tests.world import World

UNHEARD = {
    "what takes hundreds of people, a day that passes or a night in another zone: test_campaign_life, test_campaign_hours": """
        announcement.waits_night announcement.halt_failing_n announcement.started_few announcement.is_canary announcement.stop_sure
        announcement.yes_stop announcement.begun_nobody
        announcement.lapsed announcement.is_cancelled_nobody announcement.is_cancelled_late announcement.is_done_late announcement.held
        announcement.starts_passed announcement.own reach.some_at_seven announcement.halt_template
        announcement.halt_other""",
    "where WhatsApp costs something, which no script can have yet": """
        announcement.paid.ask announcement.paid.label announcement.paid.is_wait announcement.paid.is_pay""",
    "after a bug, or when a picture or a message is lost on its way": """
        common.apology photos.why_gone problem.photo_gone
        announcement.failed announcement.why""",
    "of what an older release left behind: a form, a rule, a reason, a finding, a notice": """
        common.form_gone officers.line_locked officers.line_quality announcement.rules_changed reason.general finding.other
        call.because call.because_waiting""",
    "only Telegram knows edits, others' contact cards, a menu of commands, and parts of an album that come late": """
        common.edited problem.contact_other photos.joined photos.too_late
        telegram.command_register telegram.command_products telegram.command_go telegram.command_menu telegram.command_help
        telegram.command_stop""",
    "a forged button: none is offered that leads there": """
        common.not_officer officers.not_yours products.unknown review.not_here""",
    "why a call fits: tests/test_relevance.py": """
        call.why_small call.why_value reach.large""",
    "a source names the place while an officer is asked for it: tests/test_call_placing.py": "call.placed_already",
    "drawn into a picture, or kept with the answer": "review.sheet_old review.sheet_new product.no_brand",
    "only where LAPAK_OFFICIAL_PAGE is set": "welcome.who_page",
    "a draft without an answer, or with its only one, is not kept; nobody changes a last answer": """
        drafts.title_announcement drafts.title_call drafts.title_question drafts.title_answer drafts.title_reject drafts.title_refusal
        question.text.label answer.text.label reject.reason.label refusal.reason.label welcome.name.label extras.alerts.label
        regroup.etalase.label placing.region.label
        drafts.title_office drafts.title_override drafts.title_regroup drafts.title_placing override.reason.label""",
    "a second door: the readers, the album or the screening say it before": """
        stop.price_zero stop.photo_none stop.photo_tiny stop.photo_twin stop.contact finding.price_zero finding.photo_none
        finding.photo_tiny photos.why_card problem.photo_too_small problem.photo_not_a_picture problem.photo_too_big problem.nik
        product.this product.nib_first review.the_vendor products.is_DRAFT review.is_DRAFT""",
    "after typed words that only Indonesian knows, so that it stands in the Indonesian text of in_passing alone": "problem.ticked",
    "of readers that no question uses": "problem.confirm problem.location",
    "two apps are needed, and a code that is drawn anew each time: test_linking has the whole texts": """
        app.elsewhere app.elsewhere_telegram app.elsewhere_whatsapp app.telegram app.terminal app.webchat app.whatsapp
        link.arrived link.busy link.by link.code link.declined link.doors link.here link.joined link.last link.many link.nameless
        link.news_not link.news_set link.one_door link.own link.since link.sure link.take link.take_no link.take_sure link.take_yes
        link.taken link.unknown option.doors option.link_no option.link_yes""",
    "WhatsApp's own: what waited until somebody wrote, and what an announcement costs: test_held, test_forecast": """
        forecast.beyond forecast.free forecast.other forecast.paid forecast.paid_days forecast.unapproved forecast.waits
        held.announcement_approve held.announcement_approved held.announcement_begun held.announcement_begun_nobody
        held.announcement_halted held.announcement_lapsed held.announcement_refused held.board_body held.report_ready
        held.announcement_body held.call_new held.call_digest held.call_nearest held.call_soon
        held.call_changed held.call_changed_for_you held.call_off held.call_off_for_you held.call_opened held.call_opened_for_you
        held.decision_approved held.decision_fix
        held.decision_rejected held.decision_several held.line held.line_bare held.line_closes held.news held.news_more
        held.officers_ceiling held.officers_line_stopped held.product_nib_twice held.question_for_officer held.question_replies_came
        held.question_reply held.read held.review_triage held.review_waiting held.whatsapp_template_stopped""",
    "WhatsApp's own: templates, what officers hear of them, an account that is restricted": """
        officers.ceiling officers.waits_announced officers.waits_others officers.waits_nobody whatsapp.about.officers_ceiling
        officers.line_stopped option.whole template.announcement_approve template.announcement_refused template.call_new
        template.call_changed template.call_changed_for_you template.call_off template.call_soon
        template.decision_rejected template.decision_several template.empty template.question_for_officer
        template.question_replies_came template.question_reply template.review_triage template.review_waiting
        whatsapp.about.announcement_approve whatsapp.about.announcement_approved whatsapp.about.announcement_begun
        whatsapp.about.announcement_begun_nobody whatsapp.about.announcement_halted whatsapp.about.announcement_lapsed
        whatsapp.about.announcement_refused
        whatsapp.about.announcement_body whatsapp.about.report_ready whatsapp.about.board_body whatsapp.about.call_new
        whatsapp.about.product_nib_twice
        whatsapp.about.call_digest whatsapp.about.call_nearest whatsapp.about.call_soon whatsapp.about.call_changed
        whatsapp.about.call_changed_for_you whatsapp.about.call_off whatsapp.about.call_off_for_you
        whatsapp.about.call_opened whatsapp.about.call_opened_for_you template.call_opened template.call_opened_for_you
        template.call_soon template.call_changed template.call_changed_for_you template.call_off
        whatsapp.about.decision_approved whatsapp.about.decision_fix
        whatsapp.about.decision_rejected whatsapp.about.decision_several whatsapp.about.officers_line_stopped
        whatsapp.about.question_for_officer whatsapp.about.question_replies_came whatsapp.about.question_reply
        whatsapp.about.review_triage whatsapp.about.review_waiting whatsapp.about.whatsapp_template_stopped whatsapp.held
        whatsapp.state.disabled whatsapp.state.marketing whatsapp.state.paused whatsapp.state.rejected whatsapp.template_stopped""",
    "a spreadsheet, and a message that changes while nobody speaks: test_report, test_board": """
        report.coming report.ready report.none report.summary report.recipients report.title report.text
        report.place report.state report.etalase report.writer report.approver report.created report.approved
        report.started report.ended report.as_of report.status report.total report.sent report.delivered
        report.read report.failed report.failed_why report.unknown report.taken_back report.left report.out
        report.number report.name report.person report.region report.app report.what report.why report.when
        report.is_queued report.is_claimed report.is_held report.is_sent report.is_delivered report.is_read
        report.is_failed report.is_unknown report.is_expired report.is_cancelled report.is_replaced
        report.is_left_out report.campaign_waiting report.campaign_scheduled report.campaign_canary
        report.campaign_running report.campaign_paused report.campaign_stopped report.campaign_done
        report.campaign_cancelled report.out_stopped report.out_no_consent report.out_unreachable board.body
        board.sent board.delivered board.failed board.reason board.unknown board.left board.unsent board.rate
        board.now announcement.counting""",
    "what waits for somebody on WhatsApp until they write: test_held": """
        held.announcement_approve held.announcement_approved held.announcement_begun held.announcement_begun_nobody
        held.announcement_halted held.announcement_lapsed held.announcement_refused held.board_body held.report_ready""",
    "cases of a second region or a fourth business: test_rivals": "finding.phone_many review.rival_elsewhere",
    "of plans that are announced: test_feeds_opened": """
        call.opened call.opened_for_you call.opened_until call.opened_unsaid call.planned_end call.unannounced""",
    "of sources, which are read over HTTP, and what is told of them: test_feed_news": """
        feeds.list feeds.row feeds.more feeds.more_bad feeds.next feeds.first feeds.look
        feeds.one feeds.is_well feeds.is_reading feeds.is_new feeds.is_failing
        feeds.never feeds.unknown feeds.unchanged feeds.n_read feeds.n_changed feeds.n_merged feeds.aside
        feeds.no_aside feeds.aside_no_number feeds.aside_not_kept feeds.aside_not_told feeds.aside_purchase
        feeds.aside_no_release feeds.aside_too_few_cells feeds.aside_odd_number feeds.aside_odd_letters feeds.aside_too_deep
        feeds.aside_no_json feeds.is_empty feeds.is_quiet feeds.empty feeds.fresh
        feeds.aside_no_package feeds.aside_other feeds.name_inaproc_rup feeds.name_inaproc_rup_dana feeds.name_inaproc_rup_lokasi
        feeds.name_inaproc_rup_revisi feeds.name_inaproc_tender_jadwal feeds.name_inaproc_nontender_jadwal
        feeds.name_inaproc_tender feeds.name_inaproc_nontender feeds.name_sirup feeds.name_spse feeds.name_ocds
        feeds.name_spse_paket feeds.aside_page_unread
        feeds.why_unreachable feeds.why_no_answer feeds.why_source_down feeds.why_throttled feeds.why_token_refused
        feeds.why_not_allowed feeds.why_refused feeds.why_antibot feeds.why_odd_answer feeds.why_too_big feeds.why_untrusted
        feeds.why_stumbled feeds.failing feeds.stopped feeds.well feeds.caught_up feeds.columns feeds.moved feeds.columns_added
        feeds.columns_gone held.feeds_failing whatsapp.about.feeds_failing held.feeds_well whatsapp.about.feeds_well
        held.feeds_columns whatsapp.about.feeds_columns""",
    "of sheets that do not end as they should, and names of columns that no script has: test_sheets": """
        sheet.aside_more sheet.ended sheet.ended_gone sheet.ended_office sheet.ended_stumbled sheet.problem_gone sheet.row_bare
        sheet.field_kind sheet.field_link sheet.field_number sheet.field_status held.sheet_done held.sheet_ended
        whatsapp.about.sheet_done whatsapp.about.sheet_ended""",
    "to very many who hear of a call: test_hearers": "reach.about",
    "after weeks of silence, and where too little fits: test_alerts": """
        call.nearest call.why_far call.why_place reach.weak""",
    "what is said in people's own words at odd moments: test_played, test_how_to_take_part, test_search": """
        announcement.time_noted announcement.how_many
        call.how_general call.what_of call.what_unlinked call.which_what
        products.change_APPROVED seek.nothing_week common.number_alone""",
    "calls that wait for a place, by themselves: test_call_placing": "call.list_placeless call.none_placeless",
    "a command whose button always says more": "option.calls_rhythm",
    "of values that no question asks for yet": """
        finding.price_government finding.tkdn stop.price_government stop.tkdn""",
}
"""Tests of their own say these: see test_owners, test_photos, test_announcement_sending, test_telegram_*, test_checks, test_texts."""

UNASKED = {
    *("announcement.paid", "product.amount", "welcome.photos", "welcome.words", "welcome.list", "product.stock"),
    *(f"sheet.{field}" for field in FIELDS if field not in ("title", "budget")),
}
"""Answers that come by themselves, what only WhatsApp asks, the stock, which is asked after sending, and columns, all asked alike."""

UNUSED = {
    *("recap", "start", "placeless"),
    *("connect", "disconnect", "doors", "link_no", "link_yes", "news_by", "take", "take_yes"),
    *("whole", "report", "held"),
}
"""Words that are answered before they become a command; those of a second app; the buttons of WhatsApp's own."""


@pytest.fixture
def ear(sqlite_template: Path, tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch) -> Ear:
    """All scripts once, in the terminal, in English as there: here only those that tests/test_transcripts.py has not played in this run."""
    listening = Ear(monkeypatch)
    for name in scripts():
        if listening.recall(notes / f"{name}.heard"):
            continue
        file = tmp_path / f"{name}.db"
        file.write_bytes(sqlite_template.read_bytes())
        with World(f"sqlite:///{file}", tmp_path / "media") as world:
            play(TerminalPlayer(world), name, "en")
    return listening


def test_what_no_transcript_shows_is_known(ear: Ear) -> None:
    """One test, so that the scripts are played once however many workers there are."""
    listed = [key for keys in UNHEARD.values() for key in keys.split()] + [f"failure.{name}" for name in (*FAULTS, *OURS)]
    questions = {question(form, step) for form in topics.FORMS.values() for step in form.steps}
    assert sorted((set(texts("id")) - ear.texts) ^ set(listed)) == []
    assert questions - ear.questions == UNASKED
    assert set(topics.COMMANDS) - ear.commands == UNUSED
