"""The way to WhatsApp with nothing between, for what is sent a thousand times a second: a request that is JSON already, past httpx."""

from __future__ import annotations

import aiohttp

from bot.channels.whatsapp_errors import decide_broken
from bot.channels.wire import session


class Wire:
    def __init__(self, token: str, timeout: float, connections: int) -> None:
        """`timeout` in seconds for one answer."""
        self._timeout, self._connections = timeout, connections
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, content: bytes) -> tuple[int, bytes]:
        """The status and what was answered. Raises SendError."""
        if self._session is None:
            self._session = session(self._timeout, self._connections)
        try:
            async with self._session.post(url, data=content, headers=self._headers, allow_redirects=False) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise decide_broken(error) from None

    async def close(self) -> None:
        if self._session:
            await self._session.close()
