"""Sending while everything around it breaks, in a few rounds; and the table itself sees what is lost and what comes twice."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.faults import databases
from bot.faults.databases import Database, Disk
from bot.faults.fates import broken
from bot.faults.mail import KINDS, Mail
from bot.faults.platform import Platform
from bot.faults.processes import SHORT, Processes
from bot.faults.send import FULL, Run, drain, play_once
from bot.faults.senders import freeze_one, start_at_once, trying
from bot.faults.weather import TROUBLES, Weather
from models.outbox import REPEATED
from tests.telegram_rules import Refused, check, read_fields


@contextmanager
def running(database: Database, folder: Path) -> Iterator[Run]:
    draw = random.Random(7)
    with Platform(Weather(draw, share=0.5)) as platform:
        run = Run(database, platform, Mail(database.url), Processes(database.url, platform.url, folder), draw)
        run.mail.introduce()
        yield run


def plain(url: str, folder: Path) -> Database:
    """A database whose server other tests use too."""
    return Database(make_url(url).get_backend_name(), url, Disk(folder))


def test_every_trouble_at_once_and_a_kill_lose_nothing(database: str, tmp_path: Path) -> None:
    with running(plain(database, tmp_path), tmp_path) as run:
        play_once(run, "all", "")
        drain(run)
        found, acknowledged = run.fates(), run.platform.acknowledged
        assert broken(found, acknowledged) == []
        assert {one.kind for one in found} == set(KINDS)
        assert acknowledged and run.processes.kills
        assert {one.trouble for one in run.platform.asked} & set(TROUBLES)
        for one in run.platform.asked:
            well_formed(one.method, one.fields)

        sent = next(one for one in found if one.status == "sent")
        assert broken([sent._replace(times=0)], ())[0].startswith("never")
        assert broken([sent._replace(status="failed", times=0)], ())[0].startswith("never")
        assert broken([sent._replace(status="queued")], ())[0].startswith("not done")
        for kind in KINDS:
            twice = broken([sent._replace(kind=kind, times=2)], ())
            assert bool(twice) == (kind not in REPEATED)
            assert bool(broken([sent._replace(kind=kind, status="unknown")], ())) == (kind in REPEATED)
        assert broken(found, [*acknowledged, 1]) == ["what chat 1 said was acknowledged and is lost"]
        assert broken([*found, sent], ())


def well_formed(method: str, fields: Mapping[str, Any]) -> None:
    typed = {name: value for name, value in fields.items() if not isinstance(value, str)}
    try:
        check(method, read_fields(method, {name: value for name, value in fields.items() if isinstance(value, str)}) | typed)
    except Refused as refused:
        pytest.fail(f"{method}: {refused.description}")


def test_a_disk_that_was_full_for_a_moment_loses_nothing(tmp_path: Path) -> None:
    with databases.sqlite(tmp_path) as database, running(database, tmp_path) as run:
        if not database.disk.mounted:
            pytest.skip("this user may not mount a small disk")
        play_once(run, "", FULL)
        drain(run)
        assert "OperationalError" in run.processes.said(), "it was felt"
        assert broken(run.fates(), run.platform.acknowledged) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_senders_one_sends_and_who_was_frozen_sends_nothing_again(database: str, tmp_path: Path) -> None:
    with trying(database, tmp_path, random.Random(7), lease=2 * SHORT) as trial:
        start_at_once(trial)
        assert all(one.times == 1 for one in trial.fates())
        freeze_one(trial)
        assert trial.flying
        assert trial.problems(trial.fates()) == []
