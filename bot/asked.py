"""What commands ask of whoever owns the database: the routes behind its socket."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import calls
from bot.app import App, utc_now
from bot.channels.channel import Channel, Inbound
from bot.channels.configured import channels_of
from bot.channels.terminal import Terminal, transcript
from bot.feeds.asked import polled
from bot.meeting import meet
from bot.ownership import Complaint
from bot.sending.lines import stopped_lines
from bot.sheet_intake import take_to_the_end
from handlers.office.officers import dismiss
from handlers.said import Said
from models.contact import Address, invite, listed_officers
from models.places import name_of, regions

CHANNELS = ("telegram", "whatsapp", "webchat", "terminal")
NEEDS = {"telegram": "set LAPAK_TELEGRAM_TOKEN first", "whatsapp": "set LAPAK_WHATSAPP_TOKEN first"}

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def clock() -> datetime:
    """The time, unless the request at hand brings its own."""
    return _moment.get() or utc_now()


@contextmanager
def at(now: str) -> Iterator[None]:
    token = _moment.set(datetime.fromisoformat(now) if now else None)
    try:
        yield
    finally:
        _moment.reset(token)


def build(app: App) -> Starlette:
    """The routes behind the socket."""
    routes = [
        Route("/hello", hello),
        Route("/chat", chat, methods=["POST"]),
        Route("/officers", officers_listed),
        Route("/officers", officer_added, methods=["POST"]),
        Route("/officers", officer_removed, methods=["DELETE"]),
        Route("/invitations", invited, methods=["POST"]),
        Route("/channels", channels_listed),
        Route("/channels/resume", channel_resumed, methods=["POST"]),
        Route("/calls/poll", polled, methods=["POST"]),
        *calls.ROUTES,
    ]
    made = Starlette(routes=routes, exception_handlers={Complaint: complained})
    made.state.app = app
    return made


def app_of(request: Request) -> App:
    app: App = request.app.state.app
    return app


async def complained(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"complaint": str(error)}, 400)


async def hello(request: Request) -> JSONResponse:
    return JSONResponse({"pid": os.getpid()})


async def chat(request: Request) -> JSONResponse:
    """{"as", "office", "now", "said": [payloads of the terminal]} -> {"shown": [messages as text]}: what is said, then all that is due."""
    app, asked = app_of(request), await request.json()
    channel = app.channels[Terminal.account]
    with at(asked["now"]):
        if asked["office"]:
            await app.store.write(partial(introduce, app=app, channel=channel, address=asked["as"], office=asked["office"], now=clock()))
        for payload in asked["said"]:
            await app.receive_all(channel, channel.decode(payload))
        await app.settled()
        if not app.whole:
            await take_to_the_end(app)  # nobody else would, without a scheduler
        shown = await app.senders[channel.account].drain(asked["as"])
    return JSONResponse({"shown": [transcript(message, app.media) for message in shown]})


def introduce(session: Session, *, app: App, channel: Channel, address: str, office: str, now: datetime) -> None:
    """Makes the person behind an address an officer; unknown ones are made."""
    meet(session, channel, Inbound("", address, Said(), office=office), now, app.scene.zone)


def known_region(app: App, code: str) -> str:
    """The name of the served province or of one of its kabupaten/kota."""
    province = app.settings.region
    names = {province: name_of(province), **dict(regions(province))}
    if code not in names:
        raise Complaint("no region " + code + "; known are\n" + "\n".join(f"  {known:6} {name}" for known, name in names.items()))
    return names[code]


async def officer_added(request: Request) -> JSONResponse:
    """{"address": "telegram:ID", "region"} -> {"name"} of the region."""
    app, asked = app_of(request), await request.json()
    channel, address = await addressed(app, asked["address"])
    found = known_region(app, asked["region"])
    await app.store.write(partial(introduce, app=app, channel=channel, address=address, office=asked["region"], now=app.clock()))
    return JSONResponse({"name": found})


async def officer_removed(request: Request) -> JSONResponse:
    """{"address": "telegram:ID", "region"} -> {"name"} of the region. The person stays, and so does what was decided."""
    app, asked = app_of(request), await request.json()
    channel, address = await addressed(app, asked["address"])
    found = known_region(app, asked["region"])
    work = partial(dismissed, account=channel.account, address=address, region=asked["region"], now=app.clock())
    if not await app.store.write(work):
        raise Complaint(f"{asked['address']} is no officer of {found}; ./run officers list shows who is")
    return JSONResponse({"name": found})


def dismissed(session: Session, *, account: str, address: str, region: str, now: datetime) -> bool:
    found = session.exec(select(Address.person_id).where(Address.account == account, Address.address == address)).first()
    return found is not None and dismiss(session, found, region, now)


async def addressed(app: App, written: str) -> tuple[Channel, str]:
    """The channel and the address of "telegram:ID"."""
    name, _, address = written.partition(":")
    if name not in CHANNELS or not address or (name == "telegram" and not address.isdecimal()):
        raise Complaint(f"an address looks like telegram:123456789, webchat:petugas or terminal:petugas, not {written}")
    return await channel_named(app, name), address


async def channel_named(app: App, name: str) -> Channel:
    """The channel of that name; a command that works alone has only the terminal open, and looks at the others for their account."""
    there = [channel for channel in app.channels.values() if channel.name == name]
    others = [] if there else channels_of(app.settings)
    for channel in others:
        await channel.close()
    found = next((channel for channel in there + others if channel.name == name), None)
    if found is None:
        raise Complaint(f"{name} is off: {NEEDS.get(name, 'it needs LAPAK_HOST on this computer and no LAPAK_PUBLIC_URL')}")
    return found


async def invited(request: Request) -> JSONResponse:
    """{"region"} -> {"name", "code"}: what opens the office, once."""
    app, asked = app_of(request), await request.json()
    name, token = known_region(app, asked["region"]), token_urlsafe(24)
    await app.store.write(partial(invite, token=token, region=asked["region"], now=app.clock()))
    return JSONResponse({"name": name, "code": "o_" + token})


async def officers_listed(request: Request) -> JSONResponse:
    """{"officers": [{"region", "name", "addresses"}]}"""
    rows = await app_of(request).store.read(listed_officers)
    return JSONResponse({"officers": [{"region": region, "name": name, "addresses": places} for region, name, places in rows]})


async def channels_listed(request: Request) -> JSONResponse:
    """{"channels": [{"account", "stopped"}]}: every account of the settings and why it is stopped, "" when it is not."""
    app = app_of(request)
    stopped = await app.store.read(stopped_lines)
    accounts = sorted({*(channel.account for channel in channels_of(app.settings)), *stopped})
    return JSONResponse({"channels": [{"account": account, "stopped": stopped.get(account, "")} for account in accounts]})


async def channel_resumed(request: Request) -> JSONResponse:
    """{"account"} -> {"was_stopped"}"""
    app, asked = app_of(request), await request.json()
    return JSONResponse({"was_stopped": await app.resume(asked["account"])})
