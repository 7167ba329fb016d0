"""Where pictures and documents are kept by their names: a folder, or a bucket of an S3-compatible store that many machines share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

log = structlog.get_logger()
PATIENCE = timedelta(seconds=10)
"""For one request, and for all its tries together: somebody waits for the words that belong to the picture."""
TRIES = 2
PROBE = "lapak-doctor"


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    prefix: str
    endpoint: str
    """The root of the store; "" for Amazon's own."""
    region: str
    key: SecretStr
    secret: SecretStr


Media = Path | Bucket


def put(media: Media, name: str, content: bytes) -> None:
    """Whole or not at all, and there to stay. Raises OSError."""
    if isinstance(media, Path):
        _put_file(media, name, content)
        return
    import obstore  # only where it is used

    with _asking():
        obstore.put(_store(media), name, content, use_multipart=False)


def get(media: Media, name: str) -> bytes:
    """The content, empty where there is none. Raises OSError when the store does not answer."""
    name = Path(name).name
    if isinstance(media, Path):
        return (media / name).read_bytes() if _is_plain(media / name) else b""
    import obstore

    with _asking():
        try:
            return bytes(obstore.get(_store(media), name).bytes())
        except FileNotFoundError:
            return b""


def at_hand(media: Media, name: str) -> bytes:
    """The same, and empty too when the store does not answer: words never wait for their picture."""
    try:
        return get(media, name)
    except OSError as error:
        log.warning("picture not at hand", error=type(error).__name__)
        return b""


def present(media: Media, names: Sequence[str]) -> frozenset[str]:
    """Those of the names that can be had now."""
    if isinstance(media, Path):
        return frozenset(name for name in names if _is_plain(media / Path(name).name))
    return frozenset(name for name in names if _is_there(media, Path(name).name))


def move(file: Path, media: Media) -> None:
    """A file written on this machine, to where every process finds it. Raises OSError."""
    put(media, file.name, file.read_bytes())
    file.unlink()


def clear(media: Media, prefix: str, before: datetime) -> int:
    """Deletes what begins so and was put before. Returns how many."""
    if isinstance(media, Path):
        left = [file for file in media.glob(f"{prefix}*") if file.stat().st_mtime < before.timestamp()]
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)
    import obstore

    with _asking():
        listed = [one for page in obstore.list(_store(media)) for one in page]
        old = [one["path"] for one in listed if one["path"].startswith(prefix) and one["last_modified"] < before]
        if old:
            obstore.delete(_store(media), old)
    return len(old)


def check(bucket: Bucket) -> None:
    """Writes, reads and deletes. Raises OSError."""
    import obstore

    put(bucket, PROBE, b"lapak")
    if get(bucket, PROBE) != b"lapak":
        raise OSError("what was written is not there")
    with _asking():
        obstore.delete(_store(bucket), PROBE)


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _is_there(bucket: Bucket, name: str) -> bool:
    import obstore

    try:
        with _asking():
            obstore.head(_store(bucket), name)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("picture not at hand", error=type(error).__name__)
        return False
    return True


@lru_cache(maxsize=4)
def _store(bucket: Bucket) -> Any:
    from obstore.store import S3Store

    return S3Store(
        bucket.name, prefix=bucket.prefix or None, endpoint=bucket.endpoint or None, region=bucket.region,
        access_key_id=bucket.key.get_secret_value(), secret_access_key=bucket.secret.get_secret_value(),
        client_options={"allow_http": bucket.endpoint.startswith("http://"), "timeout": PATIENCE, "connect_timeout": PATIENCE / 3},
        retry_config={"max_retries": TRIES, "retry_timeout": PATIENCE},
    )  # fmt: skip


@contextmanager
def _asking() -> Iterator[None]:
    """The store's errors as the disk's, without their texts: those name addresses and keys."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError("not in the bucket") from None
    except BaseError as error:
        raise OSError(f"the bucket: {type(error).__name__}") from None


def _put_file(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(suffix=".part", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, folder / name)
    except BaseException:
        os.unlink(part)
        raise
    _settle(folder)


def _settle(folder: Path) -> None:
    """Makes the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
