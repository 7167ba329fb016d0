"""Which pictures the platform has already, by the ids it gave them: in memory the last ones, all in the database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.inbox import where
from bot.store import Store
from models.upload import forget_upload, keep_upload, uploaded

log = structlog.get_logger()
MOST = 2000
"""So many ids are remembered."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the ids of an account are kept."""

    store: Store
    account: str
    clock: Callable[[], datetime]


class Uploads:
    """Without a shelf it remembers for as long as the process lives. `lasts` is how long the platform keeps a picture, None for ever."""

    def __init__(self, lasts: timedelta | None = None) -> None:
        self.lasts = lasts
        self.shelf: Shelf | None = None
        self._known: OrderedDict[str, tuple[str, datetime | None]] = OrderedDict()

    def id_of(self, name: str) -> str:
        """ "" where it must be uploaded."""
        found, until = self._known.get(name, ("", None))
        return "" if until and self.shelf and until <= self.shelf.clock() else found

    async def load(self, names: Iterable[str]) -> None:
        """Those that another process, or an earlier one, uploaded. A fault of the database costs another upload, not the messages that
        are in hand already.
        """
        missing = sorted({name for name in names if not self.id_of(name)})
        if not missing or self.shelf is None:
            return
        account = self.shelf.account
        try:
            found = await self.shelf.store.read(lambda session: uploaded(session, account, missing))
        except Exception as error:
            log.warning("pictures not known", error=where(error))
            return
        for row in found:
            self._remember(row.name, row.external_id, row.at)

    async def keep(self, name: str, external_id: str) -> None:
        """A fault of the database costs another upload later, not the message that was just sent."""
        now = self.shelf.clock() if self.shelf else None
        self._remember(name, external_id, now)
        if self.shelf and now:
            await self._write(partial(keep_upload, account=self.shelf.account, name=name, external_id=external_id, now=now))

    async def forget(self, name: str) -> None:
        """The platform does not take the id any more."""
        external_id = self._known.pop(name, ("", None))[0]
        if self.shelf and external_id:
            await self._write(partial(forget_upload, account=self.shelf.account, name=name, external_id=external_id))

    def _remember(self, name: str, external_id: str, at: datetime | None) -> None:
        self._known[name] = (external_id, at + self.lasts if at and self.lasts else None)
        self._known.move_to_end(name)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    async def _write(self, work: Callable[..., None]) -> None:
        assert self.shelf
        try:
            await self.shelf.store.write(work)
        except Exception as error:
            log.warning("upload not kept", account=self.shelf.account, error=where(error))
