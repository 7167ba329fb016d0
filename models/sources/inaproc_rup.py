"""Rows of data.inaproc.id's RUP: packages, and the feeds that add funds, places and new numbers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.package import RUP, Package, Unreadable
from models.sources.door import clean, line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import Fields, flag, moment, month, number, rupiah
from models.sources.words import complete, domestic_of, funds_of, kind_of, method_of, reason_of, small_of

SOURCE = "inaproc-rup"
PAGE = "https://sirup.inaproc.id/sirup/home/detailPaketPenyediaPublic2017?idPaket={}"
COLUMNS = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_rup nama_paket pagu kd_metode_pengadaan
metode_pengadaan kd_jenis_pengadaan jenis_pengadaan status_pradipa status_pdn status_ukm alasan_non_ukm status_konsolidasi tipe_paket
kd_rup_swakelola kd_rup_lokal volume_pekerjaan urarian_pekerjaan spesifikasi_pekerjaan tgl_awal_pemilihan tgl_akhir_pemilihan
tgl_awal_kontrak tgl_akhir_kontrak tgl_awal_pemanfaatan tgl_akhir_pemanfaatan tgl_buat_paket tgl_pengumuman_paket status_aktif_rup
status_delete_rup status_umumkan_rup status_dikecualikan alasan_dikecualikan tahun_pertama kode_rup_tahun_pertama nomor_kontrak
spp_aspek_ekonomi spp_aspek_sosial spp_aspek_lingkungan _event_date"""
FUNDS = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_rup kd_rup_lokal kd_kegiatan kd_komponen
kd_subkegiatan pagu mak sumber_dana asal_dana tahun_anggaran_dana asal_dana_klpd asal_dana_satker status_aktif_rup status_delete_rup
status_umumkan_rup _event_date"""
PLACES = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_rup detail_lokasi kd_kab_kota kab_kota
kd_provinsi provinsi _event_date"""
NUMBERS = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_rup_lama kd_rup_baru jenis_paket
jenis_revisi alasan_kajiulang tgl_kaji_ulang _event_date"""
SHAPES = (COLUMNS, FUNDS, PLACES, NUMBERS)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable. A row of funds, places or new numbers has no title and only adds to a package that is known."""
    fields = Fields(row)
    if "kdruplama" in fields and not fields.of("nama_paket", "kd_rup"):
        return _renumbered(fields, zone)
    if "totalharga" in fields or "orderid" in fields:
        raise Unreadable("purchase")  # an order that was placed already, in the catalogue or in a shop online
    key = number(fields.of("kd_rup", "kd_rup_paket", "kode_rup"))
    if not key:
        raise Unreadable("no_number")
    if fields.of("nama_paket", "nama_paket_pengadaan", "nama"):
        return complete(_package(fields, key, zone))
    if "kabkota" in fields or "detaillokasi" in fields:
        return Package(SOURCE, ((RUP, key),), "", places=places_of(fields.of("kab_kota") or fields.of("provinsi")))
    if "sumberdana" in fields:
        return Package(SOURCE, ((RUP, key),), "", funds=funds_of(fields.of("sumber_dana")))
    raise Unreadable("no_title")


def _package(fields: Fields, key: str, zone: str) -> Package:
    institution = line(fields.of("nama_klpd"))
    zone = zone_at(region_of(institution), zone)
    title = line(fields.of("nama_paket", "nama_paket_pengadaan", "nama"))
    status, reason = _status(fields)
    return Package(
        SOURCE, ((RUP, key),), title,
        detail=_detail(title, fields.of("urarian_pekerjaan", "uraian_pekerjaan"), fields.of("spesifikasi_pekerjaan")),
        buyer=line(fields.of("nama_satker")), institution=institution,
        budget=rupiah(fields.of("pagu", "jumlah_pagu")), funds=funds_of(fields.of("sumber_dana")),
        method=method_of(fields.of("metode_pengadaan")), kind=kind_of(fields.of("jenis_pengadaan")),
        small_only=small_of(fields.of("status_ukm")), domestic=domestic_of(fields.of("status_pdn")),
        opens_at=month(fields.of("tgl_awal_pemilihan", "tanggal_awal_pemilihan"), zone),
        closes_at=month(fields.of("tgl_akhir_pemilihan", "tanggal_akhir_pemilihan"), zone, closes=True),
        status=status, reason=reason, link=PAGE.format(key),
        fresh_at=moment(fields.of("tgl_pengumuman_paket", "tgl_buat_paket"), zone), replaces=_older(fields, key),
    )  # fmt: skip


def _detail(title: str, *texts: Any) -> str:
    """What the columns say beyond the title, each once."""
    parts = [words for text in texts if (words := clean(text)) and words.casefold() != title.casefold()]
    return "\n".join(dict.fromkeys(parts))


def _status(fields: Fields) -> tuple[str, str]:
    if flag(fields.of("status_aktif_rup")) is False or flag(fields.of("status_delete_rup")) is True:
        return "cancelled", reason_of(fields.of("alasan_pembatalan", "alasan_kajiulang", "alasan"))
    return "planned", ""


def _older(fields: Fields, key: str) -> tuple[tuple[str, str], ...]:
    old = number(fields.of("kd_rup_lama"))
    return ((RUP, old),) if old and old != key else ()


def _renumbered(fields: Fields, zone: str) -> Package:
    """A row of the history of revisions: a number that took another's place, or a package that was called off."""
    old, new = number(fields.of("kd_rup_lama")), number(fields.of("kd_rup_baru"))
    if not old:
        raise Unreadable("no_number")
    if "swakelola" in str(fields.of("jenis_paket") or "").casefold():  # the office does it itself, nobody else is wanted
        return Package(SOURCE, ((RUP, old),), "")
    when = moment(fields.of("tgl_kaji_ulang"), zone)
    why = reason_of(fields.of("alasan_kajiulang", "alasan_kaji_ulang"))
    if "batal" in str(fields.of("jenis_revisi") or "").casefold() or not new:
        return Package(SOURCE, ((RUP, old),), "", status="cancelled", reason=why, fresh_at=when)
    return Package(SOURCE, ((RUP, new),), "", fresh_at=when, replaces=((RUP, old),) if old != new else ())
