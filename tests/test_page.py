"""The local chat page in a real browser: a registration with a reload, a lost connection, two tabs, the keyboard, narrow screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import AMPLANG, DESK, PHONE, Phone, album, context_of, opened, page_of, picture, to_the_photos
from tests.served import Served, history, say


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as found:
        yield found


@pytest.fixture
def served(sqlite_database: str, tmp_path: Path) -> Iterator[Served]:
    with Served(sqlite_database, tmp_path / "media") as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = context_of(browser)
    yield page_of(context, served.url)
    context.close()


def test_a_vendor_registers_and_reloads_in_the_middle(page: Page, tmp_path: Path) -> None:
    phone = Phone(page)
    to_the_photos(phone)
    heard = phone.send_album(album(tmp_path, [3, 4, 5]), "Amplang ikan tenggiri 25rb per bungkus")
    assert "3 foto" in heard
    picture(page, "chat-phone.png")
    expect(phone.box.locator(".turn.me .album img")).to_have_count(3)
    phone.say(AMPLANG[0])
    phone.text.fill("dua rat")
    before = phone.lines()
    page.reload()
    expect(phone.box.locator(".turn.me .album img")).to_have_count(3)
    assert phone.lines() == before
    expect(phone.text).to_have_value("dua rat")
    for words in AMPLANG[1:]:
        phone.say(words)
    expect(phone.heard.last.locator(".album img")).to_have_count(1)
    assert "terkirim" in phone.tap("Kirim ke petugas")


def test_ten_seconds_offline_lose_nothing(page: Page, served: Served) -> None:
    phone = Phone(page)
    phone.begin()
    phone.tap("Setuju")
    page.context.set_offline(True)
    expect(phone.box.locator(".offline")).to_be_visible()
    phone.write("Bu Siti")
    phone.write("siapa ini?")
    with served.client() as elsewhere:
        say(elsewhere, "petugas", text="Halo")
    assert phone.box.locator(".turn.me .unseen", has_text="menunggu").count() == 2
    page.wait_for_timeout(10_000)
    assert "Bu Siti" not in str([event.get("text") for event in seen(served)])
    page.context.set_offline(False)
    expect(phone.box.locator(".offline")).to_be_hidden()
    expect(phone.box.locator(".turn.me .unseen", has_text="menunggu")).to_have_count(0)
    expect(phone.heard).to_have_count(len([event for event in seen(served) if event["from"] == "bot"]))
    assert [event["text"] for event in seen(served) if event["from"] == "me"][-2:] == ["Bu Siti", "siapa ini?"]
    expect(Phone(page, "petugas").heard).to_have_count(1)


def test_what_was_written_offline_survives_a_closed_page(page: Page, served: Served, tmp_path: Path) -> None:
    phone = Phone(page)
    to_the_photos(phone)
    page.route("**/chat/pemilik/photos", lambda route: route.abort())
    phone.box.locator("[data-pick=album]").set_input_files(album(tmp_path, [6, 7]))
    phone.text.fill("Keripik pisang 10rb per bungkus")
    phone.box.get_by_role("button", name="Kirim", exact=True).click()
    expect(phone.box.locator(".turn.me .album img")).to_have_count(2)
    page.close()
    again = Phone(page_of(page.context, served.url))
    expect(again.heard).to_have_count(4)
    expect(again.box.locator(".turn.me .album img")).to_have_count(2)
    assert len([event for event in seen(served) if event.get("media") and event["from"] == "me"]) == 2


def seen(served: Served, persona: str = "pemilik") -> list[dict[str, object]]:
    with served.client() as client:
        return history(client, persona)


def test_two_tabs_show_the_same(page: Page, served: Served) -> None:
    one, other = Phone(page), Phone(page_of(page.context, served.url))
    one.begin()
    expect(other.heard).to_have_count(1)
    other.tap("Setuju")
    expect(one.heard).to_have_count(2)
    assert one.lines() == other.lines()
    expect(one.box.locator(".answers button:enabled")).to_have_count(0)


def test_a_question_that_is_over_cannot_be_tapped(page: Page) -> None:
    phone = Phone(page)
    phone.begin()
    phone.say("setuju")
    expect(phone.heard.first.locator("button[data-press]:enabled")).to_have_count(0)


def test_by_keyboard_alone(page: Page) -> None:
    phone = Phone(page)
    focus(page, "Mulai")
    phone.after(lambda: page.keyboard.press("Enter"))
    focus(page, "Setuju")
    phone.after(lambda: page.keyboard.press("Enter"))
    expect(phone.text).to_be_focused()
    page.keyboard.type("Bu Siti")
    assert "Bu Siti" in phone.after(lambda: page.keyboard.press("Enter"))


def focus(page: Page, label: str) -> None:
    """By the tab key until a button has the focus; it is seen to have it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.evaluate("element => element.tagName") == "BUTTON" and label in focused.inner_text():
            assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
            return
    pytest.fail(f"the tab key never reaches {label!r}")


def test_a_bubble_is_answered_by_quoting_it(page: Page, served: Served) -> None:
    phone = Phone(page)
    phone.begin()
    phone.heard.first.locator(".words").click()
    phone.box.get_by_role("button", name="Balas pesan ini").first.click()
    phone.say("siapa ini?")
    expect(phone.box.locator(".told")).to_have_count(1)
    quoted = [event for event in seen(served) if event.get("quoted")]
    assert [event["quoted"] for event in quoted] == [seen(served)[1]["external"]]


def test_a_picture_is_enlarged(page: Page, tmp_path: Path) -> None:
    phone = Phone(page)
    to_the_photos(phone)
    phone.send_album(album(tmp_path, [8]))
    phone.box.locator(".album button").click()
    expect(page.locator(".lightbox img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lightbox")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 430])
def test_nothing_is_wider_than_a_phone(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    phone = Phone(page)
    to_the_photos(phone)
    phone.say("a" * 120)
    wider = "() => [document.documentElement, ...document.querySelectorAll('.log')].map(one => one.scrollWidth - one.clientWidth)"
    assert page.evaluate(wider) == [0, 0, 0]


def test_both_phones_side_by_side(page: Page) -> None:
    vendor, officer = Phone(page), Phone(page, "petugas")
    expect(officer.box).to_be_hidden()
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    expect(officer.box).to_be_visible()
    vendor.begin()
    officer.begin()
    boxes = [phone.box.bounding_box() for phone in (vendor, officer)]
    assert boxes[0] and boxes[1] and boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"] and boxes[0]["width"] <= PHONE[0] + 40


def test_the_switch_tells_of_new_messages(page: Page, served: Served) -> None:
    with served.client() as client:
        expect(Phone(page).box.locator(".status")).to_have_text("online")
        say(client, "petugas", text="Halo")
    expect(page.locator("[data-show=petugas] .unread")).to_have_text("1")
    officer = Phone(page, "petugas")
    officer.show()
    expect(officer.heard.first).to_be_visible()
    expect(page.locator("[data-show=petugas] .unread")).to_be_hidden()


def test_a_sheet_is_shown_by_its_name(page: Page, tmp_path: Path) -> None:
    officer = Phone(page, "petugas")
    officer.show()
    officer.begin()
    sheets = [("Rencana.csv", "Nama Paket,Pagu\nSnack rapat,5000000\n", "Ada 1 baris"), ("kosong.csv", "", "belum ada isinya")]
    for name, content, heard in sheets:
        (tmp_path / name).write_text(content)
        officer.box.locator("[data-pick=album]").set_input_files(tmp_path / name)
        assert heard in officer.after(lambda: officer.box.get_by_role("button", name="Kirim", exact=True).click())
        expect(officer.box.locator(".turn.me .words").last).to_contain_text(name)
        expect(officer.box.locator(".turn.me .words svg").last).to_be_visible()
