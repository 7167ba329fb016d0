"""Whoever puts a product or a call into another etalase than was guessed teaches the guess, in proportion to how many say so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, col, select

from models.call import Call
from models.etalase import NOTHING, Guess, classify, sure
from models.lessons import MOST, OFFICER, VENDOR, Said, learn, taught_of, teach
from models.product import Product
from models.relevance import rank
from models.taste import Lesson
from tests.test_vendor_fix import flag
from tests.vendors import add_person
from tests.world import World, text_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def offer(world: World, name: str, product: str, photo: int = 1) -> str:
    """A newcomer up to the question after the name and price of a product; what is asked then."""
    world.say(name, "halo")
    world.tap(name, "Setuju")
    world.say(name, f"Bu {name.title()}")
    return text_of(world.photos(name, [photo], f"{product} 25rb per buah"))


def send(world: World, name: str, nib: str) -> None:
    """The rest of the registration."""
    answer(world, name, nib)
    world.tap(name, "Kirim ke petugas")


def answer(world: World, name: str, nib: str) -> None:
    """Up to the card."""
    world.say(name, "Terbuat dari kayu pilihan, tinggi 20 cm")
    world.say(name, "20")
    world.say(name, "Jl. Gerilya, Sungai Pinang, Samarinda")
    world.say(name, f"Karya {name.title()}")
    world.say(name, f"{name.title()} Aminah")
    world.say(name, nib)
    world.say(name, "081234567890")


def lessons(world: World) -> list[tuple[str, list[str], str]]:
    rows = world.read(lambda session: session.exec(select(Lesson).order_by(col(Lesson.id))).all())
    return [(row.text, row.etalase, row.by) for row in rows]


def labels(world: World, name: str) -> list[str]:
    return [button.label for button in world.last[name].buttons]


def test_what_a_vendor_chooses_is_offered_first_to_the_next(world: World) -> None:
    offer(world, "siti", "Zarfuk ukuran besar")
    assert len(labels(world, "siti")) > 4, "nothing is known of it: all groups are offered"
    world.tap(name="siti", label="Suvenir")
    assert lessons(world) == [], "only what is sent is kept"
    send(world, "siti", "9120001234567")
    assert lessons(world) == [("Zarfuk ukuran besar", ["suvenir"], VENDOR)]
    offer(world, "rina", "Zarfuk kecil", 2)
    assert labels(world, "rina")[0] == "Suvenir & Kerajinan"
    assert len(labels(world, "rina")) <= 4


def test_what_was_guessed_teaches_nothing(small_world: World) -> None:
    offer(small_world, "siti", "Miniatur perahu kayu")
    send(small_world, "siti", "9120001234567")
    assert lessons(small_world) == []


def test_an_officers_choice_for_a_call_is_kept_and_heard(world: World) -> None:
    world.officer("petugas")
    for number in ("satu", "dua"):
        world.say("petugas", f"peluang: Pengadaan zarfuk {number}")
        world.say("petugas", "Dinas Pariwisata")
        world.say("petugas", "smd")
        if number == "satu":
            world.tap("petugas", "Suvenir")
            world.tap("petugas", "Selesai")
        world.say("petugas", "18,5 juta")
        world.say("petugas", "25 November 15.00")
        card = text_of(world.say("petugas", "lewati"))
        assert "Suvenir & Kerajinan" in card
        world.tap("petugas", "Simpan peluang")
    assert lessons(world) == [("Pengadaan zarfuk satu", ["suvenir"], OFFICER)], "the second was guessed rightly"


def test_lessons_are_read_anew_when_there_are_more(world: World) -> None:
    person = world.write(lambda session: add_person(session, "siti"))
    assert world.read(lambda session: classify("zarfuk", taught=taught_of(session))) == []

    def say(session: Session) -> None:
        learn(session, "zarfuk", ["mebel"], OFFICER, person, world.now)
        assert classify("zarfuk", taught=taught_of(session))[0].code == "mebel"

    world.write(say)
    first = world.read(taught_of)
    assert world.read(taught_of) is first, "nothing changed"
    world.write(lambda session: learn(session, "zarfuk", ["listrik"], OFFICER, person, world.now))
    assert world.read(lambda session: classify("zarfuk", taught=taught_of(session)))[0].code == "listrik", "the last word of a person holds"


def test_what_was_not_committed_teaches_nobody(world: World) -> None:
    person = world.write(lambda session: add_person(session, "siti"))

    def fail(session: Session) -> None:
        learn(session, "zarfuk", ["mebel"], OFFICER, person, world.now)
        assert classify("zarfuk", taught=taught_of(session))
        raise LookupError

    with pytest.raises(LookupError):
        world.write(fail)
    assert world.read(lambda session: classify("zarfuk", taught=taught_of(session))) == []
    world.write(lambda session: learn(session, "zarfuk", ["listrik"], OFFICER, person, world.now))
    assert world.read(lambda session: classify("zarfuk", taught=taught_of(session)))[0].code == "listrik"


def guess(text: str, *said: Said) -> list[Guess]:
    return classify(text, taught=teach(said))


def vendors(n: int, text: str, code: str, by: str = VENDOR) -> list[Said]:
    return [Said(text, (code,), by, who) for who in range(1, n + 1)]


def test_one_person_counts_once_and_officers_count_more() -> None:
    often = [Said(f"zarfuk nomor{number}x", ("mebel",), VENDOR, 1) for number in range(50)]
    assert not sure(guess("zarfuk", *often))
    assert not sure(guess("zarfuk", *vendors(1, "zarfuk", "mebel")))
    assert sure(guess("zarfuk", *vendors(1, "zarfuk", "mebel", OFFICER)))
    assert sure(guess("zarfuk", *vendors(4, "zarfuk", "mebel")))


def test_nonsense_of_one_does_not_overturn_what_is_known() -> None:
    for by in (VENDOR, OFFICER):
        for text in ("kopi bubuk", "kopi", "kopi robusta 1kg"):
            found = guess(text, *vendors(1, "kopi bubuk", "mebel", by))
            assert found[0].code == "mamin" and sure(found)
    assert guess("kopi bubuk", *vendors(20, "kopi bubuk", "mebel", OFFICER))[0].code == "mebel", "but twenty officers are heard"
    assert guess("kopi", *vendors(20, "kopi bubuk", "mebel", OFFICER))[0].code == "mamin", "of that name, not of its words"


def test_a_quarter_or_a_rank_teaches_nothing() -> None:
    said = vendors(50, "Sewa Kendaraan Operasional Pejabat Eselon II", "sewa-kendaraan", OFFICER)
    assert guess("Bahan Bangunan (Triwulan II)", *said) == guess("Bahan Bangunan (Triwulan II)")


def test_those_who_disagree_weigh_each_other_down() -> None:
    alone = guess("zarfuk", *vendors(3, "zarfuk", "mebel"))[0].score
    torn = guess("zarfuk", *vendors(3, "zarfuk", "mebel"), *[Said("zarfuk", ("atk",), VENDOR, who) for who in (7, 8, 9)])
    assert {one.code for one in torn} == {"mebel", "atk"} and torn[0].score < alone


def test_a_lesson_adds_no_more_than_so_much() -> None:
    taught = teach(vendors(10_000, "zarfuk", "mebel", OFFICER))
    assert taught.weights[frozenset({"zarfuk"})]["mebel"] < MOST
    assert classify("", taught=taught) == []
    assert teach([]).weights == NOTHING.weights


def test_a_withdrawn_etalase_is_no_longer_taught(small_world: World) -> None:
    person = small_world.write(lambda session: add_person(session, "siti"))
    small_world.write(lambda session: learn(session, "zarfuk", ["gone"], OFFICER, person, NOW))
    assert small_world.read(lambda session: classify("zarfuk", taught=taught_of(session))) == []


def sent_as_clothes(world: World) -> None:
    """What looks like a souvenir, changed on the card by its vendor."""
    offer(world, "siti", "Miniatur perahu kayu")
    answer(world, "siti", "9120001234567")
    world.say("siti", "ubah")
    world.tap("siti", "Kelompok")
    world.tap("siti", "Kelompok lain")
    world.tap("siti", "Pakaian")
    world.tap("siti", "Kirim ke petugas")


def test_a_vendors_word_on_the_own_product_holds_at_once_and_decides_for_nobody_else(world: World) -> None:
    sent_as_clothes(world)
    [own] = world.read(lambda session: session.exec(select(Product.etalase)).all())
    assert own == "pakaian"

    def fitting(session: Session, etalase: str) -> list[str]:
        call = Call(source_id="x", title="Pengadaan", region="64.72", etalase=[etalase], created_at=world.now)
        return [match.product for match in rank(session, call)]

    assert world.read(lambda session: fitting(session, "pakaian")) == ["Miniatur perahu kayu"], "calls are matched to it"
    assert world.read(lambda session: fitting(session, "suvenir")) == []
    found = world.read(lambda session: classify("Miniatur perahu kayu", taught=taught_of(session)))
    assert found[0].code == "suvenir" and sure(found), "one voice is not enough for others"
    offer(world, "rina", "Miniatur perahu kayu", 2)
    answer(world, "rina", "9120001234568")
    assert "Suvenir & Kerajinan" in text_of([world.last["rina"]])


def test_a_choice_that_is_taken_back_is_heard(world: World) -> None:
    """Changed on the card against the guess, and back to the guess when an officer asks: each time the last word counts."""
    sent_as_clothes(world)
    assert lessons(world) == [("Miniatur perahu kayu", ["pakaian"], VENDOR)]
    world.say("siti", "batal")
    world.press("siti", flag(world, {"etalase": {"key": "etalase_other"}}))
    world.tap("siti", "Suvenir")
    world.tap("siti", "Kirim")
    assert lessons(world)[1:] == [("Miniatur perahu kayu", ["suvenir"], VENDOR)]
    taught = world.read(taught_of)
    assert {code for weights in taught.weights.values() for code in weights} == {"suvenir"}
