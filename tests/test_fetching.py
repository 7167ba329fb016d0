"""How a site is asked: in turn, within a time and a size, and with a name for whatever goes wrong."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from bot.feeds import fetching
from bot.feeds.fetching import Answer, Manners, Trouble
from bot.settings import Settings, complaints
from tests.standin_sources import TOKEN, Refusal, StandIn, plans
from tests.watching import Clock


@pytest.fixture
def standin() -> Iterator[StandIn]:
    made = StandIn()
    asyncio.run(made.start())
    yield made
    asyncio.run(made.stop())


PATH = "/api/v1/rup/paket-penyedia-terumumkan"
ASKED = {"kode_klpd": "D107", "tahun": 2026, "limit": 10}


def get(standin: StandIn, token: str = TOKEN, path: str = PATH, mark: dict[str, str] | None = None) -> Answer:
    async def once() -> Answer:
        clock = Clock()
        async with fetching.fetching(Manners(clock.ticks, clock.sleep), token) as fetcher:
            return await fetcher.get(standin.url + path, ASKED, mark)

    return asyncio.run(once())


def trouble(standin: StandIn, token: str = TOKEN) -> tuple[str, float]:
    with pytest.raises(Trouble) as raised:
        get(standin, token)
    assert str(raised.value) == raised.value.reason
    return raised.value.reason, raised.value.again


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (Refusal(400), "refused"),
        (Refusal(401), "token_refused"),
        (Refusal(403), "not_allowed"),
        (Refusal(404), "refused"),
        (Refusal(429), "throttled"),
        (Refusal(500), "source_down"),
        (Refusal(503, text="<html>Maintenance</html>"), "source_down"),
        (Refusal(503, text="<html>Checking your browser before accessing</html>"), "antibot"),
        (Refusal(200, text="<html><title>Just a moment...</title></html>"), "antibot"),
        ("cut", "no_answer"),
        ("half", "no_answer"),
    ],
)
def test_what_goes_wrong_has_a_name(standin: StandIn, how: Refusal | str, reason: str) -> None:
    standin.fail("rup", how)
    assert trouble(standin)[0] == reason


def test_who_hangs_is_not_waited_for(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LONGEST", 0.3)
    standin.fail("rup", "hang")
    assert trouble(standin)[0] == "no_answer"


def test_nobody_there() -> None:
    assert trouble(StandIn())[0] == "unreachable"


def test_a_token_is_refused_without_being_said(standin: StandIn) -> None:
    assert trouble(standin, token="salah-sama-sekali") == ("token_refused", 0)


@pytest.mark.parametrize(("written", "least", "most"), [("120", 120, 120), ("", 0, 0), ("soon", 0, 0), ("date", 290, 300)])
def test_a_source_says_how_long_to_wait(standin: StandIn, written: str, least: float, most: float) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    standin.fail("rup", Refusal(429, {"Retry-After": when if written == "date" else written}))
    reason, again = trouble(standin)
    assert reason == "throttled"
    assert least <= again <= most


def test_an_answer_has_a_size(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    standin.rows = {("rup", "D107"): plans(1, 10)}
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    assert trouble(standin)[0] == "too_big"


def test_a_proof_of_one_page_is_none_of_another(standin: StandIn) -> None:
    standin.rows = {("rup", "D107"): plans(1, 10)}
    mark = dict(get(standin).mark)
    assert not get(standin, mark=mark).changed
    assert get(standin, mark={**mark, "asked": "another"}).changed


def test_hosts_are_asked_in_turn_and_side_by_side() -> None:
    clock = Clock()
    manners = Manners(clock.ticks, clock.sleep)

    async def ask() -> None:
        for host in ("a", "a", "b", "a"):
            await manners.turn(host)

    asyncio.run(ask())
    assert clock.waits == [1, 1, 1]  # the second host was free after its own second, which had passed
    assert clock.seconds == 3


def test_redirects_wait_their_turn_and_take_no_key_along(standin: StandIn) -> None:
    other = StandIn()
    asyncio.run(other.start())
    standin.fail("rup", Refusal(302, {"Location": other.url + PATH + "?kode_klpd=D107&tahun=2026&limit=10"}))
    try:
        assert trouble(standin)[0] == "token_refused"
        assert "authorization" not in other.asked[0].headers
    finally:
        asyncio.run(other.stop())


def test_who_cannot_prove_to_be_the_site_is_not_read(tmp_path: Path) -> None:
    """A real TLS server with a certificate that nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    files = [str(tmp_path / name) for name in ("key.pem", "cert.pem")]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        files[0],
        "-out",
        files[1],
        "-subj",
        "/CN=127.0.0.1",
        "-days",
        "2",
    ]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])

    async def ask() -> str:
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        clock = Clock()
        async with server, fetching.fetching(Manners(clock.ticks, clock.sleep)) as fetcher:
            try:
                await fetcher.get(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            except Trouble as found:
                return found.reason
        return ""

    assert asyncio.run(ask()) == "untrusted"


@pytest.mark.parametrize(
    ("name", "value"),
    [("inaproc_token", "abc\nd"), ("spse_urls", "spse.inaproc.id/kaltimprov"), ("ocds_urls", "https://a.id,file:///etc/passwd")],
)
def test_settings_that_need_a_look(name: str, value: str) -> None:
    with pytest.raises(ValueError) as raised:
        Settings(_env_file=None, **{name: value})  # type: ignore[call-arg, arg-type]
    assert all(value not in line for line in complaints(raised.value))  # type: ignore[arg-type]


def test_pages_that_are_read_as_pages_may_name_a_captcha() -> None:
    page = httpx.Response(
        200, text="<html><script>var captcha; d.authenticityToken = 'dcb41c34746cc7c64e01b1688be6bddb0aac3241';</script></html>"
    )
    assert fetching.judged(page, page.content).changed
