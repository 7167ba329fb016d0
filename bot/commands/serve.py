"""`lapak serve`: owns the database, answers people on its address and the other commands on its socket."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot import control, migrate, schedule, web
from bot.app import App
from bot.ownership import Complaint, Ownership, listen, socket_file
from bot.settings import Settings

WORDS = {
    "webchat": "web chat (vendor and officer, for this computer only)",
    "terminal": "terminal (./run chat)",
    "telegram": "Telegram",
}


def serve(settings: Settings) -> None:
    """Until it is told to stop. Raises Complaint where it cannot begin."""
    if not settings.database_url.startswith("sqlite"):
        raise Complaint("only SQLite is served in this release: leave LAPAK_DATABASE_URL empty, or begin it with sqlite:///")
    lock = Ownership(settings)
    if not lock.take():
        raise Complaint(already(lock))
    try:
        with bind(settings) as listening:
            bring_up_to_date(settings)
            asyncio.run(_serve(settings, listening, lock))
    finally:
        lock.close()


def already(lock: Ownership) -> str:
    told = lock.owner()
    if told["url"]:
        return f"already running on {told['url']} (process {told['pid']}); end that one first to start anew"
    return f"another command (process {told['pid']}) is working on this database; start again when it has ended"


def bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Complaint(f"port {settings.port} is taken by another program; choose another: LAPAK_PORT=8081 ./run") from error
        raise Complaint(f"cannot listen on {settings.host} port {settings.port}: {error.strerror}") from error


def bring_up_to_date(settings: Settings) -> bool:
    try:
        return migrate.upgrade(settings.database_url)
    except Exception as error:
        raise Complaint(f"the database could not be brought up to date and is as it was: {type(error).__name__}") from error


class Unsignalled(uvicorn.Server):
    """Two servers end together, so neither listens to signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Public(Unsignalled, web.Server):
    """What people and webhooks reach."""


async def _serve(settings: Settings, listening: socket.socket, lock: Ownership) -> None:
    app = App(settings, control.clock)
    public = Public(app)
    public.config.lifespan = "off"  # the app is started here, before anybody is let in on either socket
    private = Unsignalled(
        uvicorn.Config(control.build(app), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2)
    )
    _stop_on_signals(public, private)
    await app.start()
    jobs = schedule.start(app)
    try:
        url = f"http://{_shown(settings.host)}:{listening.getsockname()[1]}"
        lock.tell(url)
        print(announced(app, url), flush=True)
        await asyncio.gather(public.serve([listening]), private.serve([listen(socket_file(settings))]))
    finally:
        jobs.shutdown(wait=False)
        await app.stop()
        socket_file(settings).unlink(missing_ok=True)


def _stop_on_signals(*servers: uvicorn.Server) -> None:
    def stop() -> None:
        for server in servers:
            server.force_exit = server.should_exit  # the second time without waiting for anybody
            server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def announced(app: App, url: str) -> str:
    """The link and what is on, for who started it."""
    lines = [f"Lapak is running: {app.settings.public_url or url}"]
    lines += [
        f"  {WORDS.get(channel.name, channel.name)}" for channel in sorted(app.channels.values(), key=lambda one: one.name != "webchat")
    ]
    if "telegram" not in {channel.name for channel in app.channels.values()}:
        lines.append("  Telegram is off: set LAPAK_TELEGRAM_TOKEN (./run doctor says more)")
    return "\n".join([*lines, "Ctrl-C ends it."])
