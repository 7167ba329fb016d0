"""A real browser before the real server: a phone is driven as its owner does, by what it shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.pictures import encoded, product
from tests.world import MORNING

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PHONE = (390, 844)
DESK = (1280, 900)
AMPLANG = ("250 gram, ikan tenggiri, 3 bulan", "200", "Belum punya", "Jl. Gerilya, Sungai Pinang, Samarinda", "Amplang Bu Siti",
           "Siti Aminah", "9120001234567", "0812-3456-7890")  # fmt: skip
"""Answers from the photos to the summary."""
DOCS = Path(__file__).parent.parent / "docs"


@contextmanager
def opened() -> Iterator[Browser]:
    """The browser of the system; none is ever downloaded."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed here: none of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


def context_of(browser: Browser, size: tuple[int, int] = PHONE) -> BrowserContext:
    width, height = size
    return browser.new_context(
        viewport={"width": width, "height": height}, locale="id-ID", timezone_id="Asia/Makassar", reduced_motion="reduce"
    )


def page_of(context: BrowserContext, url: str) -> Page:
    """The page, failing on whatever the browser complains about but a connection that was cut."""
    page = context.new_page()
    page.clock.set_system_time(MORNING)
    page.on("pageerror", lambda error: pytest.fail(f"the page broke: {error}"))
    page.on("request", lambda request: _is_own(request.url, url))
    page.goto(url)
    return page


def _is_own(asked: str, url: str) -> None:
    assert asked.startswith((url, f"blob:{url}")), f"asked for something outside: {asked}"


def album(folder: Path, seeds: list[int]) -> list[Path]:
    files = [folder / f"foto{seed}.jpg" for seed in seeds]
    for file, seed in zip(files, seeds, strict=True):
        file.write_bytes(encoded(product(seed)))
    return files


def picture(page: Page, name: str) -> None:
    """A screenshot for the documentation, when it is asked for."""
    if os.environ.get("LAPAK_SCREENSHOTS") == "1":
        DOCS.mkdir(exist_ok=True)
        page.screenshot(path=DOCS / name)


class Phone:
    """One persona's side of the page."""

    def __init__(self, page: Page, persona: str = "pemilik") -> None:
        self.page, self.persona = page, persona
        self.box = page.locator(f"[data-persona={persona}]")
        self.heard: Locator = self.box.locator(".turn.bot:not(.typing)")
        self.text = self.box.locator("textarea")

    def show(self) -> None:
        self.page.locator(f"[data-show={self.persona}]").click()

    def begin(self) -> str:
        return self.after(lambda: self.box.get_by_role("button", name="Mulai", exact=True).click())

    def after(self, act: Callable[[], None]) -> str:
        """Does something and waits for the answer, a new bubble or an edited one; returns its words."""
        before = self.heard.count()
        shown = self.heard.last.inner_text() if before else ""
        act()
        self.page.wait_for_function(
            """([persona, before, shown]) => {
              const heard = [...document.querySelectorAll(`[data-persona=${persona}] .turn.bot:not(.typing)`)];
              return heard.length > before || (before && heard.length === before && heard.at(-1).innerText !== shown);
            }""",
            arg=[self.persona, before, shown],
        )
        return self.words()

    def words(self) -> str:
        return self.heard.last.locator(".words").inner_text()

    def say(self, text: str) -> str:
        return self.after(lambda: self.write(text))

    def write(self, text: str) -> None:
        self.text.fill(text)
        self.text.press("Enter")

    def tap(self, label: str) -> str:
        """Taps a button that can still be tapped; the newest where several say the same."""
        return self.after(lambda: self.button(label).click())

    def button(self, label: str) -> Locator:
        return self.box.locator(".answers button:enabled").filter(has_text=label).last

    def send_album(self, files: list[Path], caption: str = "") -> str:
        self.box.locator("[data-pick=album]").set_input_files(files)
        expect(self.box.locator(".strip img")).to_have_count(len(files))
        self.text.fill(caption)
        return self.after(lambda: self.box.get_by_role("button", name="Kirim", exact=True).click())

    def lines(self) -> list[str]:
        """Everything said, in the order shown."""
        return [" ".join(words.split()) for words in self.box.locator(".turn:not(.typing) .words").all_inner_texts()]


def to_the_photos(phone: Phone) -> None:
    phone.begin()
    phone.tap("Setuju")
    phone.say("Bu Siti")
