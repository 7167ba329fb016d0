"""`lapak bench NAME` and `lapak faults NAME`: a module each, found by its name, with one function `run`."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.ownership import Complaint


def run(folder: str, name: str, rounds: int, shared: Path, channel: str = "") -> None:
    """Calls its `run` with `shared`, `rounds` and `channel` if it takes them. Raises Complaint with the names there are."""
    modules = [module.name for module in pkgutil.iter_modules(import_module(f"bot.{folder}").__path__)]
    work = entry(folder, name) if name in modules else None
    if work is None:
        known = ", ".join(module for module in modules if entry(folder, module)) or "none yet"
        raise Complaint(f"choose one: ./run {folder} NAME, where NAME is one of: {known}")
    asked: dict[str, Any] = {key: value for key, value in {"rounds": rounds, "channel": channel}.items() if value}
    taken = inspect.signature(work).parameters
    for key in asked.keys() - taken.keys():
        raise Complaint(f"{folder} {name} knows no {key}")
    work(**asked, **({"shared": shared} if "shared" in taken else {}))


def entry(folder: str, name: str) -> Callable[..., Any] | None:
    """None for a module that only helps another."""
    found: Callable[..., Any] | None = getattr(import_module(f"bot.{folder}.{name}"), "run", None)
    return found
