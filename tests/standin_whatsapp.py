"""WhatsApp's Cloud API in one process with the tests: real HTTP, Meta's own rules, and a ledger of what was shown to whom."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.listening import Fault, Listening
from tests.whatsapp_chats import Chats, Shown
from tests.whatsapp_rules import Limits, Refused, check
from tests.whatsapp_updates import DISPLAY, Owner, Webhook

LINK_LASTS = 300.0
"""Seconds that a download link works."""
VERSION = "v23.0"
Work = Callable[[Request], Any]


class StandIn(Listening, Chats):
    """`await start()`, talk to it at `api` with `token`, look into `ledger`, take its `statuses`, `await stop()`.

    It runs in a thread of its own, so that it answers whatever the test's own loop is doing. `rate` and `pair` 0: no limits.
    """

    def __init__(
        self, phone_id: str = "123456123", rate: float = 80, pair: float = 6, burst: int = 45, clock: Callable[[], float] = time.time
    ) -> None:
        Listening.__init__(self)
        Chats.__init__(self, phone_id, clock)
        self.token, self.secret = "EAAStandInSecretToken", "stand-in-app-secret"
        self.limits = Limits(rate, pair, burst)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        """Kind and body of every request to show something, and of read marks."""
        self.refused: list[str] = []
        """What broke a rule of the Cloud API."""
        self.read: list[tuple[str, bool]] = []
        """Which messages were marked as read, and whether with a typing sign."""
        self.statuses: list[Webhook] = []
        """What the platform has to tell of what it took, in the order in which it happened."""
        self.attachments = ""
        """Where links to pictures lead, when not here."""
        self._links: dict[str, tuple[str, float]] = {}
        self.business_id, self.listed, self.page = "102290129340398", list[dict[str, Any]](), 100
        """The business account, what it says of its templates, and how many of them at once."""
        self.about: dict[str, Any] = {"quality_rating": "GREEN", "messaging_limit_tier": "TIER_2K", "throughput": {"level": "STANDARD"}}
        """A field that is not here is one that this version does not know."""

    @property
    def api(self) -> str:
        return f"{self.url}/{VERSION}"

    def routes(self) -> list[Route]:
        return [
            Route(f"/{VERSION}/{{phone}}/messages", self._guarded(self._message), methods=["POST"]),
            Route(f"/{VERSION}/{{phone}}/media", self._guarded(self._upload), methods=["POST"]),
            Route(f"/{VERSION}/{{number}}", self._guarded(self._look), methods=["GET"]),
            Route(f"/{VERSION}/{{business}}/message_templates", self._guarded(self._templates), methods=["GET"]),
            Route("/attachments", self._guarded(self._download), methods=["GET"]),
        ]

    def shown(self) -> list[Shown]:
        return self.ledger

    def fail(self, how: str = "", code: int = 0, *, status: int = 0, times: int = 1, kind: str = "", subcode: int = 0) -> None:
        """What happens to the next requests of a `kind`: the type of a message, "upload", "look", "download" or "read"; "" is any send.

        "cut" and "hang" act on the request but never answer, "half" answers half; "failed" takes it and tells later, in a status, that it
        failed with `code`; else the error is answered and nothing is done.
        """
        self.faults.append(Fault(kind, how, Refused(code, f"code {code}", status, subcode), times))

    def take_statuses(self) -> list[Webhook]:
        """Those that nobody has delivered yet."""
        taken, self.statuses[:] = list(self.statuses), []
        return taken

    def assert_well_behaved(self) -> None:
        """Every rule kept: shapes, lengths, limits, windows."""
        assert not self.refused, self.refused
        assert not self.limits.broken, f"too fast: {self.limits.broken}"

    def _guarded(self, work: Work) -> Work:
        """With the token, refused as Graph refuses, and told to whoever waits."""

        async def answer(request: Request) -> Response:
            try:
                if request.headers.get("authorization") != f"Bearer {self.token}":
                    raise Refused(190, "Invalid OAuth access token - Cannot parse access token", 401)
                found: Response = await work(request)
                return found
            except Refused as refused:
                return JSONResponse(refused.body, refused.status)
            finally:
                self.tell()

        return answer

    async def _message(self, request: Request) -> Response:
        self._number(request)
        asked = await request.json()
        kind = "read" if "status" in asked else str(asked.get("type"))
        self.requests.append((kind, asked))
        fault = self.fault(kind, kind != "read")
        if fault and not fault.how:
            raise fault.refused
        try:
            check(asked)
            answer = self._mark_read(asked) if kind == "read" else self._send(asked, fault)
        except Refused as refused:
            if refused.code in (100, 131009, 131047, 131053):
                self.refused.append(f"{kind}: {refused.details}")
            raise
        return await self._answered(fault, request, JSONResponse(answer))

    def _send(self, asked: dict[str, Any], fault: Fault | None) -> Any:
        who = self.whom(asked)
        self.limits.count(who.key, self.clock())
        if fault and fault.how == "failed":
            number, tag = self.wamid("OUT"), asked.get("biz_opaque_callback_data", "")
            self.statuses.append(self.status(number, "failed", who, tag, fault.refused.code, fault.refused.title))
        else:
            if asked["type"] == "template" and not self.open_for(who):
                self.limits.first(who.key, self.clock())
            shown = self.show(asked)
            number, tag = shown.message_id, shown.tag
            self.statuses += [self.status(number, status, who, tag) for status in ("sent", "delivered", "read")]
        return {"messaging_product": "whatsapp", "contacts": [_contact(asked, who)], "messages": [{"id": number}]}

    def _mark_read(self, asked: dict[str, Any]) -> Any:
        self.read.append((asked["message_id"], "typing_indicator" in asked))
        return {"success": True}

    async def _answered(self, fault: Fault | None, request: Request, response: Response) -> Response:
        return await self.spoilt(fault, request) if fault and fault.how != "failed" else response

    async def _upload(self, request: Request) -> Response:
        self._number(request)
        form = await request.form()
        fault = self.fault("upload", False)
        if fault and not fault.how:
            raise fault.refused
        file = form.get("file")
        try:
            if form.get("messaging_product") != "whatsapp" or file is None or isinstance(file, str):
                raise Refused(100, "media needs messaging_product and file")
            if str(form.get("type", file.content_type)) != file.content_type:
                raise Refused(100, f"type {form.get('type')} is not the file's {file.content_type}")
            number = self.upload(file.content_type or "", await file.read())
        except Refused as refused:
            self.refused.append(f"upload: {refused.details}")
            raise
        return await self._answered(fault, request, JSONResponse({"id": number}))

    async def _look(self, request: Request) -> Response:
        """At a number of the business, or at a picture: the link to it."""
        number = request.path_params["number"]
        fault = self.fault("number" if number == self.phone_id else "look", False)
        if fault and not fault.how:
            raise fault.refused
        found: Any = self._about(request) if number == self.phone_id else self._link(number)
        return await self._answered(fault, request, JSONResponse(found))

    def _about(self, request: Request) -> Any:
        """The fields that were asked for, all or none."""
        known = {"display_phone_number": DISPLAY, "verified_name": "Lapak", **self.about}
        asked = request.query_params.get("fields", "").split(",")
        if unknown := [name for name in asked if name not in known]:
            raise Refused(100, f"Tried accessing nonexisting field ({unknown[0]})")
        return {"id": self.phone_id, **{name: known[name] for name in asked}}

    async def _templates(self, request: Request) -> Response:
        """A page of them, with a cursor to the next."""
        fault = self.fault("templates", False)
        if fault and not fault.how:
            raise fault.refused
        if request.path_params["business"] != self.business_id:
            raise Refused(100, "Unsupported get request", subcode=33)
        most, after = min(int(request.query_params.get("limit", "25")), self.page), int(request.query_params.get("after") or 0)
        fields = request.query_params.get("fields", "name").split(",")
        shown = [{name: one[name] for name in fields if name in one} for one in self.listed[after : after + most]]
        paging: dict[str, Any] = {"cursors": {"before": str(after), "after": str(after + most)}}
        if after + most < len(self.listed):
            paging["next"] = f"{self.url}/elsewhere"
        return await self._answered(fault, request, JSONResponse({"data": shown, "paging": paging}))

    def _link(self, number: str) -> Any:
        if number not in self.files:
            raise Refused(100, f"Object with ID '{number}' does not exist", subcode=33)
        mime, content = self.files[number]
        key = hashlib.sha256(f"{number}{len(self._links)}".encode()).hexdigest()[:20]
        self._links[key] = (number, self.clock() + LINK_LASTS)
        url = f"{self.attachments or self.url}/attachments?mid={number}&hash={key}"
        told = {"url": url, "mime_type": mime, "sha256": hashlib.sha256(content).hexdigest(), "file_size": len(content), "id": number}
        return {"messaging_product": "whatsapp", **told}

    async def _download(self, request: Request) -> Response:
        number, until = self._links.get(request.query_params.get("hash", ""), ("", 0.0))
        fault = self.fault("download", False)
        if fault and not fault.how:
            raise fault.refused
        if not number or self.clock() >= until:
            return Response(status_code=404)
        mime, content = self.files[number]
        return await self._answered(fault, request, Response(content, media_type=mime))

    def _number(self, request: Request) -> None:
        if (number := request.path_params["phone"]) != self.phone_id:
            raise Refused(100, f"Unsupported post request. Object with ID '{number}' does not exist", subcode=33)


def _contact(asked: dict[str, Any], who: Owner) -> dict[str, str]:
    """As the platform names who it was for: by what it was asked with."""
    if "recipient" in asked:
        return {"input": asked["recipient"], "user_id": who.user_id}
    return {"input": asked["to"], "wa_id": who.wa_id}
