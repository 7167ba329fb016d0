"""A power cut at any write: what was acknowledged is there; and a disk that only says it has synced would be seen."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bot.faults.disk import Deed, Disk, compiled
from bot.faults.power import cut, watched


def test_no_acknowledged_message_is_lost_by_a_power_cut(tmp_path: Path) -> None:
    library = compiled(tmp_path)
    if library is None:
        pytest.skip("there is no C compiler here")
    seen = watched(tmp_path / "full", library, "FULL", 2)
    found = cut(seen, 40, 7)
    assert (found.cuts, found.lost, found.broken) == (40, 0, [])
    assert found.acknowledged > 100
    lying = replace(seen, deeds=[deed for deed in seen.deeds if deed.kind not in "sS"])
    assert cut(lying, 40, 7).lost


def written(offset: int, data: bytes) -> Deed:
    return Deed("w", "a", offset, data)


def test_a_disk_keeps_what_was_synced_and_any_sectors_of_the_rest() -> None:
    disk = Disk({"a": b"x" * 512})
    disk.follow(written(512, b"s" * 512))
    disk.follow(Deed("s", "a", 0, b""))
    disk.follow(written(0, b"y" * 1024))
    disk.follow(Deed("S", "a", 0, b""))
    draw = random.Random(1)
    assert disk.after_cut(draw, "lost") == {"a": b"x" * 512 + b"s" * 512}, "what was written after a sync began is not sure"
    assert disk.after_cut(draw, "kept") == {"a": b"y" * 1024}
    seen = {disk.after_cut(draw, "drawn")["a"] for _ in range(200)}
    assert seen == {first * 512 + second * 512 for first in (b"x", b"y") for second in (b"s", b"y")}
    disk.follow(Deed("t", "a", 100, b""))
    assert disk.after_cut(draw, "kept") == {"a": b"y" * 100}
    disk.follow(Deed("u", "a", 0, b""))
    assert disk.after_cut(draw, "kept") == {}
