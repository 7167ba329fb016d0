"""Who comes to our own server over real HTTP. It speaks no TLS, so that no list of authorities is read: that takes longer than a turn."""

from __future__ import annotations

from typing import Any

import httpx


def visitor(url: str, patience: float, **more: Any) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=patience, trust_env=False, verify=False, **more)
