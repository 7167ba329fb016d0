"""Our own schemas of what platforms take, beside the shared ones where these are at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

SHARED = Path(os.environ.get("LAPAK_SHARED", Path(__file__).parent.parent.parent / "shared")) / "data"


def _at_most(_: Any, most: int, text: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(text, str) and len(text.encode()) > most:
        yield ValidationError(f"over {most} bytes")


def _at_least(_: Any, least: int, text: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(text, str) and len(text.encode()) < least:
        yield ValidationError(f"under {least} bytes")


def _any_of(validator: Any, choices: Any, asked: Any, schema: Any) -> Iterator[ValidationError]:
    """Each choice is left at its first error; all of them are gathered only where none fits."""
    if not any(next(validator.descend(asked, choice), None) is None for choice in choices):
        yield from Draft202012Validator.VALIDATORS["anyOf"](validator, choices, asked, schema)


Strict = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"x-maxBytes": _at_most, "x-minBytes": _at_least, "anyOf": _any_of}
)


@cache
def loaded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def complaint(schemas: Iterable[Any], asked: Any) -> str:
    """What breaks one of the schemas, "" when nothing does."""
    for schema in schemas:
        for error in schema.iter_errors(asked):
            return f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
    return ""
