"""Photos and albums: they join the photos of their form, whenever they come."""

from __future__ import annotations

from datetime import timedelta

from models.conversation import drafts_of
from tests.forms import NAME, PHOTOS, TRIAL, asks, opened
from tests.talk import Talk


def test_parts_of_an_album_join_after_the_question_moved_on(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1, group="g")
    talk.say("Amplang")
    assert asks(talk, "price")
    talk.photo(2, group="g")
    assert asks(talk, "price")
    assert [part["name"] for part in talk.answers["photos"]] == ["1.jpg", "2.jpg"]


def test_a_late_part_joins_the_draft_it_was_sent_for(talk: Talk) -> None:
    talk.forms["other"] = TRIAL.__class__("other", TRIAL.steps, TRIAL.facts, TRIAL.finish, title=TRIAL.title)
    talk.begin("trial")
    talk.photo(1, caption="Amplang 25rb per bungkus", group="g")
    talk.begin("other")
    talk.photo(8, group="h")
    heard = talk.photo(2, group="g")
    assert "masuk ke Amplang" in heard.text and asks(talk, "name")
    assert [part["name"] for part in talk.answers["photos"]] == ["8.jpg"]
    first = drafts_of(talk.session, talk.meet().id or 0)
    assert sorted(len(one.answers["photos"]) for one in first) == [1, 2]


def test_a_part_that_comes_after_the_end_begins_nothing(talk: Talk) -> None:
    opened(talk, PHOTOS)
    talk.photo(1, group="g")
    talk.tap("Kirim")
    assert "setelah isiannya selesai" in talk.photo(2, group="g").text
    assert talk.current() is None


def test_a_photo_at_another_question_is_kept(talk: Talk) -> None:
    talk.begin("trial", answers={"photos": [], "name": "Amplang"})
    talk.photo(1)
    talk.photo(2)
    assert asks(talk, "price") and len(talk.answers["photos"]) == 2


def test_the_same_picture_and_a_sixth_are_not_kept(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1)
    assert "sama dengan" in talk.photo(1).text
    talk.photo(2)
    talk.photo(3)
    assert "sudah penuh" in talk.photo(4).text
    assert len(talk.answers["photos"]) == 3


def test_photos_are_replaced_when_they_are_asked_again(talk: Talk) -> None:
    opened(talk, PHOTOS, NAME)
    talk.photo(1, group="g")
    talk.say("ubah")
    talk.tap("Photos")
    assert "Tetap 1 foto" in talk.labels()
    talk.photo(1, group="new", problem="too_small")
    talk.photo(5, group="new")
    talk.photo(6, group="new")
    assert [part["name"] for part in talk.answers["photos"]] == ["5.jpg", "6.jpg"]


def test_a_caption_answers_what_it_says_and_nothing_twice(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1, caption="Amplang ikan tenggiri 25rb per bungkus")
    assert asks(talk, "fruit") and talk.answers["name"] == "Amplang ikan tenggiri"
    talk.photo(2, caption="Kerupuk udang 10rb per bungkus")
    assert talk.answers["name"] == "Amplang ikan tenggiri" and talk.answers["price"]["amount"] == 25_000


def test_the_photo_that_begins_a_product_was_sent_before_it_began(talk: Talk) -> None:
    talk.meet()
    talk.photo(1, group="g", sent_at=talk.now - timedelta(seconds=20))
    assert len(talk.answers["photos"]) == 1


def test_the_photos_that_begin_a_product_may_come_hours_late(talk: Talk) -> None:
    """A platform delivers for days what we could not take."""
    talk.meet()
    talk.photo(1, group="g", sent_at=talk.now - timedelta(hours=5))
    talk.now += timedelta(seconds=3)
    talk.photo(2, group="g", sent_at=talk.now - timedelta(hours=5))
    assert len(talk.answers["photos"]) == 2


def test_a_photo_sent_long_before_is_not_taken_for_this_product(talk: Talk) -> None:
    talk.begin("trial")
    assert "belum waktunya" in talk.photo(1, sent_at=talk.now - timedelta(minutes=5)).text
    assert "photos" not in talk.answers
