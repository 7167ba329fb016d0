"""A disk that forgets: rebuilt from the log of what a process wrote, as it may be found after a power cut at any of the writes."""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("<cIqI")
SECTORS = (512, 4096)
FATES = ("lost", "kept", "begun", "drawn", "drawn", "drawn")
"""What becomes of writes that no sync has made sure of: none, all, the first ones, or any sectors of any of them."""


def compiled(folder: Path) -> Path | None:
    """The library to preload; None where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    made = folder / "disk.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl", "-lpthread"], check=True)
    return made


class Deed(NamedTuple):
    """`kind`: w a write, t a new length, s a sync begins, S it has ended, u the file is deleted."""

    kind: str
    name: str
    offset: int
    data: bytes


def deeds(log: Path) -> Iterator[Deed]:
    content, at = log.read_bytes(), 0
    while at + HEAD.size <= len(content):
        kind, name, offset, size = HEAD.unpack_from(content, at)
        at += HEAD.size
        yield Deed(kind.decode(), content[at : at + name].decode(), offset, content[at + name : at + name + size])
        at += name + size


@dataclass
class File:
    """`sure` is on the disk whatever happens; the rest is under way."""

    sure: bytearray = field(default_factory=bytearray)
    under_way: list[Deed] = field(default_factory=list)
    syncing: list[int] = field(default_factory=list)


class Disk:
    """Follows the deeds; `after_cut` gives what may be found if the power is gone now."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files: dict[str, File] = defaultdict(File, {name: File(bytearray(content)) for name, content in files.items()})

    def follow(self, deed: Deed) -> None:
        file = self.files[deed.name]
        if deed.kind == "s":
            file.syncing.append(len(file.under_way))
        elif deed.kind == "S":
            # A name that was deleted meanwhile has begun anew.
            done = min(file.syncing.pop(0) if file.syncing else 0, len(file.under_way))
            for one in file.under_way[:done]:
                apply(file.sure, one)
            del file.under_way[:done]
            file.syncing = [max(begun - done, 0) for begun in file.syncing]
        elif deed.kind == "u":
            del self.files[deed.name]
        else:
            file.under_way.append(deed)

    def after_cut(self, draw: random.Random, fate: str) -> dict[str, bytes]:
        found = {}
        for name, file in self.files.items():
            content = bytearray(file.sure)
            for deed in left_of(file.under_way, draw, fate):
                apply(content, deed)
            found[name] = bytes(content)
        return found


def left_of(under_way: Sequence[Deed], draw: random.Random, fate: str) -> list[Deed]:
    if fate in ("lost", "kept"):
        return list(under_way) if fate == "kept" else []
    if fate == "begun":
        begun = list(under_way[: draw.randint(0, len(under_way))])
        return [*begun[:-1], *torn(begun[-1], draw, 0.5)] if begun else []
    share = draw.choice((0.2, 0.5, 0.9))
    return [part for deed in under_way for part in torn(deed, draw, share)]


def torn(deed: Deed, draw: random.Random, share: float) -> list[Deed]:
    """The sectors of a write that arrived; a new length is there or not."""
    if deed.kind == "t":
        return [deed] if draw.random() < share else []
    sector = draw.choice(SECTORS)
    edges = sorted({deed.offset, *range(deed.offset - deed.offset % sector + sector, deed.offset + len(deed.data), sector)})
    ends = [*edges[1:], deed.offset + len(deed.data)]
    parts = [
        Deed("w", deed.name, start, deed.data[start - deed.offset : end - deed.offset]) for start, end in zip(edges, ends, strict=True)
    ]
    return [part for part in parts if draw.random() < share]


def apply(content: bytearray, deed: Deed) -> None:
    if deed.kind == "t":
        content[:] = content[: deed.offset].ljust(deed.offset, b"\0")
        return
    end = deed.offset + len(deed.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[deed.offset : end] = deed.data
