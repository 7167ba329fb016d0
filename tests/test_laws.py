"""The laws of a conversation, on the real registration: whatever is sent, twice, late, swapped or forged, nothing is lost."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func
from sqlmodel import select

from handlers import topics
from handlers.dialogue import EDIT, Form, Step, answered, read_press
from handlers.said import Said
from messages import Message, Rendered
from models.conversation import Conversation
from models.product import Product
from tests.door import Door, first_open, kept, reads_back
from tests.talk import photo

CALM = "LAPAK_LAWS" not in os.environ
PHASES = (Phase.generate, Phase.shrink) if CALM else (Phase.generate,)
RUNS = int(os.environ.get("LAPAK_LAWS", "18"))
"""More runs look further."""
PROPER: dict[str, tuple[str, ...]] = {
    "name": ("Amplang ikan tenggiri", "Meja kayu ulin 120 cm", "Jasa cuci AC kantor", "mau jual kerupuk udang"),
    "price": ("25rb per bungkus", "Rp1.500.000 per buah", "15 ribu/kg", "Rp75.000 per jam"),
    "price_sure": ("ya",),
    "details": ("250 gram, ikan tenggiri, tahan 3 bulan", "kayu ulin, 120 x 60 cm, garansi 1 tahun"),
    "capacity": ("200", "1", "sekitar 50"),
    "pirt": ("belum punya", "2063472010123-27", "MD 867031001123"),
    "place": ("Jl. Gerilya, Sungai Pinang, Samarinda", "Tenggarong", "Balikpapan Selatan"),
    "business": ("Amplang Bu Siti", "CV Karya Mandiri"),
    "owner": ("Siti Aminah", "Yusuf"),
    "nib": ("9120001234567", "9120 0012 34567", "nanti saja"),
    "phone": ("081234567890", "+62 812-3456-7890"),
    "brand": ("Cap Mahakam",),
    "minimum": ("10",),
    "lead": ("3",),
}
RUBBISH = (
    "25", "1", "2", "3", "25-30rb", "gak tau", "?", "berapa lama ya bu", "apa itu nib?", "halo", "assalamualaikum bu",
    "1234567890123456", "-", "y", "tidak", "kirim", "tetap", "selesai", "lainnya", "produk saya", "siapa ini", "bahasa",
    "berhenti", "kabari", "mulai", "daftar", "o1", "skip", "a:1:1:name:x", "\U0001f44d", "12 bungkus 15rb", "0812345", "  ",
    "\n", "x" * 2500, "*tebal* {you} {0}", "ada yang murah?",
)  # fmt: skip
REFUSED = ("belum bisa", "sudah penuh", "setelah isiannya selesai", "belum waktunya", "sama dengan")


class Laws(RuleBasedStateMachine):
    reached: ClassVar[list[bool]] = []

    def __init__(self) -> None:
        super().__init__()
        self.door = Door()
        self.door.meet()
        self.summary = False
        self.sent = 0
        self.late: list[Said] = []
        self.pressed: set[str] = set()
        self.before: dict[int, dict[str, Any]] = {}
        self.submitted = 0
        self.read: set[tuple[str, str]] = set()

    def teardown(self) -> None:
        before, rows = self.look(), self.door.replies()
        self.door.again()
        assert (self.look(), self.door.replies()) == (before, rows), "a repeat changed something"
        self.reached.append(self.summary)
        self.door.__exit__()

    def look(self) -> dict[int, dict[str, Any]]:
        self.door.session.expire_all()
        return {row.id or 0: kept(row) for row in self.door.session.exec(select(Conversation))}

    def hand(self, said: Said) -> Rendered | None:
        """One message, and the laws that hold for any."""
        self.before = self.look()
        heard = self.door.hand(said)
        if heard is None:
            assert said.press in self.pressed, f"silence after {said}"
        elif "sudah terkirim ke petugas" in heard.text:
            self.submitted += 1
        if said.press:
            self.pressed.add(said.press)
        self.nothing_lost(said)
        return heard

    def nothing_lost(self, said: Said) -> None:
        after = self.look()
        for id, old in self.before.items():
            new = after[id]
            for key, value in old["answers"].items():
                now = new["answers"].get(key)
                if now == value:
                    continue
                grew = isinstance(value, list) and isinstance(now, list) and now[: len(value)] == value
                corrected = said.kind == "text" and (key, old["asked"]) in (
                    ("price", "price_sure"),
                    ("price", "confirm"),
                    ("nib", "confirm"),
                )
                assert key in old["reopened"] or value is None or grew or corrected, (key, value, now, said)
            if not old["open"]:
                assert new == old, "a conversation that is over changed"

    def say(self, text: str, **more: Any) -> Rendered | None:
        return self.hand(Said(text=text, **more))

    def open_step(self) -> Step | None:
        conversation = self.door.current()
        if conversation is None:
            return None
        form = topics.FORMS[conversation.form]
        return first_open(form, conversation, self.facts(form, conversation))

    def facts(self, form: Form, conversation: Conversation) -> Any:
        return form.facts(self.door.visit(), conversation.about)

    def answer_properly(self, pick: int, times: int) -> None:
        for _ in range(times):
            step = self.open_step()
            if step is None:
                self.say("daftar")
            elif step.upto:
                self.send_photo()
            elif step.key in PROPER:
                self.say(PROPER[step.key][pick % len(PROPER[step.key])])
            elif step.summary and pick % 2:
                return
            elif buttons := [one.press for one in self.door.last["siti"].buttons if one.press.startswith("a:")]:
                self.hand(Said(kind="tap", press=buttons[0]))
            else:
                self.say("lanjut")

    @rule(pick=st.integers(0, 5), times=st.integers(3, 6))
    def answer_patiently(self, pick: int, times: int) -> None:
        self.answer_properly(pick, times)

    @rule(times=st.integers(2, 8))
    def answer_shortly(self, times: int) -> None:
        self.answer_properly(0, times)

    @rule(text=st.sampled_from(RUBBISH) | st.text(max_size=30))
    def answer_with_anything(self, text: str) -> None:
        self.say(text)

    @precondition(lambda self: "siti" in self.door.last and self.door.last["siti"].buttons)
    @rule(place=st.integers(0, 9))
    def tap_what_is_shown(self, place: int) -> None:
        buttons = self.door.last["siti"].buttons
        self.hand(Said(kind="tap", press=buttons[place % len(buttons)].press))

    @precondition(lambda self: self.door.shown.get("siti"))
    @rule(data=st.data())
    def tap_any_old_button(self, data: st.DataObject) -> None:
        presses = sorted({button.press for shown in self.door.shown["siti"] for button in shown.buttons if button.press.startswith("a:")})
        if not presses:
            return
        press = data.draw(st.sampled_from(presses))
        meant = read_press(press)
        assert meant
        row = self.door.session.get(Conversation, meant.conversation)
        stale = row is None or row.revision != meant.revision
        before = self.look()
        self.hand(Said(kind="tap", press=press))
        if stale and meant.option[:1] not in "+-":
            assert {id: old["answers"] for id, old in self.look().items() if id in before} == {
                id: old["answers"] for id, old in before.items()
            }

    @precondition(lambda self: self.door.came)
    @rule()
    def send_the_same_again(self) -> None:
        self.hand(self.door.came[-1].said)

    def send_photo(self, group: str = "", caption: str = "") -> None:
        self.sent += 1
        self.show(Said(kind="photo", photo=photo(self.sent), group=group, text=caption))

    def show(self, said: Said) -> None:
        heard = self.hand(said)
        names = [part["name"] for row in self.look().values() for part in row["answers"].get("photos") or []]
        assert said.photo and heard
        assert names.count(said.photo.name) <= 1, "a photo stands twice"
        assert said.photo.name in names or any(word in heard.text for word in REFUSED), ("a photo is lost", heard.text)

    @rule(parts=st.integers(1, 3), held=st.booleans(), caption=st.sampled_from(("", "", "Amplang 20rb per bungkus")))
    def send_an_album(self, parts: int, held: bool, caption: str) -> None:
        group = f"g{self.sent}"
        for place in range(parts):
            self.send_photo(group, "" if place else caption)
        if held:
            self.sent += 1
            self.late.append(Said(kind="photo", photo=photo(self.sent), group=group))

    @precondition(lambda self: self.late)
    @rule()
    def a_late_part_arrives(self) -> None:
        self.show(self.late.pop(0))

    @rule(pick=st.integers(0, 3))
    def two_texts_swap(self, pick: int) -> None:
        step = self.open_step()
        words = PROPER.get(step.key if step else "", ("halo",))
        early, late = self.door.now, self.door.now.replace(microsecond=1)
        self.say(words[pick % len(words)], sent_at=late, sequence=2)
        if self.door.current() is None or step is None or self.door.current() != self.door.session.get(Conversation, max(self.before)):
            return
        before = self.look()
        self.say("ini tadi duluan", sent_at=early, sequence=1)
        assert {id: row["answers"] for id, row in self.look().items()} == {id: row["answers"] for id, row in before.items()}

    @rule(word=st.sampled_from(("kembali", "ubah", "batal", "lanjut", "bantuan", "menu", "lewati", "tetap")))
    def a_word_that_works_everywhere(self, word: str) -> None:
        self.say(word)

    @rule()
    def everything_restarts(self) -> None:
        self.door.restart()

    @rule()
    def a_notice_comes_between(self) -> None:
        self.door.notice(Message("drafts.nothing"))

    @invariant()
    def the_laws(self) -> None:
        self.the_open_question_is_the_first_without_an_answer()
        self.a_product_for_each_submission()
        self.what_is_shown_of_an_answer_reads_back()

    def the_open_question_is_the_first_without_an_answer(self) -> None:
        conversation, step = self.door.current(), self.open_step()
        if conversation is None or not conversation.asked:
            return
        assert step is not None, "everything is answered, and the form is still open"
        assert conversation.asked["step"] in (step.key, EDIT)
        self.summary = self.summary or (step.summary and conversation.form == "product")

    def a_product_for_each_submission(self) -> None:
        made = self.door.session.execute(select(func.count()).select_from(Product)).scalar_one()
        assert made == self.submitted

    def what_is_shown_of_an_answer_reads_back(self) -> None:
        for row in self.door.session.exec(select(Conversation)):
            form = topics.FORMS[row.form]
            for step in form.steps:
                value = row.answers.get(step.key)
                if value is None or step.upto or step.many or not answered(step, row.answers) or step.summary:
                    continue
                if (step.key, str(value)) in self.read:
                    continue
                self.read.add((step.key, str(value)))
                assert reads_back(step, value, row.answers, self.facts(form, row)), (step.key, value)


def test_the_laws_hold_whatever_is_sent() -> None:
    Laws.reached.clear()
    run_state_machine_as_test(
        Laws,
        settings=settings(max_examples=RUNS, stateful_step_count=30, deadline=None, derandomize=CALM, database=None, phases=PHASES,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    share = sum(Laws.reached) / len(Laws.reached)
    print(f"{share:.0%} of {len(Laws.reached)} runs came to the card")  # noqa: T201
    assert share >= 0.3
