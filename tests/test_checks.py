"""What is found in a product before an officer sees it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.business import Business
from models.checks import Others, far, findings
from models.law import law
from models.product import APPROVED, REJECTED, Peer, Product

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PHOTO = {"name": "a.jpg", "width": 1200, "height": 900, "twin": "0" * 16, "advice": []}
OTHER_PHOTO = {**PHOTO, "twin": "f" * 16}
CLEAN: dict[str, Any] = {
    "name": "Amplang ikan tenggiri",
    "etalase": "mamin",
    "details": "250 gram, ikan tenggiri, tahan 3 bulan",
    "price": 25_000,
    "unit": "bungkus",
    "photos": [PHOTO],
    "licence": {"kind": "pirt", "number": "2063472010123-27", "expiry_year": 2027},
    "halal": "yes",
    "kbli": "10794",
}


def found(others: Others = Others(), today: date = TODAY, codes: tuple[str, ...] = (), **changes: Any) -> list[str]:
    product = Product(business_id=1, person_id=1, updated_at=NOW, **(CLEAN | changes))
    business = Business(name="Amplang Bu Siti", region="64.72", kbli=list(codes), created_at=NOW)
    return [f"{one.level}:{one.code}" for one in findings(product, business, others, today)]


def test_a_clean_product_has_no_findings() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"price": 0}, ["R:price_zero"]),
        ({"price": 400}, ["W:price_low"]),
        ({"price_government": 26_000}, ["R:price_government"]),
        ({"price_government": 25_000}, []),
        ({"origin": "impor"}, []),
        ({"origin": "impor", "tkdn": 40.0}, ["R:tkdn"]),
        ({"origin": "impor", "bmp": 5.0}, ["R:tkdn"]),
        ({"licence": {"kind": "pirt", "number": "2063472010123-25", "expiry_year": 2025}}, ["W:expired"]),
        ({"licence": {"kind": "bpom", "number": "MD 867031001123", "expiry_year": None}}, []),
        ({"licence": {}}, ["W:licence"]),
        ({"halal": ""}, ["W:halal"]),
        ({"halal": "process"}, ["W:halal"]),
        ({"kbli": ""}, ["W:kbli_unknown"]),
        ({"kbli": "unknown"}, ["W:kbli_unknown"]),
        ({"kbli": "none"}, ["R:kbli"]),
        ({"kbli": "18111"}, ["R:kbli"]),
        ({"kbli": "none", "allowed": ["kbli"]}, ["W:kbli"]),
        ({"photos": []}, ["R:photo_none"]),
        ({"photos": [PHOTO, OTHER_PHOTO]}, []),
        ({"photos": [PHOTO, PHOTO]}, ["R:photo_twin"]),
        ({"photos": [{**PHOTO, "height": 700}]}, ["W:photo_small"]),
        ({"photos": [{**PHOTO, "height": 299}]}, ["R:photo_tiny"]),
        ({"photos": [{**PHOTO, "advice": ["dark"]}]}, ["W:photo_dark"]),
        ({"details": "250 gram"}, ["W:details_short"]),
        ({"details": "250 gram, ikan tenggiri, hubungi 0812-3456-7890"}, ["R:contact"]),
        ({"details": "250 gram, ikan tenggiri, lihat www.amplang.com"}, ["R:contact"]),
    ],
)
def test_each_finding(changes: dict[str, Any], expected: list[str]) -> None:
    assert found(**changes) == expected


def test_halal_is_asked_from_the_day_of_the_law() -> None:
    assert "W:halal" not in found(today=date(2026, 10, 16), halal="")
    assert "W:halal" in found(today=date(2026, 10, 17), halal="")
    rule = law("halal", TODAY)
    assert rule and rule.effective_from == date(2026, 10, 17) and rule.verified == "secondary"


def test_codes_of_the_nib_may_cover_the_product() -> None:
    assert found(codes=("10794",), kbli="") == []
    assert found(codes=("18111",), kbli="") == ["R:kbli"]
    assert found(codes=("18111",), kbli="unknown") == ["W:kbli_unknown"]


def test_a_price_is_compared_with_five_others_or_not_at_all() -> None:
    assert found(Others(prices=[1_000] * 4)) == []
    assert found(Others(prices=[1_000] * 5)) == ["W:price_far"]
    assert found(Others(prices=[20_000, 25_000, 30_000, 22_000, 28_000])) == []
    assert far(8_000, [25_000] * 5) and not far(75_000, [25_000] * 5) and far(75_001, [25_000] * 5)


def test_the_same_product_twice_is_stopped() -> None:
    def twin(**changes: Any) -> Others:
        return Others(own=[Peer(7, "amplang  IKAN tenggiri", "mamin", "bungkus", APPROVED)._replace(**changes)])

    assert found(twin()) == ["R:same_product"]
    assert found(twin(unit="kg")) == []
    assert found(twin(status=REJECTED)) == []
    assert found(twin(), id=7) == []
    assert found(twin(), allowed=["same_product"]) == ["W:same_product"]
