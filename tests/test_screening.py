"""Identity numbers, one-time codes and accounts are refused whole; ordinary numbers pass."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.screening import PROVINCES, screen

niks = st.builds(
    "{}{:02}{:02}{:02}{:02}{:02}{:04}".format,
    st.sampled_from(sorted(PROVINCES)),
    st.integers(1, 99),
    st.integers(1, 99),
    st.integers(1, 31) | st.integers(41, 71),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(1, 9999),
)


@given(niks, st.sampled_from(["{}", "NIK saya {} ya", "Amplang 25rb\nktp {}", "no. {}, makasih", "1. {}"]))
def test_a_nik_is_refused_wherever_it_stands(nik: str, around: str) -> None:
    assert screen(around.format(nik)) == ("", "nik")


@given(niks, st.sampled_from([" ", ".", "-", " - "]))
def test_a_spaced_nik_is_refused(nik: str, gap: str) -> None:
    assert screen(gap.join((nik[:6], nik[6:12], nik[12:]))) == ("", "nik")
    assert screen(gap.join(nik[place : place + 4] for place in (0, 4, 8, 12)).replace(".000", ".100"))[1] in ("nik", "")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("6472 0152 0190 0001", "nik"), ("6472.01.520190.0001", "nik"), ("0123456789012000", "nik"), ("NPWP 12.345.678.9-012.000", "nik"),
        ("kode otp saya 123456", "code"), ("OTP: 4821", "code"), ("kode verifikasi 123-456", "code"),
        ("123456 is your verification code", "code"),
        ("kodenya 123456", "code"), ("Kode WhatsApp: 123-456", "code"), ("norek bri 1234567890", "account"), ("pin saya 123456", "account"),
        ("No. Rekening 0123-01-012345-53-0", "account"), ("BCA 1234567890", "account"), ("pin atm 1234", "account"),
    ],
)  # fmt: skip
def test_secrets_are_refused_whole(text: str, refused: str) -> None:
    assert screen(text) == ("", refused)


@pytest.mark.parametrize(
    "text",
    [
        "1234567890123", "NIB 1234567890123 500 bungkus", "5106472010123-27", "PIRT 510647201012327", "0812-3456-7890", "+62 812 3456 7890",
        "kode pos 75117", "Di NIB ada kode 10794", "kodenya 10794", "harga 25.000", "Spanduk 25.000 30.000 150.000 5", "pin 250000",
        "Pin enamel 44mm 5.000/buah", "kode OTP itu apa?", "rekening air galon 5rb", "Bank Sampah 2023", "MD 867031001123",
        "Jl. Gerilya No. 5 75117",
        "Amplang 25rb/bks\nKeripik 15rb/bks\nMadu 500ml 75rb", "", "halo",
    ],
)  # fmt: skip
def test_ordinary_words_pass_unchanged(text: str) -> None:
    assert screen(text) == (text, "")


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 99))
def test_a_nib_and_a_pirt_pass(nib: str, year: int) -> None:
    assert screen(nib) == (nib, "")
    assert screen(f"PIRT {nib}-{year:02}")[1] == ""


@given(st.text("08123456789", min_size=8, max_size=11))
def test_a_phone_passes(rest: str) -> None:
    assert screen(f"08{rest}")[1] == ""


def test_it_is_quick_on_long_texts() -> None:
    start = time.process_time()
    for text in ("1 " * 2_000, "otp " * 1_000 + "1", "rekening 1-" * 400, "9" * 4_000, "pin : " * 700):
        screen(text)
    assert time.process_time() - start < 0.5
