"""`lapak serve`: owns the database, answers people on its address and the other commands on its socket."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn

from bot import asked, migrate, schedule, web
from bot.app import App
from bot.duties import RECEIVING, WAKING, Role
from bot.ownership import Complaint, Ownership, listen, socket_file
from bot.settings import Settings

ROLES: Mapping[str, Role] = {"all": "all", "web": "web", "sender": "sender", "scheduler": "scheduler"}
WORDS = {
    "webchat": "web chat (vendor and officer, for this computer only)",
    "terminal": "terminal (./run chat)",
    "telegram": "Telegram",
}


def serve(settings: Settings, role: str = "all") -> None:
    """Until it is told to stop. Raises Complaint where it cannot begin."""
    if role not in ROLES:
        raise Complaint(f"no role {role}; a process is one of {', '.join(ROLES)}")
    if not settings.database_url.startswith("sqlite"):
        bring_up_to_date(settings)
        with bind(settings, role) as listening:
            asyncio.run(_serve(settings, listening, role=ROLES[role]))
        return
    if role != "all":
        raise Complaint("an SQLite file is served by one process: --role needs LAPAK_DATABASE_URL=postgresql+psycopg://...")
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


def bind(settings: Settings, role: str = "all") -> socket.socket:
    """Where people and platforms come, or only whoever looks after the process. Several web processes may share a port."""
    port = settings.port if role in RECEIVING else settings.health_port
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, port), family=family, backlog=2048, reuse_port=role == "web")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            name = "LAPAK_PORT" if role in RECEIVING else "LAPAK_HEALTH_PORT"
            raise Complaint(f"port {port} is taken by another program; choose another: {name}=8081 ./run") from error
        raise Complaint(f"cannot listen on {settings.host} port {port}: {error.strerror}") from error


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


async def _serve(settings: Settings, listening: socket.socket, lock: Ownership | None = None, role: Role = "all") -> None:
    """With the `lock` of a file it also answers the other commands, which go to the database themselves where that is a server."""
    app = App(settings, asked.clock, role=role)
    public = Public(app)
    public.config.lifespan = "off"  # the app is started here, before anybody is let in on either socket
    private = Unsignalled(uvicorn.Config(asked.build(app), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2))
    _stop_on_signals(public, private)
    await app.start()
    if role in WAKING:
        await schedule.start(app)
    without_pauses()
    try:
        url = f"http://{_shown(settings.host)}:{listening.getsockname()[1]}"
        print(announced(app, url), flush=True)
        servers = [public.serve([listening])]
        if lock:
            lock.tell(url)
            servers.append(private.serve([listen(socket_file(settings))]))
        await asyncio.gather(*servers)
    finally:
        await app.stop()
        if lock:
            socket_file(settings).unlink(missing_ok=True)


def without_pauses() -> None:
    """What a start has made stays with the process; to look through it for garbage would hold everybody up for a tenth of a second."""
    gc.collect()
    gc.freeze()


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
    if app.role not in RECEIVING:
        return f"Lapak's {app.role} is running: {url}/health\nCtrl-C ends it."
    lines = [f"Lapak is running: {app.settings.public_url or url}"]
    lines += [
        f"  {WORDS.get(channel.name, channel.name)}" for channel in sorted(app.channels.values(), key=lambda one: one.name != "webchat")
    ]
    if "telegram" not in {channel.name for channel in app.channels.values()}:
        lines.append("  Telegram is off: set LAPAK_TELEGRAM_TOKEN (./run doctor says more)")
    return "\n".join([*lines, "Ctrl-C ends it."])
