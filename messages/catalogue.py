"""The texts: messages/<locale>/<topic>.toml, flattened to dotted keys, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEFAULT = "id"


@cache
def locales() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in HERE.iterdir() if folder.is_dir() and any(folder.glob("*.toml"))))


@cache
def texts(locale: str) -> dict[str, str]:
    """Every text of a locale by its dotted key."""
    return {key: text for key, text in _flat(_tables(locale)) if isinstance(text, str)}


@cache
def words(name: str, locale: str) -> tuple[str, ...]:
    """A list of words people type, e.g. `words.yes`; all lower case."""
    found = dict(_flat(_tables(locale))).get(f"words.{name}", ())
    return tuple(found)


def has(key: str) -> bool:
    return key in texts(DEFAULT)


def template(key: str, locale: str) -> str:
    """The text of a key; an unknown locale falls back to Indonesian. Raises KeyError for an unknown key."""
    table = texts(locale if locale in locales() else DEFAULT)
    return table[key] if key in table else texts(DEFAULT)[key]


@cache
def _tables(locale: str) -> dict[str, Any]:
    """Raises ValueError where two files say the same key: one of them would never be heard."""
    merged: dict[str, Any] = {}
    for file in sorted((HERE / locale).glob("*.toml")):
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if twice := merged.get(name, {}).keys() & table.keys():
                raise ValueError(f"{locale}/{file.name} says {name}.{min(twice)} a second time")
            merged[name] = {**merged.get(name, {}), **table}
    return merged


def _flat(tables: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in tables.items():
        key = f"{prefix}.{name}" if prefix else name
        pairs += _flat(value, key) if isinstance(value, dict) else [(key, value)]
    return pairs
