"""A database whose answers are lost: what it did stands, and whoever asked hears of a broken connection."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.store import Store, Work


def lose_answers(store: Store, lost: Callable[[Work], bool]) -> None:
    """Of each work of which `lost` says so, after it was done."""
    submit = store.submit

    def submitted(work: Work) -> Future[Any]:
        told: Future[Any] = Future()

        def pass_on(done: Future[Any]) -> None:
            if error := done.exception():
                told.set_exception(error)
            elif lost(work):
                told.set_exception(OperationalError("COMMIT", None, Exception("the connection was lost")))
            else:
                told.set_result(done.result())

        submit(work).add_done_callback(pass_on)
        return told

    store.submit = submitted  # type: ignore[method-assign]
