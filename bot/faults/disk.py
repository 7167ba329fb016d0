"""A disk that forgets: rebuilt from the log of what processes wrote, as it may be found after a power cut at any of their deeds.

What a sync has ended for is there, of the rest nothing, all, the first part, or any sectors of any of it. That holds of names too:
one that was made, changed or deleted is sure when its own folder was synced, whatever was done to the file.
"""

from __future__ import annotations

import copy
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Generic, NamedTuple, TypeVar, Union

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("<cIQqI")
SECTORS = (512, 4096)
FATES = ("lost", "kept", "begun", "drawn", "drawn", "drawn")
"""What becomes of what no sync has made sure of: none is there, all, the first deeds, or any sectors of any of them."""
Tree = Mapping[str, Union[bytes, "Tree"]]
"""Files and folders by their names."""
State = TypeVar("State")
Change = TypeVar("Change")


def compiled(folder: Path) -> Path | None:
    """The library to preload; None where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    made = folder / "disk.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl", "-lpthread"], check=True)
    return made


def preloaded(library: Path, root: Path, log: Path) -> dict[str, str]:
    """The environment of a process that is watched, whoever it runs as."""
    log.touch()
    log.chmod(0o666)
    return os.environ | {"LD_PRELOAD": str(library), "DISK_ROOT": str(root.resolve()), "DISK_LOG": str(log)}


class Deed(NamedTuple):
    """`kind` of a file: w a write, t a new length, s a sync begins, S it has ended. Of a name, which is the data: o it is opened, and
    made where it was not; m it is changed (old and new, a zero between them), u deleted, d a folder is made. `file` is the inode.
    """

    kind: str
    who: int = 0
    file: int = 0
    offset: int = 0
    data: bytes = b""


def deeds(log: Path) -> Iterator[Deed]:
    content, at = log.read_bytes(), 0
    while at + HEAD.size <= len(content):
        kind, who, file, offset, size = HEAD.unpack_from(content, at)
        at += HEAD.size
        yield Deed(kind.decode(), who, file, offset, content[at : at + size])
        at += size


class Kept(Generic[State, Change]):
    """`sure` is on the disk whatever happens; the changes under way may be."""

    def __init__(self, sure: State) -> None:
        self.sure = sure
        self.under_way: list[Change] = []
        self.syncing: dict[int, int] = {}
        """How many changes each thread that syncs will have made sure of."""

    def sync(self, who: int) -> None:
        self.syncing[who] = len(self.under_way)

    def synced(self, who: int) -> None:
        done = self.syncing.pop(who)
        for change in self.under_way[:done]:
            self.apply(self.sure, change)
        del self.under_way[:done]
        self.syncing = {other: max(begun - done, 0) for other, begun in self.syncing.items()}

    def found(self, draw: random.Random, fate: str) -> State:
        state = copy.copy(self.sure)
        for change in left_of(self.under_way, draw, fate, self.torn):
            self.apply(state, change)
        return state

    @staticmethod
    def apply(state: State, change: Change) -> None:
        raise NotImplementedError

    @staticmethod
    def torn(change: Change, draw: random.Random, share: float) -> list[Change]:
        """What arrived of it: a whole is there or not."""
        return [change] if draw.random() < share else []


class File(Kept[bytearray, Deed]):
    @staticmethod
    def apply(state: bytearray, change: Deed) -> None:
        if change.kind == "t":
            state[:] = state[: change.offset].ljust(change.offset, b"\0")
            return
        end = change.offset + len(change.data)
        if len(state) < end:
            state.extend(bytes(end - len(state)))
        state[change.offset : end] = change.data

    @staticmethod
    def torn(change: Deed, draw: random.Random, share: float) -> list[Deed]:
        """The sectors of a write that arrived."""
        if change.kind == "t":
            return Kept.torn(change, draw, share)
        sector, offset, end = draw.choice(SECTORS), change.offset, change.offset + len(change.data)
        starts = [offset, *range(offset - offset % sector + sector, end, sector)]
        parts = zip(starts, [*starts[1:], end], strict=True)
        kept = [part for part in parts if draw.random() < share]
        return [change._replace(offset=first, data=change.data[first - offset : last - offset]) for first, last in kept]


class Folder(Kept["dict[str, Node]", "dict[str, Node | None]"]):
    """A change gives new files to names, None to those that are deleted. `now` is what the processes see."""

    def __init__(self, tree: Tree) -> None:
        super().__init__({name: File(bytearray(one)) if isinstance(one, bytes) else Folder(one) for name, one in tree.items()})
        self.now = dict(self.sure)

    def change(self, names: dict[str, Node | None]) -> None:
        self.under_way.append(names)
        self.apply(self.now, names)

    @staticmethod
    def apply(state: dict[str, Node], change: dict[str, Node | None]) -> None:
        for name, node in change.items():
            if node is None:
                state.pop(name, None)
            else:
                state[name] = node


Node = File | Folder


def left_of(
    under_way: Sequence[Change], draw: random.Random, fate: str, torn: Callable[[Change, random.Random, float], list[Change]]
) -> list[Change]:
    if fate in ("lost", "kept"):
        return list(under_way) if fate == "kept" else []
    if fate == "begun":
        begun = list(under_way[: draw.randint(0, len(under_way))])
        return [*begun[:-1], *torn(begun[-1], draw, 0.5)] if begun else []
    share = draw.choice((0.2, 0.5, 0.9))
    return [part for change in under_way for part in torn(change, draw, share)]


class Disk:
    """Follows the deeds; `after_cut` gives what may be found if the power is gone now."""

    def __init__(self, tree: Tree) -> None:
        self.root = Folder(tree)
        self.opened: dict[int, Node] = {}
        """By inode. One that the file system gives to another file is opened again before anything is done to it."""

    def follow(self, deed: Deed) -> None:
        match deed.kind:
            case "s":
                self.opened[deed.file].sync(deed.who)
            case "S":
                self.opened[deed.file].synced(deed.who)
            case "w" | "t":
                file = self.opened[deed.file]
                assert isinstance(file, File)
                file.under_way.append(deed)
            case _:
                self._name(deed, *(PurePosixPath(name.decode()) for name in deed.data.split(b"\0")))

    def _name(self, deed: Deed, path: PurePosixPath, new: PurePosixPath | None = None) -> None:
        folder, name = self.folder(path.parent), path.name
        if deed.kind == "o":
            if name and name not in folder.now:
                folder.change({name: File(bytearray())})
            self.opened[deed.file] = folder.now[name] if name else folder
        elif new is None:
            folder.change({name: Folder({}) if deed.kind == "d" else None})
        elif name in folder.now:
            assert new.parent == path.parent, "nothing here moves a file from folder to folder"
            folder.change({name: None, new.name: folder.now[name]})

    def folder(self, path: PurePosixPath) -> Folder:
        found = self.root
        for name in path.parts:
            inner = found.now[name]
            assert isinstance(inner, Folder)
            found = inner
        return found

    def read(self, name: str) -> bytes:
        """What the processes see in a file of the root."""
        file = self.root.now.get(name)
        return bytes(file.found(random.Random(), "kept")) if isinstance(file, File) else b""

    def after_cut(self, draw: random.Random, fate: str) -> Tree:
        return after_cut(self.root, draw, fate)


def after_cut(folder: Folder, draw: random.Random, fate: str) -> Tree:
    nodes = folder.found(draw, fate)
    return {
        name: after_cut(node, draw, fate) if isinstance(node, Folder) else bytes(node.found(draw, fate)) for name, node in nodes.items()
    }


def read(folder: Path) -> Tree:
    """What is there before the first deed."""
    return {one.name: read(one) if one.is_dir() else one.read_bytes() for one in folder.iterdir()}


def lay(tree: Tree, folder: Path) -> None:
    """The other way."""
    for name, one in tree.items():
        place = folder / name
        if isinstance(one, bytes):
            place.write_bytes(one)
        else:
            place.mkdir()
            lay(one, place)
