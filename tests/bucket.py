"""A bucket of a real S3-compatible server in a process of its own, which checks the signature of every request."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.faults.children import end
from bot.media import Bucket

KEY, SECRET = "kunci", "rahasia-rahasia"
PATIENCE = 60


@contextmanager
def bucket_at(folder: Path) -> Iterator[Bucket]:
    """Its objects are files below the folder."""
    pytest.importorskip("nanio", reason="no S3 server is installed here")
    (folder / "lapak").mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(folder)]
    keys = {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": SECRET}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, env={**os.environ, **keys}, stdout=quiet, stderr=quiet)
    try:
        _until_it_answers(port)
        yield Bucket("lapak", "foto", f"http://127.0.0.1:{port}", "us-east-1", SecretStr(KEY), SecretStr(SECRET))
    finally:
        end(server)


def _until_it_answers(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "the S3 server does not start"
            time.sleep(0.05)
