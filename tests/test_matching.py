"""Typed buttons, yes and no, greetings, questions, and a product named in passing."""

from __future__ import annotations

import pytest

from handlers.reading import answers

LABELS = [("go", ("Lanjutkan",)), ("change", ("Ubah",)), ("skip", ("Lewati",)), ("send", ("Kirim ke petugas",))]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("lanjutkn", "go"),
        ("Lanjutkan ya bu", "go"),
        ("UBAH!", "change"),
        ("ubh", None),
        ("lewti", "skip"),
        ("kirim ke petugs", "send"),
        ("kirim", None),
        ("", None),
    ],
)
def test_a_button_typed_by_hand(text: str, id: str | None) -> None:
    assert answers.match(text, LABELS) == id


def test_two_spellings_alike_are_not_guessed() -> None:
    assert answers.match("keripik pisank", [("a", ("keripik pisang",)), ("b", ("keripik pisanh",))]) is None


@pytest.mark.parametrize("text", ["y", "iy", "iyaaa", "ya bu", "sdh", "ok", "oke siap", "gas", "👍", "👍🏽", "inggih", "yes"])
def test_yes(text: str) -> None:
    assert answers.yes(text) and not answers.no(text)


@pytest.mark.parametrize("text", ["endik", "kada", "gk", "gk ada", "blm", "belum", "ndak", "tidak kak", "no"])
def test_no(text: str) -> None:
    assert answers.no(text) and not answers.yes(text)


@pytest.mark.parametrize(
    ("text", "kind", "rest", "product"),
    [
        ("assalamualaikum, mau daftar amplang", "salam", "mau daftar amplang", "amplang"),
        ("Assalamu'alaikum wr. wb. bu", "salam", "", ""),
        ("halo kak mau jual keripik pisang", "hello", "mau jual keripik pisang", "keripik pisang"),
        ("selamat pagi pak", "hello", "", ""),
        ("Pagi Sore Catering", "", "Pagi Sore Catering", ""),
        ("mau daftar", "", "mau daftar", ""),
        ("saya mau daftar produk", "", "saya mau daftar produk", ""),
        ("bagaimana cara daftar", "", "bagaimana cara daftar", ""),
        ("I want to register banana chips", "", "I want to register banana chips", "banana chips"),
    ],
)
def test_greetings(text: str, kind: str, rest: str, product: str) -> None:
    assert (answers.is_greeting(text), answers.after_greeting(text), answers.product_in(text)) == (kind, rest, product)


@pytest.mark.parametrize(
    ("text", "question"),
    [("berapa lama prosesnya", True), ("gratis kah?", True), ("bisa daftar tanpa NIB gak", True), ("how do I register", True),
     ("Isinya 250 gram, ikan pipih, 3 bulan", False), ("kerupuk ikan", False), ("bisa 50 bungkus", False)],
)  # fmt: skip
def test_questions(text: str, question: bool) -> None:
    assert answers.looks_like_question(text) is question
