"""All sources of calls in one server: real HTTP, their paging and their refusals, and whatever the test lets go wrong."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.listening import Fault, Listening

TOKEN = "kunci-resmi-123"
FORM = "dcb41c34746cc7c64e01b1688be6bddb0aac3241"
ROBOTS = "<!DOCTYPE html><html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script></html>"
NAMED = {
    "paket-penyedia-terumumkan": "rup", "paket-anggaran-penyedia": "funds", "pengumuman": "tender", "non-tender-pengumuman": "nontender",
    "history-kaji-ulang": "revisions", "jadwal-tahapan-tender": "stages", "jadwal-tahapan-non-tender": "nontender-stages",
}  # fmt: skip
"""What the gateway's lists are of, by the end of their address."""
NEVER = "Thu, 01 Jan 1970 00:00:00 GMT"
Answering = Callable[[Request], Awaitable[Response]]
Rows = list[dict[str, Any]]


@dataclass
class Asked:
    """One request as it came in; `kind` is what it asked for: a kind of `NAMED`, places, sirup, spse, front, page, steps or ocds."""

    kind: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    number: int = 0
    """Of the package whose page it is."""
    status: int = 0
    at: float = field(default_factory=time.monotonic)


class Refusal(Response):
    def __init__(self, status: int, headers: Mapping[str, str] | None = None, text: str = "") -> None:
        super().__init__(text, status, dict(headers or {}))


class StandIn(Listening):
    """`rows` by what they are of; `pages` is how many rows at once at most. `robots` shows everybody a check for robots."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[tuple[str, str], Rows] = {}
        """By kind and scope: ("rup", "D107"), ("sirup", "14903"); SPSE's by table, OCDS' by page."""
        self.cells: dict[str, list[list[Any]]] = {"lelang": [], "pl": []}
        self.pages: dict[int, tuple[str, str]] = {}
        """A package's own page and its schedule's, as HTML."""
        self.broken: dict[int, int | str] = {}
        """Numbers of packages whose pages always answer with this status, or are "cut"."""
        self.packages: list[dict[str, Any]] = []
        self.most, self.robots, self.proofs = 1000, False, True
        self.dates: dict[str, str] | None = None
        """Of each answer when it was changed, told in the place of ETags once this is no None; by the address that was asked."""
        self.year = "2026"
        self.asked: list[Asked] = []

    def routes(self) -> Sequence[Route]:
        return [
            Route("/api/v1/rup/paket-penyedia-terumumkan", self._of("rup", self._inaproc)),
            Route("/api/v1/rup/paket-anggaran-penyedia", self._of("funds", self._inaproc)),
            Route("/api/legacy/rup/paket-penyedia-lokasi", self._of("places", self._older)),
            Route("/api/v1/tender/pengumuman", self._of("tender", self._inaproc)),
            Route("/api/v1/tender/non-tender-pengumuman", self._of("nontender", self._inaproc)),
            Route("/api/v1/rup/history-kaji-ulang", self._of("revisions", self._inaproc)),
            Route("/api/v1/tender/jadwal-tahapan-tender", self._of("stages", self._inaproc)),
            Route("/api/v1/tender/jadwal-tahapan-non-tender", self._of("nontender-stages", self._inaproc)),
            Route("/sirup/caripaketctr/search", self._of("sirup", self._sirup)),
            Route("/samarindakota/lelang", self._of("front", self._front)),
            Route("/samarindakota/nontender", self._of("front", self._front)),
            Route("/samarindakota/{table}/{number:int}/jadwal", self._of("steps", self._steps)),
            Route("/samarindakota/{table}/{number:int}/{end}", self._of("page", self._page)),
            Route("/samarindakota/dt/{table}", self._of("spse", self._spse), methods=["POST"]),
            Route("/ocds/{place:int}", self._of("ocds", self._ocds)),
        ]

    def shown(self) -> Sequence[Any]:
        return self.asked

    def times(self, kind: str) -> int:
        return sum(1 for one in self.asked if one.kind == kind)

    def fail(self, kind: str, how: str | Refusal, times: int = 1) -> None:
        """ "cut", "half", "hang", or an answer."""
        self.faults.append(Fault(kind, how if isinstance(how, str) else "", how, times))

    def _of(self, kind: str, answering: Answering) -> Answering:
        async def answer(request: Request) -> Response:
            asked = Asked(kind, dict(request.query_params), dict(request.headers), request.path_params.get("number", 0))
            self.asked.append(asked)
            found = await self._answer(kind, request, answering)
            asked.status = found.status_code
            self.tell()
            return found

        return answer

    async def _answer(self, kind: str, request: Request, answering: Answering) -> Response:
        if self.robots:
            return Response(ROBOTS, 403, {"cf-mitigated": "challenge"}, "text/html")
        how = self.broken.get(request.path_params.get("number", 0))
        if isinstance(how, int):
            return Response("Internal Server Error", how)
        if fault := Fault(kind, how, how, 1) if how else self.fault(kind, True):
            return await self.spoilt(fault, request) if fault.how else fault.refused
        return self._proven(request, await answering(request))

    def _proven(self, request: Request, response: Response) -> Response:
        """With an ETag, or 304 where it is the one that the client has."""
        if not self.proofs or request.method != "GET" or response.status_code != 200:
            return response
        if self.dates is not None:
            return self._dated(request, response)
        tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:12]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        response.headers["etag"] = tag
        return response

    def _dated(self, request: Request, response: Response) -> Response:
        """With the time of its last change, or 304 where the client has seen it since; a second is the least that such times tell apart."""
        assert self.dates is not None
        changed = self.dates.setdefault(str(request.url), "Mon, 02 Nov 2026 01:00:00 GMT")
        if parsedate_to_datetime(request.headers.get("if-modified-since", NEVER)) >= parsedate_to_datetime(changed):
            return Response(status_code=304)
        response.headers["last-modified"] = changed
        return response

    async def _inaproc(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"success": False, "error": "Unauthorized"}, 401)
        asked = request.query_params
        cursor = asked.get("cursor", "c0")
        if not cursor.startswith("c"):
            return JSONResponse({"success": False, "error": "cursor"}, 400)
        kind = NAMED[request.url.path.rpartition("/")[2]]
        rows = self.rows.get((kind, asked["kode_klpd"]), []) if asked["tahun"] == self.year else []
        first, limit = int(cursor[1:]), min(int(asked["limit"]), self.most)
        more = first + limit < len(rows)
        meta = {"limit": limit, "has_more": more, "cursor": f"c{first + limit}" if more else None}
        return JSONResponse({"success": True, "data": rows[first : first + limit], "meta": meta})

    async def _older(self, request: Request) -> Response:
        """All rows at once, bare; whoever asks for pages asks for something else."""
        asked = request.query_params
        if request.headers.get("authorization") != f"Bearer {TOKEN}" or set(asked) != {"kode_klpd", "tahun"}:
            return JSONResponse({"error": "Unauthorized"}, 401)
        return JSONResponse(self.rows.get(("places", asked["kode_klpd"]), []) if asked["tahun"] == self.year else [])

    async def _sirup(self, request: Request) -> Response:
        asked = request.query_params
        rows = self.rows.get(("sirup", asked["lokasi"]), []) if asked["tahunAnggaran"] == self.year else []
        first, length = int(asked["start"]), int(asked["length"])
        return JSONResponse({"draw": 1, "recordsTotal": 2**31 - 1, "recordsFiltered": 2**31 - 1, "data": rows[first : first + length]})

    async def _front(self, request: Request) -> Response:
        page = f"<html><script>d.authenticityToken = '{FORM}';</script></html>"
        return Response(page, 200, {"set-cookie": "SPSE_SESSION=abc; Path=/"}, "text/html")

    async def _spse(self, request: Request) -> Response:
        form = await request.form()
        if form.get("authenticityToken") != FORM or request.cookies.get("SPSE_SESSION") != "abc":
            return Response("Bad authenticity token", 403)
        first, length = int(str(form["start"])), int(str(form["length"]))
        cells = self.cells[request.path_params["table"]]
        return JSONResponse({"draw": "1", "recordsTotal": 2**31 - 1, "data": cells[first : first + length]})

    async def _page(self, request: Request) -> Response:
        """A package that is not there is answered with the front page, as the site does."""
        wanted = {"lelang": "pengumumanlelang", "nontender": "pengumumanpl"}[request.path_params["table"]]
        known = self.pages.get(request.path_params["number"])
        if known is None or request.path_params["end"] != wanted:
            return await self._front(request)
        return Response(known[0], 200, media_type="text/html")

    async def _steps(self, request: Request) -> Response:
        known = self.pages.get(request.path_params["number"])
        return Response(known[1], 200, media_type="text/html") if known else await self._front(request)

    async def _ocds(self, request: Request) -> Response:
        place = request.path_params["place"]
        links = {"links": {"next": f"{self.url}/ocds/{place + 1}"}} if place + 1 < len(self.packages) else {}
        return Response(json.dumps(self.packages[place] | links), media_type="application/json")


def plans(first: int, count: int, **more: Any) -> Rows:
    """Rows as the gateway has them of plans, with invented names."""
    return [
        {
            "tahun_anggaran": 2026, "kd_klpd": "D107", "nama_klpd": "Kota Samarinda", "nama_satker": "DINAS CONTOH", "kd_rup": number,
            "nama_paket": f"Belanja Makanan dan Minuman Rapat {number}", "pagu": 10_000_000 + number,
            "metode_pengadaan": "Pengadaan Langsung", "jenis_pengadaan": "Barang", "status_pdn": "PDN", "status_ukm": "UKM",
            "tgl_awal_pemilihan": "2026-12-01", "tgl_akhir_pemilihan": "2026-12-20", "tgl_pengumuman_paket": "2026-11-20 09:00:00",
            "status_aktif_rup": True, "status_delete_rup": False, "status_umumkan_rup": "Terumumkan", **more,
        }
        for number in range(first, first + count)
    ]  # fmt: skip


def funds(number: int, source: str = "APBD") -> dict[str, Any]:
    return {"tahun_anggaran": 2026, "kd_klpd": "D107", "kd_rup": number, "pagu": 1000, "mak": "1.02", "sumber_dana": source}


def place(number: int, city: str, province: str = "Kalimantan Timur") -> dict[str, Any]:
    return {"kd_klpd": "D107", "kd_rup": number, "detail_lokasi": "KANTOR CONTOH", "kab_kota": city, "provinsi": province}


def announced(number: int, plan: int | str, **more: Any) -> dict[str, Any]:
    """A row as the gateway has it of a tender."""
    return {
        "nama_klpd": "Kota Samarinda", "nama_satker": "DINAS CONTOH", "kd_tender": number, "kd_rup": str(plan),
        "nama_paket": f"Belanja Makanan dan Minuman Rapat {plan}", "pagu": 10_000_000, "hps": 9_900_000.5, "mtd_pemilihan": "Tender",
        "jenis_pengadaan": "Jasa Lainnya", "status_tender": "Berlangsung", "tgl_pengumuman_tender": "2026-11-20 10:00:00",
        "lokasi_pekerjaan": "Aula - Samarinda (Kota) - Kalimantan Timur", "url_lpse": "https://spse.example/samarindakota", **more,
    }  # fmt: skip


def stages(number: int, closes: str = "2026-12-01 10:00:00", **more: Any) -> Rows:
    """The schedule of a tender, in which more is uploaded than offers."""
    return _scheduled(number, (
        ("Pengumuman Pascakualifikasi", "2026-11-20 10:00:00", closes),
        ("Download Dokumen Pemilihan", "2026-11-20 10:00:00", "2026-11-28 09:00:00"),
        ("Upload Dokumen Penawaran", "2026-11-24 08:00:00", closes), ("Pembukaan Dokumen Penawaran", closes, "2026-12-05 16:00:00"),
        ("Upload Berita Acara Hasil Pelelangan", "2026-12-06 08:00:00", "2026-12-09 15:00:00"),
        ("Masa Sanggah", "2026-12-10 08:00:00", "2026-12-14 16:00:00"),
    ), more)  # fmt: skip


def qualifying(number: int, papers: str = "2026-11-28 10:00:00", offers: str = "2026-12-20 10:00:00", **more: Any) -> Rows:
    """The schedule of a tender with prequalification: papers first, and offers of those who passed."""
    named = (
        ("Pengumuman Prakualifikasi", "2026-11-20 10:00:00", papers), ("Kirim Persyaratan Kualifikasi", "2026-11-21 08:00:00", papers),
        ("Evaluasi Dokumen Kualifikasi", papers, "2026-12-05 16:00:00"),
        *((("Upload Dokumen Penawaran", "2026-12-10 08:00:00", offers),) if offers else ()),
    )  # fmt: skip
    return _scheduled(number, named, more)


def _scheduled(number: int, named: Sequence[tuple[str, str, str]], more: dict[str, Any]) -> Rows:
    row = {"kd_klpd": "D107", "tahun_anggaran": 2026, "kd_tender": number}
    return [row | {"nama_tahapan": name, "tgl_awal": begin, "tgl_akhir": end} | more for name, begin, end in named]


def revised(old: int, new: int, kind: str = "Satu ke Satu", **more: Any) -> dict[str, Any]:
    return {
        "kd_klpd": "D107", "nama_klpd": "Kota Samarinda", "tahun_anggaran": 2026, "kd_rup_lama": old, "kd_rup_baru": new,
        "jenis_paket": "PENYEDIA", "jenis_revisi": kind, "alasan_kajiulang": "anggaran bergeser", "tgl_kaji_ulang": "2026-11-23 09:00:00",
        **more,
    }  # fmt: skip


def searched(first: int, count: int) -> Rows:
    """Rows as SiRUP's search has them."""
    return [
        {
            "id": number, "paket": f"Belanja Alat Tulis Kantor {number}", "pagu": 5_000_000, "jenisPengadaan": "Barang",
            "metode": "E-Purchasing", "pemilihan": "Desember 2026", "kldi": "Kota Samarinda", "satuanKerja": "DINAS CONTOH",
            "lokasi": "Samarinda (Kota)",
        }
        for number in range(first, first + count)
    ]  # fmt: skip


def tender(number: int, title: str = "Pengadaan Meja Sekolah") -> list[Any]:
    """Cells as SPSE's table has them."""
    return [
        str(number), title, "Pemerintah Kota Samarinda", "Pengumuman Pascakualifikasi", "990 Jt", "Pascakualifikasi Satu File", "Tender",
        "Harga Terendah Sistem Gugur", "Pengadaan Barang - TA 2026", "3", "Nilai Kontrak belum dibuat", None, None, "0",
    ]  # fmt: skip


def release(number: int, **more: Any) -> dict[str, Any]:
    return {
        "ocid": f"ocds-contoh-{number}", "id": f"{number}-1", "date": "2026-11-20T01:00:00Z", "tag": ["tender"],
        "tender": {"title": f"Pengadaan Beras {number}", "status": "active", "value": {"amount": 1000000, "currency": "IDR"}}, **more,
    }  # fmt: skip
