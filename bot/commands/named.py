"""`lapak bench NAME` and `lapak faults NAME`: a module each, found by its name, with one function `run`."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.ownership import Complaint


def run(folder: str, name: str, rounds: int, shared: Path) -> None:
    """Calls its `run` with `shared` and `rounds` if it takes them. Raises Complaint with the names there are."""
    modules = [module.name for module in pkgutil.iter_modules(import_module(f"bot.{folder}").__path__)]
    work = entry(folder, name) if name in modules else None
    if work is None:
        known = ", ".join(module for module in modules if entry(folder, module)) or "none yet"
        raise Complaint(f"choose one: ./run {folder} NAME, where NAME is one of: {known}")
    given: dict[str, Any] = {"shared": shared} | ({"rounds": rounds} if rounds else {})
    taken = inspect.signature(work).parameters
    if rounds and "rounds" not in taken:
        raise Complaint(f"{folder} {name} knows no rounds")
    work(**{key: value for key, value in given.items() if key in taken})


def entry(folder: str, name: str) -> Callable[..., Any] | None:
    """None for a module that only helps another."""
    found: Callable[..., Any] | None = getattr(import_module(f"bot.{folder}.{name}"), "run", None)
    return found
