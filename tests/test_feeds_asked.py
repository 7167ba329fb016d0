"""What sites are told by a request: who asks, and since when a page is known."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bot.feeds import fetching
from bot.feeds.polling import sources
from tests.standin_sources import release
from tests.watching import watching


def test_sites_that_tell_only_when_something_changed_are_asked_so(database: str, tmp_path: Path) -> None:
    """If-Modified-Since instead of If-None-Match; a 304 of such a site says nothing of itself, and is asked so the next time too."""
    with watching(database, tmp_path, "ocds") as ocds:
        name = next(source.name for source in sources(ocds.world.app.settings))
        ocds.standin.packages, ocds.standin.dates = [{"releases": [release(1)]}, {"releases": [release(2)]}], {}
        ocds.all()
        for _ in range(2):
            ocds.standin.asked.clear()
            ocds.pass_by(days=1)
            assert {one.status for one in ocds.standin.asked} == {304}
            assert {one.headers["if-modified-since"] for one in ocds.standin.asked} == {"Mon, 02 Nov 2026 01:00:00 GMT"}
            assert not any("if-none-match" in one.headers for one in ocds.standin.asked)
        ocds.standin.packages[0] = {"releases": [release(1), release(3)]}
        first = next(iter(ocds.standin.dates))
        ocds.standin.dates[first] = "Wed, 25 Nov 2026 01:00:00 GMT"
        ocds.standin.asked.clear()
        ocds.pass_by(days=1)
        assert {one.status for one in ocds.standin.asked} == {200, 304}
        assert ocds.calls("ocds") == 3 and ocds.feed(name).error == ""


def test_sites_read_who_asks_and_where_to_find_out_more(sqlite_database: str, tmp_path: Path) -> None:
    page = "https://biropbj.example/lapak"
    version = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with watching(sqlite_database, tmp_path, "sirup", official_page=page) as sirup:
        sirup.all()
        (agent,) = {one.headers["user-agent"] for one in sirup.standin.asked}
        assert agent.startswith(f"Lapak/{version} (") and agent.endswith(f"; +{page})")
    assert fetching.agent("").endswith("one request a second)") and "+" not in fetching.agent("https://biro.example/\u00e9")
