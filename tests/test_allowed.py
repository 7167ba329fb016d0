"""What may go out to many people, and what is refused with its reason."""

from __future__ import annotations

import pytest

from models.allowed import may_point_to, objections

LINKS = ("go.id",)

FINE = [
    "Sosialisasi katalog elektronik hari Kamis, 26 November 2026 pukul 09.00 WITA di kantor Biro PBJ. Gratis, tanpa biaya.",
    "Gratis dan tidak dipungut biaya apa pun.",
    "Tidak ada biaya, tidak ada jalur khusus.",
    "Pendaftaran tidak dipungut biaya, pungutan, atau iuran.",
    "Jangan pernah mau bayar kepada siapa pun. Petugas tidak pernah meminta transfer.",
    "Biaya perjalanan ditanggung panitia.",
    "Biaya: gratis. Bawa NIB.",
    "Kami tidak pernah meminta KTP, PIN, atau nomor rekening.",
    "Daftar di https://katalog.kaltimprov.go.id/daftar?x=1, ditutup 30 November.",
    "Lihat kaltimprov.go.id.",
    "Lihat HTTPS://WWW.OSS.GO.ID/ atau oss.go.id, ya.",
    "Hubungi 0812-3456-7890 atau (0541) 741807, surel pbj@kaltimprov.go.id",
    "Paket Rp1.250.000.000 dan pagu Rp18,5 juta untuk sumber dana APBD.",
    "Acara pukul 09.00-12.00. Bawa contoh produk.Terima kasih.",
    "Kain ulap doyo dan produk s.d. 30 Nov 2026 No. 12/PBJ/XI/2026.",
    "Free of charge, no fees and no payment.",
    "Hubungi +62 812 3456 7890, 62 812-3456-7890, atau (0541) 733333.",
    "Pembayaran dari dinas paling lama 14 hari setelah barang diterima.",
    "Kami tidak pernah meminta uang, KTP, PIN, atau transfer.",
    "Jangan pernah kirim kode OTP ke siapa pun. Bawa KTP asli untuk daftar hadir.",
    "Transformasi digital dan transparansi katalog. Bawa 10 contoh produk.",
    "Bawa produk yang harganya di bawah Rp25.000, boleh 2 macam . Masuk gratis",
    "Assalamualaikum Bapak/Ibu. السلام عليكم",
]
REFUSED = [
    ("Transfer Rp50.000 untuk pendaftaran.", "fee"),
    ("Siapkan biaya administrasi 50 ribu.", "fee"),
    ("Gratis, tanpa biaya. Cukup bayar uang pendaftaran.", "fee"),
    ("Jangan lupa bayar sebelum Jumat.", "fee"),
    ("Tidak sulit, bayar 50rb saja.", "fee"),
    ("Uang muka 10% disiapkan.", "fee"),
    ("Kirim pulsa 20 ribu ke panitia.", "fee"),
    ("Please pay the registration fee.", "fee"),
    ("T\u200bransfer dulu ya, biar cepat.", "fee"),
    ("ｔｒａｎｓｆｅｒ dulu ya", "fee"),
    ("Silakan tf ya bu", "fee"),
    ("b a y a r  admin dulu", "fee"),
    ("t.r.a.n.s.f.e.r sekarang", "fee"),
    ("trans fer atau tranfer saja", "fee"),
    ("b4yar dan tr4nsf3r hari ini", "fee"),
    ("byr admin", "fee"),
    ("Administrasi Rp50.000", "fee"),
    ("by admin 25rb", "fee"),
    ("DP dulu 50%", "fee"),
    ("Siapkan uang 50rb", "fee"),
    ("Siapkan 50 ribu per orang", "fee"),
    ("Rp 50.000 diserahkan ke bendahara", "fee"),
    ("Ongkos daftar 20 ribu", "fee"),
    ("Sumbangan sukarela", "fee"),
    ("Kirim foto KTP ke sini", "secret"),
    ("Balas dengan kode OTP", "secret"),
    ("Kirim ke BRI 0012 3456 7890 12", "account"),
    ("Rekening panitia 123456789", "account"),
    ("Siapkan nomor rekening masing-masing.", "account"),
    ("Panitia: 4531200098765", "account"),
    ("Kirim ke dana 0812 3456 7890", "wallet"),
    ("OVO / GoPay panitia tersedia", "wallet"),
    ("Gabung grup https://chat.whatsapp.com/AbCd", "whatsapp"),
    ("Klik wa.me/6281234567890", "whatsapp"),
    ("Daftar di bit.ly/lapak", "short"),
    ("Daftar di https://s.id/lapak", "short"),
    ("Daftar di https://go.id.evil.com/daftar", "link"),
    ("Daftar di go.id.evil.com", "link"),
    ("Daftar di https://evilgo.id", "link"),
    ("Daftar di https://kaltimprov-go.id", "link"),
    ("Daftar di https://go.id@evil.com/", "link"),
    ("Daftar di https://evil.com\\@go.id", "link"),
    ("Daftar di https://evil.com/go.id", "link"),
    ("Daftar di https://evil.com#go.id", "link"),
    ("Daftar di http://10.0.0.1/daftar", "link"),
    ("Buka 103.20.4.7 ya", "link"),
    ("Buka http://1729130247/", "link"),
    ("Daftar di https://kaltimprov.gо.id", "letters"),
    ("Daftar di kaltimprov。evil。com", "link"),
    ("Daftar di https://xn--g-7sb.go.id", "link"),
    ("Daftar di evil [dot] com", "link"),
    ("Daftar di evil titik com", "link"),
    ("Tanya @lapak_resmi_bot", "link"),
    ("Surel ke lapak@gmail.com", "link"),
    ("Buka tg://resolve?domain=x", "link"),
    ("Buka ht\u200btps://evil.com", "link"),
    ("Buka evil.gallery/x", "link"),
    ("Daftar di bit . ly/lapak", "short"),
    ("Buka evil.ai sekarang", "link"),
    ("Unduh evil.zip", "link"),
    ("HTTPS://GO.ID.EVIL.COM", "link"),
]


@pytest.mark.parametrize("text", FINE)
def test_an_ordinary_announcement_passes(text: str) -> None:
    assert objections(text, LINKS) == []


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_a_swindler_would_write_is_refused(text: str, reason: str) -> None:
    assert reason in [objection.reason for objection in objections(text, LINKS)]


def test_the_allowed_domains_are_a_setting() -> None:
    assert may_point_to("https://spse.inaproc.id/kaltimprov", ("go.id", "inaproc.id"))
    assert not may_point_to("https://spse.inaproc.id/kaltimprov", ("go.id",))
    assert not may_point_to("https://evil.com", ("",))
