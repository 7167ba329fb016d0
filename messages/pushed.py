"""The messages that people get without having just written: on WhatsApp each has a template, named after its key.

A notice that is not in this table can only wait for the person's next message; a test finds each that is queued and not listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from messages.message import Option, Params, Value
from messages.values import day, joined, left, lines, moment, rupiah, say

SAID_AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""When the samples are said."""
CLOSES = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
SAMPLE = "Sosialisasi katalog Kamis 26 November jam 9 di kantor Biro PBJ. Gratis."

TITLE = "Konsumsi rapat 50 orang"
LINK = say("call.with_link", link="https://sirup.lkpp.go.id/sirup/home")
CHANGE = say("call.change_closes_at", old=moment(CLOSES), new=moment(CLOSES + timedelta(days=2)))
OPENED: dict[str, Value] = {
    "title": TITLE, "ends": say("call.opened_until", closes=moment(CLOSES), left=left(CLOSES)), "link": LINK,
}  # fmt: skip
LINE = say(
    "call.line",
    place=1,
    title=TITLE,
    buyer="Dinas Kesehatan Kota Samarinda",
    budget=say("call.with_budget", budget=rupiah(18_500_000)),
    where="Samarinda",
    closes=moment(CLOSES),
    why=say("call.why_line", reasons=say("call.why_category", product="Nasi Kotak")),
)


@dataclass(frozen=True, slots=True)
class Pushed:
    """`category`: utility is about what the person did or asked for, marketing all else; a message that may be both is two keys.

    `sample` stands in for the parameters when the template is submitted. `buttons` are what the template shows: one without a `press`
    takes that of the message's button of the same id. `bare` are parameters whose own dressing (", Rp18.500.000") is left off, because
    the template's text has words for it.
    """

    key: str
    category: Literal["utility", "marketing"]
    sample: Params
    buttons: tuple[Option, ...] = ()
    bare: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.key.replace(".", "_")


WHOLE = Option("whole", press="c:whole:0:0")
"""Says the message again as it is, freely: whoever taps has just written."""
PRODUCTS = Option("products", press="c:products:0:0")
ASK = Option("ask_officer", press="c:ask_officer:0:0")
QUEUE = Option("queue", press="c:queue:0:0")
INBOX = Option("inbox", press="c:inbox:0:0")


def point(field: str, reason: str) -> Params:
    return {"field": say(f"fix.{field}.label"), "reason": say(f"reason.{reason}")}


TABLE = (
    Pushed("officers.line_stopped", "utility", {"account": "whatsapp:123456123", "why": say("failure.restricted")}),
    Pushed(
        "officers.ceiling",
        "utility",
        {
            "account": "whatsapp:123456123",
            "spent": rupiah(999_864),
            "ceiling": rupiah(1_000_000),
            "waits": joined([say("officers.waits_announced", n=420), say("officers.waits_others", n=3)], ", "),
            "again": day(date(2026, 12, 1)),
        },
    ),
    # What the owner did: the officer's word on a product, the answer to a question.
    Pushed("decision.approved", "utility", {"product": "Amplang Pipih", "route": say("route.KATALOG")}, (PRODUCTS,)),
    Pushed(
        "decision.fix",
        "utility",
        {
            "product": "Amplang Pipih",
            "n": 2,
            "list": lines(
                say("decision.point", reason=say("decision.reason", **point(*why))) for why in (("photos", "dark"), ("pirt", "no_licence"))
            ),
        },
        (Option("fix", say("decision.fix_now")), ASK),
    ),
    Pushed("product.nib_twice", "utility", {"business": "Keripik Bu Siti"}),
    # What somebody said "Saya berminat" to.
    Pushed(
        "call.soon",
        "utility",
        {"title": TITLE, "closes": moment(CLOSES), "left": left(CLOSES), "how": say("call.how_langsung"), "link": LINK},
        (Option("call_ask"), Option("call_what")),
        bare=("link",),
    ),
    Pushed("call.changed_for_you", "utility", {"title": TITLE, "list": CHANGE, "link": LINK}, (Option("call_open"),), bare=("link",)),
    Pushed("call.opened_for_you", "utility", OPENED | {"way": say("call.how_langsung")}, (Option("call_open"),), bare=("link",)),
    Pushed("call.off_for_you", "utility", {"title": TITLE, "why": say("call.off_because", reason="anggaran digeser")}),
    Pushed("decision.rejected", "utility", {"product": "Amplang Pipih", "reason": say("reason.not_local")}, (ASK, PRODUCTS)),
    Pushed(
        "decision.several",
        "utility",
        {
            "counts": joined([say("decision.n_approved", n=1), say("decision.n_fix", n=1)], ", "),
            "parts": lines(
                [
                    say("decision.group_approved", list="Amplang Pipih"),
                    say(
                        "decision.group_fix",
                        list=say("decision.item", number=1, product="Kerupuk", reasons=say("decision.reason", **point("photos", "dark"))),
                    ),
                ]
            ),
        },
        (PRODUCTS, WHOLE),
    ),
    Pushed(
        "question.reply",
        "utility",
        {"question": "Apakah usaha rumahan boleh ikut?", "answer": "Boleh, asal ada NIB. NIB dibuat gratis di oss.go.id"},
        (ASK, WHOLE),
    ),
    # What an officer's office is for: the queue, and what people ask.
    Pushed("review.waiting", "utility", {"n": 3}, (QUEUE,)),
    Pushed("review.triage", "utility", {"n": 200, "clean": 118, "warned": 52, "papers": 30, "late": 12}, (QUEUE,)),
    Pushed(
        "question.for_officer",
        "utility",
        {
            "who": say("question.asker", name="Bu Siti", business="Dapur Siti"),
            "about": say("question.about_call", title="Konsumsi rapat 50 orang"),
            "text": "Apakah harus ada izin PIRT?",
        },
        (Option("answer"),),
        bare=("about",),
    ),
    Pushed("question.replies_came", "utility", {"n": 12, "title": "Sosialisasi katalog Kamis 26 November"}, (INBOX,)),
    Pushed("report.ready", "utility", {"text": "Sosialisasi katalog Kamis 26 November"}, (WHOLE,)),
    Pushed(
        "board.body",
        "utility",
        {
            "text": "Sosialisasi katalog Kamis 26 November",
            "parts": lines([say("board.sent", sent=600, total=1200), say("board.left", n=600)]),
        },
        (WHOLE,),
    ),
    Pushed(
        "whatsapp.template_stopped",
        "utility",
        {"list": say("whatsapp.held", about=say("whatsapp.about.decision_fix"), state=say("whatsapp.state.paused"))},
    ),
    # What officers hear of their announcements.
    Pushed(
        "announcement.approve",
        "utility",
        {
            "writer": "Pak Yusuf",
            "place": "Samarinda",
            "text": SAMPLE,
            "audience": "Semua yang terdaftar, Samarinda",
            "when": moment(CLOSES),
            "until": moment(CLOSES),
            "who": say("reach.told", n=1200),
        },
        (Option("announcement_agree"), Option("announcement_refuse"), WHOLE),
    ),
    Pushed("announcement.approved", "utility", {"title": SAMPLE, "by": "Bu Ani"}, (Option("progress"),)),
    Pushed(
        "announcement.refused",
        "utility",
        {"title": SAMPLE, "by": "Bu Ani", "why": "tanggalnya belum pasti"},
        (Option("announcement_redo"),),
    ),
    Pushed("announcement.begun", "utility", {"title": SAMPLE, "n": 1200}, (Option("progress"),)),
    Pushed("announcement.begun_nobody", "utility", {"title": SAMPLE, "n": 0}, (Option("progress"),)),
    Pushed("announcement.lapsed", "utility", {"title": SAMPLE}, (Option("announcement_redo"),)),
    Pushed(
        "announcement.halted",
        "utility",
        {"title": SAMPLE, "why": say("announcement.halt_failing_n", n=25), "sent": 95, "left": 1080},
        (Option("progress"),),
    ),
    # What officers hear of the sources of calls.
    Pushed(
        "feeds.failing",
        "utility",
        {"list": say("feeds.stopped", name=say("feeds.name_sirup", site=""), why=say("feeds.why_unreachable"), since=moment(CLOSES))},
        (Option("sources"),),
    ),
    Pushed(
        "feeds.well",
        "utility",
        {"list": say("feeds.caught_up", name=say("feeds.name_sirup", site=""), new=120, changed=7)},
        (Option("sources"),),
    ),
    Pushed(
        "feeds.columns",
        "utility",
        {"list": say("feeds.moved", name=say("feeds.name_sirup", site=""), parts=say("feeds.columns_gone", list="pagu"))},
        (Option("sources"),),
    ),
    # What became of a sheet that an officer sent.
    Pushed(
        "sheet.done",
        "utility",
        {
            "n": 120,
            "counts": joined(
                [
                    say("feeds.n_new", n=112),
                    say("feeds.n_changed", n=5),
                    say("sheet.n_aside", n=3, why=say("sheet.reason", n=3, why=say("feeds.aside_no_title"))),
                ],
                ", ",
            ),
        },
        (Option("calls", press="c:calls:0:0"),),
    ),
    Pushed("sheet.ended", "utility", {"n": 50, "why": say("sheet.ended_stumbled")}),
    # What nobody asked for at that moment, however welcome.
    Pushed(
        "call.new",
        "marketing",
        {
            "buyer": "Dinas Kesehatan Kota Samarinda",
            "title": "Konsumsi rapat 50 orang",
            "budget": say("call.with_budget", budget=rupiah(18_500_000)),
            "place": "Samarinda",
            "closes": moment(CLOSES),
            "left": left(CLOSES),
            "reason": joined([say("call.why", reasons=say("call.why_category", product="Nasi Kotak")), say("call.way_langsung")], " "),
            "link": say("call.with_link", link="https://sirup.lkpp.go.id/sirup/home"),
        },
        (Option("call_yes"), Option("call_no"), Option("call_what")),
        bare=("budget", "link"),
    ),
    Pushed("call.digest", "marketing", {"n": 2, "list": lines([LINE, LINE])}, (WHOLE,)),
    Pushed("call.nearest", "marketing", {"n": 1, "list": lines([LINE])}, (WHOLE,)),
    Pushed("call.changed", "marketing", {"title": TITLE, "list": CHANGE, "link": LINK}, (Option("call_open"),), bare=("link",)),
    Pushed("call.opened", "marketing", OPENED | {"way": say("call.way_langsung")}, (Option("call_open"),), bare=("link",)),
    Pushed("call.off", "marketing", {"title": TITLE, "why": say("call.off_because", reason="anggaran digeser")}),
    Pushed(
        "announcement.body",
        "marketing",
        {"place": "Samarinda", "text": SAMPLE},
        (WHOLE,),
    ),
)
PUSHED = {one.key: one for one in TABLE}
NAMED = {one.name: one for one in TABLE}
