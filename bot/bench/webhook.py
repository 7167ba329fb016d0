"""What WhatsApp's webhook bears: the real server in a process of its own, signed deliveries from this one, 200 only after the commit."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
from httpx_aiohttp import AiohttpTransport
from sqlalchemy import func
from sqlmodel import Session, col, insert, select

from bot import migrate
from bot.bench.sink import Sink
from bot.bench.turn import figure
from bot.store import open_engine
from bot.webhooks import SIGNATURE, WHATSAPP
from models.contact import Address, Person
from models.inbox import Received
from models.outbox import Outgoing

PHONE_ID, SECRET = "1064200000001", "secret"
CONNECTIONS, MOST = 32, 200
"""At once where each follows the one before, and at most where each has its time."""
SINGLE, BATCHES, BATCH = 3_000, 20, 100
"""Webhooks of one message, webhooks of several, and messages in each of those."""
WARM = 50
"""Webhooks before the first that counts."""
SECONDS = 10
"""Of an open load."""
MESSAGES, STATUSES, TOGETHER = 200, 1_000, 10
"""A second; and statuses in a webhook where several come together, as the platform does under load."""
GOAL = 250.0
"""Milliseconds, for the slowest of a hundred."""
ROWS = 2 * STATUSES * SECONDS // 3 + TOGETHER
"""Messages that were sent before: each is told of three times."""
PATIENCE = 30
"""Seconds for one answer, and for the server to come up."""

Body = tuple[bytes, dict[str, str]]


def signed(value: dict[str, Any]) -> Body:
    metadata = {"display_phone_number": "62541000000", "phone_number_id": PHONE_ID}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()
    return body, {SIGNATURE: "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest(), "Content-Type": "application/json"}


def messages(numbers: Iterator[int], size: int = 1) -> Body:
    """First messages of as many persons."""
    people = [f"62811{number:08d}" for number in islice(numbers, size)]
    contacts = [{"wa_id": one, "profile": {"name": "Siti"}} for one in people]
    now = str(int(time.time()))
    said = [{"from": one, "id": f"wamid.in{one}", "timestamp": now, "type": "text", "text": {"body": "halo"}} for one in people]
    return signed({"contacts": contacts, "messages": said})


def statuses(numbers: Iterator[int], size: int = 1) -> Body:
    """Sent, delivered and read of one message after the other."""
    told = [(number // 3 + 1, ("sent", "delivered", "read")[number % 3]) for number in islice(numbers, size)]
    now = str(int(time.time()))
    return signed({"statuses": [
        {"id": f"wamid.before{row}", "status": kind, "timestamp": now, "recipient_id": "628110000", "biz_opaque_callback_data": str(row)}
        for row, kind in told
    ]})  # fmt: skip


def fill(folder: Path) -> None:
    """Messages that were sent already, so that each status finds its row."""
    url, now = f"sqlite:///{folder}/lapak.db", datetime.now(UTC)
    migrate.upgrade(url)
    engine = open_engine(url)
    account = f"whatsapp:{PHONE_ID}"
    with Session(engine) as session:
        session.add(Person(id=1, created_at=now))
        session.flush()
        session.add(Address(id=1, person_id=1, account=account, channel="whatsapp", address="628110000", since=now))
        session.flush()
        row = {"person_id": 1, "address_id": 1, "account": account, "status": "sent", "attempts": 1, "due_at": now, "created_at": now}
        rows = [{**row, "id": number, "external_id": f"wamid.before{number}", "settled_at": now} for number in range(1, ROWS + 1)]
        session.execute(insert(Outgoing), rows)
        session.commit()
    engine.dispose()


class Server:
    """`./run serve` on a database of its own."""

    def __init__(self, folder: Path, sink: str) -> None:
        settings = {
            "DATABASE_URL": f"sqlite:///{folder}/lapak.db", "MEDIA_DIR": f"{folder}/media", "HOST": "127.0.0.1", "PORT": "0",
            "WHATSAPP_TOKEN": "token", "WHATSAPP_PHONE_ID": PHONE_ID, "WHATSAPP_APP_SECRET": SECRET, "WHATSAPP_VERIFY_TOKEN": "token",
            "WHATSAPP_API": sink, "TELEGRAM_API": sink,
        }  # fmt: skip
        environment = {**os.environ, **{f"LAPAK_{name}": value for name, value in settings.items()}}
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=Path(__file__).parents[2], env=environment, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout
        self.url = self.process.stdout.readline().decode().split()[-1]

    def processor(self) -> float:
        """Seconds of every thread so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Load:
    """Sends what is given and keeps how long each took, in milliseconds."""

    def __init__(self, server: Server, client: httpx.AsyncClient) -> None:
        self.server, self.client = server, client
        self.closed_on_us = 0

    async def post(self, body: Body, since: float) -> float:
        """Again after a connection that was closed, as the platform does; anything but 200 ends the run."""
        while True:
            try:
                answer = await self.client.post(self.server.url + WHATSAPP, content=body[0], headers=body[1])
                break
            except httpx.TransportError:
                self.closed_on_us += 1
        assert answer.status_code == 200, answer.status_code
        return (time.perf_counter() - since) * 1000

    async def closed(self, bodies: Sequence[Body], connections: int) -> list[float]:
        """So many at any time, each as soon as the one before is answered."""
        waiting = iter(bodies)

        async def one_after_another() -> list[float]:
            return [await self.post(body, time.perf_counter()) for body in waiting]

        return [took for each in await asyncio.gather(*(one_after_another() for _ in range(connections))) for took in each]

    async def open(self, bodies: Sequence[Body], rate: float) -> list[float]:
        """Each at its time, whatever became of those before; the wait counts from then."""
        start, sent = time.perf_counter(), []
        for number, body in enumerate(bodies):
            due = start + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            sent.append(asyncio.create_task(self.post(body, due)))
        return list(await asyncio.gather(*sent))

    @asynccontextmanager
    async def measured(self, name: str, parts: int, unit: str) -> AsyncIterator[list[float]]:
        """Figures for what is put into the list: the rate of its parts, the slow ones, what the server's processor took."""
        wall, cpu, others, took = time.perf_counter(), self.server.processor(), self.others(), list[float]()
        yield took
        wall, cpu, others = time.perf_counter() - wall, self.server.processor() - cpu, self.others() - others
        took.sort()
        figure(f"{name}: rate", parts / wall, f"{unit}/s")
        figure(f"{name}: p50", took[len(took) // 2], "ms")
        figure(f"{name}: p99", took[len(took) * 99 // 100], "ms", GOAL)
        figure(f"{name}: processor of the server", cpu / parts * 1000, f"ms CPU/{unit}")
        figure(f"{name}: taken by other programs", others / wall, "cores", os.cpu_count())

    def others(self) -> float:
        """Processor seconds of everything on this machine but the server and the load."""
        ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        busy = sum(ticks[:3] + ticks[5:8]) / os.sysconf("SC_CLK_TCK")
        return busy - self.server.processor() - time.process_time()


async def play(load: Load, sink: Sink) -> None:
    numbers, told = count(), count()
    await load.closed([messages(numbers) for _ in range(WARM)], 1)  # lexicons and statements are compiled once
    once = [messages(numbers) for _ in range(MESSAGES * SECONDS)]
    async with load.measured(f"open load of {MESSAGES} messages/s", len(once), "message") as took:
        took += await load.open(once, MESSAGES)
    for size in (1, TOGETHER):
        together = [statuses(told, size) for _ in range(STATUSES * SECONDS // size)]
        async with load.measured(f"open load of {STATUSES} statuses/s, {size} in a webhook", len(together) * size, "status") as took:
            took += await load.open(together, STATUSES / size)
    single = [messages(numbers) for _ in range(SINGLE)]
    async with load.measured(f"one message in a webhook, {CONNECTIONS} connections", SINGLE, "message") as took:
        took += await load.closed(single, CONNECTIONS)
    batches = [messages(numbers, BATCH) for _ in range(BATCHES)]
    async with load.measured(f"{BATCH} messages in a webhook, 4 connections", BATCHES * BATCH, "message") as took:
        took += await load.closed(batches, 4)
    print(f"meanwhile {sink.shown} answers left, at 80 a second, and {sink.asked - sink.shown} read marks; {load.closed_on_us} tried again")


async def measure(folder: Path) -> None:
    async with Sink() as sink:
        server = await asyncio.to_thread(Server, folder, sink.url)
        transport = AiohttpTransport(limits=httpx.Limits(max_connections=MOST))
        try:
            async with httpx.AsyncClient(transport=transport, timeout=PATIENCE) as client:
                await play(Load(server, client), sink)
        finally:
            await asyncio.to_thread(server.end)
    check(folder)


def check(folder: Path) -> None:
    """That what was answered is really there."""
    engine = open_engine(f"sqlite:///{folder}/lapak.db", read_only=True)
    with Session(engine) as session:
        kept = session.execute(select(func.count()).select_from(Received)).scalar_one()
        read = session.execute(select(func.count()).select_from(Outgoing).where(col(Outgoing.status) == "read")).scalar_one()
    engine.dispose()
    wanted = (WARM + MESSAGES * SECONDS + SINGLE + BATCHES * BATCH, 2 * STATUSES * SECONDS // 3)
    assert (kept, read) == wanted, f"{kept} messages kept and {read} rows read of {wanted}"


def run() -> None:
    print(
        f"a signed webhook is answered once all of it is committed with fsync; first messages of distinct persons; load {os.getloadavg()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        asyncio.run(measure(Path(folder)))
