"""A connection to a site is kept between two requests, and left before the site would close it: real HTTP, on a clock that tests turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from httpcore._async import http11

from bot.feeds.fetching import PACE, Fetcher, Manners, Trouble, fetching
from tests.watching import Clock

WEARY = 5 * PACE
"""Seconds after which the site closes a connection on which nothing is asked, as many do."""
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Keeping(Clock):
    """The same seconds for whoever keeps a connection, who asks the time in its own way."""

    def monotonic(self) -> float:
        return self.seconds


class Site:
    """What comes on a connection that was idle for too long meets one that is just closed: it gets no answer."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[int] = []
        """Of each request, on the how manieth connection it came."""
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number, idle_since = self.connections, self.clock.seconds
        while await self._request(reader):
            self.asked.append(number)
            if self.clock.seconds - idle_since >= WEARY:
                break
            writer.write(ANSWER)
            await writer.drain()
            idle_since = self.clock.seconds
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""


@asynccontextmanager
async def asking(clock: Clock, sources: int) -> AsyncIterator[tuple[Site, str, list[Fetcher]]]:
    """So many sources of one site, each with connections of its own, and one after the other as politeness wants it."""
    site, manners = Site(clock), Manners(clock.ticks, clock.sleep)
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0) as server, AsyncExitStack() as stack:
        fetchers = [await stack.enter_async_context(fetching(manners)) for _ in range(sources)]
        yield site, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", fetchers


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Keeping:
    made = Keeping()
    monkeypatch.setattr(http11, "time", made)
    return made


def test_one_that_asks_every_second_keeps_its_connection(clock: Keeping) -> None:
    async def play() -> list[int]:
        async with asking(clock, 1) as (site, url, (fetcher,)):
            for _ in range(8):
                assert (await fetcher.get(url)).text == "{}"
            return site.asked

    assert asyncio.run(play()) == [1] * 8 and clock.waits == [PACE] * 8


def test_of_sources_that_are_asked_in_turn_none_meets_a_connection_that_is_being_closed(clock: Keeping) -> None:
    """Five of one host come round after exactly the seconds after which the site closes."""

    async def play() -> list[int]:
        async with asking(clock, int(WEARY / PACE)) as (site, url, fetchers):
            for fetcher in fetchers * 2:
                assert (await fetcher.get(url)).text == "{}"
            return site.asked

    assert asyncio.run(play()) == [*range(1, 11)], "each on a connection of its own"


def test_the_site_would_have_cut_it_off(clock: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the site of these tests does so: on the same connection after the same time there is no answer."""

    async def play() -> Trouble:
        async with asking(clock, 1) as (site, url, (fetcher,)):
            await fetcher.get(url)
            monkeypatch.setattr(http11, "time", Keeping())  # whoever keeps it does not notice how the time passes
            await clock.sleep(WEARY)
            with pytest.raises(Trouble) as raised:
                await fetcher.get(url)
            assert site.asked == [1, 1]
            return raised.value

    assert asyncio.run(play()).reason == "no_answer"
