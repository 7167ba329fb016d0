"""The questions everybody asks."""

from __future__ import annotations

import pytest

from tests.test_registration import register
from tests.world import World, text_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ini gratis kah?", "Gratis, Bu Siti"),
        ("kena pajak tidak bu?", "belum diverifikasi"),
        ("apa itu nib?", "13 angka"),
        ("kbli itu apa ya?", "5 angka"),
        ("kalau belum punya pirt gimana?", "izin makanan"),
        ("berapa lama diperiksa?", "urutan masuk"),
        ("ini siapa ya, penipuan bukan?", "Kami tidak pernah minta uang"),
        ("kalau ada pesanan lalu bagaimana?", "tanda terima"),
    ],
)
def test_it_is_answered_at_an_open_question_which_is_shown_again(small_world: World, words: str, expected: str) -> None:
    register(small_world)
    small_world.photos("siti", [40], "Keripik pisang 15rb per bungkus")
    heard = text_of(small_world.say("siti", words))
    assert expected in heard and "Isinya berapa" in heard


def test_every_fixed_answer_has_a_button(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    small_world.say("siti", "bantuan")
    small_world.tap("siti", "Pertanyaan umum")
    labels = [button.label for button in small_world.last["siti"].buttons][:9]
    assert len(labels) == 9
    for label in labels:
        small_world.say("siti", "bantuan")
        small_world.tap("siti", "Pertanyaan umum")
        heard = text_of(small_world.tap("siti", label))
        assert "belum paham" not in heard and len(heard) > 60
