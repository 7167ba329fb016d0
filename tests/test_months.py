"""A month is read the same from people and from sources, however it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.reading.dates import date, date_words
from handlers.said import Said
from models.months import MONTHS, NAMES
from models.sources.values import moment

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("spelling", "month"), MONTHS.items())
def test_people_and_sources_spell_alike(spelling: str, month: int) -> None:
    written = f"15 {spelling} 2026 10.00"
    read = date.read(Said(text=written), {"now": NOW, "zone": "Asia/Makassar"})
    assert read == f"2026-{month:02}-15T10:00"
    assert moment(written, "Asia/Makassar") == datetime(2026, month, 15, 2, tzinfo=UTC)
    assert date_words(read) == f"15 {NAMES[month - 1]} 2026 10.00"
