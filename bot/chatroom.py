"""The endpoints of the local chat page: what was said, what comes, what is said, and its pictures."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from bot.app import App
from bot.channels.raw import is_sheet
from bot.channels.webchat import PERSONAS, Webchat
from bot.chatlog import PAGE, Cursor, has_file, since
from bot.documents import FILE
from bot.guard import OwnPageOnly
from bot.media import at_hand
from bot.photos import keep
from handlers.said import Photo
from models.screening import screen

MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
MOST_TEXT = 4096
MOST_JSON = 64 * 1024
PULSE = 15.0
"""Seconds between signs of life on a silent stream."""

ID = re.compile(r"[A-Za-z0-9-]{8,64}")
PICTURE = re.compile(r"[0-9a-f]{64}\.jpg")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEVER_KEPT = {"Cache-Control": "no-store"}


class Chatroom:
    def __init__(self, app: App, channel: Webchat) -> None:
        self.app, self.channel = app, channel

    def mount(self) -> Mount:
        routes = [
            Route("/media/{name}", self.media),
            Route("/{persona}/files/{name}", self.file),
            Route("/{persona}/history", self.history),
            Route("/{persona}/events", self.events),
            Route("/{persona}/say", self.say, methods=["POST"]),
            Route("/{persona}/photos", self.photos, methods=["POST"]),
        ]
        return Mount("/chat", routes=routes, middleware=[Middleware(OwnPageOnly)])

    async def history(self, request: Request) -> Response:
        entries = await self.app.store.read(partial(since, persona=_persona(request), cursor=Cursor(), most=PAGE))
        after = str(entries[-1].cursor if entries else Cursor())
        return JSONResponse({"events": [entry.event for entry in entries], "after": after}, headers=NEVER_KEPT)

    async def events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        stream = self._stream(_persona(request), Cursor.read(after))
        return StreamingResponse(stream, media_type="text/event-stream", headers=NEVER_KEPT)

    async def _stream(self, persona: str, cursor: Cursor) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        with self.channel.listen(persona) as news:
            while not self.channel.closed:
                news.clear()
                for entry in await self.app.store.read(partial(since, persona=persona, cursor=cursor)):
                    cursor = entry.cursor
                    yield f"id: {cursor}\ndata: {json.dumps(entry.event, ensure_ascii=False)}\n\n"
                with suppress(TimeoutError):
                    async with asyncio.timeout(PULSE):
                        await news.wait()
                if not news.is_set():
                    yield ":\n\n"

    async def say(self, request: Request) -> Response:
        persona = _persona(request)
        _within(request, MOST_JSON)
        try:
            given = await request.json()
        except ValueError:
            given = None
        return await self._take(persona, [said_of(given)])

    async def photos(self, request: Request) -> Response:
        persona = _persona(request)
        _within(request, MOST_FILES * MOST_BYTES + MOST_JSON)
        async with request.form(max_files=MOST_FILES, max_fields=8) as form:
            files = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
            common = said_of({name: form.get(name, "") for name in ("id", "text", "quoted")}, photo=True)
            if not files:
                raise refused(400, "Belum ada foto yang dipilih.")
            if any((file.size or 0) > MOST_BYTES for file in files):
                raise refused(413, "Fotonya terlalu besar. Satu foto paling besar 20 MB.")
            payloads = [await self._enclosed(common, place, file) for place, file in enumerate(files)]
        return await self._take(persona, payloads)

    async def _enclosed(self, common: dict[str, Any], place: int, file: UploadFile) -> dict[str, Any]:
        """A photo, or a file; of a file that is no spreadsheet only that it came."""
        kind = file.content_type or ""
        worth = is_sheet(file.filename or "", kind)
        if not worth and (kind.partition("/")[0] in ("", "image") or kind == "application/octet-stream"):
            return await self._pictured(common, place, file)
        # A sheet without a byte is still a sheet: it is told that nothing is in it.
        content = (await file.read() or b"\n").hex() if worth else ""
        return {**common, "id": f"{common['id']}.{place}", "text": common["text"] if place == 0 else "", "file": content}

    async def _pictured(self, common: dict[str, Any], place: int, file: UploadFile) -> dict[str, Any]:
        """One photo of an album, kept at once: identity cards never reach the disk, nor does a photo whose caption is refused."""
        text = common["text"] if place == 0 else ""
        photo = Photo() if screen(text)[1] else await asyncio.to_thread(keep, await file.read(), self.app.media)
        return {**common, "id": f"{common['id']}.{place}", "text": text, "group": common["id"], "photo": photo.to_json()}

    async def _take(self, persona: str, payloads: list[dict[str, Any]]) -> Response:
        for payload in payloads:
            payload = {**payload, "as": persona, "id": f"{persona}:{payload['id']}"}
            await self.app.receive_all(self.channel, self.channel.decode(payload))
        self.channel.settled(persona)
        return JSONResponse({"taken": len(payloads)}, headers=NEVER_KEPT)

    async def media(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = await asyncio.to_thread(at_hand, self.app.media, name) if PICTURE.fullmatch(name) else b""
        if not content:
            raise refused(404, "Foto ini tidak ada.")
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400, immutable"})

    async def file(self, request: Request) -> Response:
        """A document, for whom it was sent to."""
        persona, name = _persona(request), request.path_params["name"]
        known = bool(FILE.fullmatch(name)) and await self.app.store.read(partial(has_file, persona=persona, name=name))
        content = await asyncio.to_thread(at_hand, self.app.media, name) if known else b""
        if not content:
            raise refused(404, "Berkas ini tidak ada lagi.")
        return Response(content, media_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"', **NEVER_KEPT})


def said_of(given: Any, photo: bool = False) -> dict[str, Any]:
    """The checked parts of what a page says: an id, and one of text, press and location."""
    if not isinstance(given, dict) or not _is(given.get("id"), ID.fullmatch):
        raise refused(400, "Pesan ini tidak terbaca.")
    text, press, quoted, location = (given.get(name) or "" for name in ("text", "press", "quoted", "location"))
    if _is(text, lambda words: len(words) > MOST_TEXT):
        raise refused(413, f"Pesannya terlalu panjang. Paling banyak {MOST_TEXT} huruf, boleh dibagi dua.")
    small = all(_is(word, lambda word: len(word) <= 64) for word in (press, quoted))
    said = [part for part in (isinstance(text, str) and text.strip(), press, location) if part]
    if not small or not isinstance(text, str) or (location and not _is_place(location)) or (len(said) != 1 and not photo):
        raise refused(400, "Pesan ini tidak terbaca.")
    return {"id": given["id"], "text": text, "press": press, "quoted": quoted, "location": location or None}


def refused(status: int, problem: str) -> HTTPException:
    return HTTPException(status, problem)


async def explain(_: Request, error: Exception) -> Response:
    """Every refusal as {"problem": words for the person}."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    kind = "Fotonya terlalu banyak. Sekali kirim paling banyak 10 foto." if detail.startswith("Too many files") else detail
    return JSONResponse({"problem": kind}, status)


def _is(value: Any, holds: Callable[[str], Any]) -> bool:
    return isinstance(value, str) and bool(holds(value))


def _is_place(location: Any) -> bool:
    if not (isinstance(location, list) and len(location) == 2 and all(type(part) in (int, float) for part in location)):
        return False
    return all(math.isfinite(part) for part in location) and abs(location[0]) <= 90 and abs(location[1]) <= 180


def _persona(request: Request) -> str:
    persona: str = request.path_params["persona"]
    if persona not in PERSONAS:
        raise refused(404, "Halaman ini tidak ada.")
    return persona


def _within(request: Request, most: int) -> None:
    """The size is told before the content is read."""
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise refused(411, "Ukurannya belum diketahui.")
    if int(size) > most:
        raise refused(413, "Kirimannya terlalu besar. Paling banyak 10 foto, masing-masing 20 MB.")
