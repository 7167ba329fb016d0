"""Which release this is, as pyproject.toml says it."""

from __future__ import annotations

import tomllib
from functools import cache

from bot.settings import ROOT


@cache
def release() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
