"""Months as people and sources write them, in Indonesian and in English."""

from __future__ import annotations

_SPELLINGS = (
    "januari jan january", "februari feb pebruari peb february", "maret mar mrt march", "april apr", "mei may", "juni jun june",
    "juli jul july", "agustus agu ags agt agst aug august", "september sep sept", "oktober okt oct october",
    "november nov nopember nop", "desember des dec december",
)  # fmt: skip
MONTHS = {spelling: month for month, spellings in enumerate(_SPELLINGS, 1) for spelling in spellings.split()}
NAMES = tuple(spellings.split()[0].title() for spellings in _SPELLINGS)
"""In full, January first."""
