"""What keeps batches from going on is logged when it begins and when it is over, however often it is met."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.errors import DiskFull, KeptFileDamaged, ReadOnly
from qa.store.batch_rows import Due
from qa.store.batches import KeptBatches
from qa.web.lasting import LastingFault
from qa.web.logs import logger
from tests.web.batch_calls import done, made
from tests.web.running import WAITS_S, Paper
from tests.web.test_batches import WAGE, WageReader, app_over

MANY = 20
"""Attempts after which a line for each would show."""


def told(caplog: pytest.LogCaptureFixture, *, name: str = "qa.batches") -> list[Any]:
    """Return the events and codes that were logged."""
    return [
        tuple(each.msg[key] for key in ("event", "code") if key in each.msg)
        for each in caplog.records
        if each.name == name and isinstance(each.msg, dict)
    ]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAITS_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _tried_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGAIN_S", "LOOK_S"):
        monkeypatch.setattr(f"qa.web.batch_runner.{name}", 0.005)


def test_a_damaged_file_is_logged_once_and_once_when_it_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, turn, looking = threading.Semaphore(0), threading.Lock(), KeptBatches.due

    def due(kept: KeptBatches) -> Due | None:
        tries.release()
        with turn:
            return looking(kept)

    monkeypatch.setattr(KeptBatches, "due", due)
    damaged = tmp_path / "batches.sqlite"
    damaged.write_bytes(b"no database" * 500)
    with caplog.at_level(logging.INFO, logger="qa.batches"), TestClient(app_over(Paper(), tmp_path)):
        for _ in range(MANY):
            assert tries.acquire(timeout=WAITS_S)
        assert told(caplog) == [("batches_halted", "kept_file_damaged")]
        # Not while it is being opened, which would be another fault.
        with turn:
            damaged.unlink()
        until(lambda: len(told(caplog)) > 1)
        for _ in range(MANY):
            assert tries.acquire(timeout=WAITS_S)

    assert told(caplog)[1:] == [("batches_resumed",)]


def test_a_full_disk_is_logged_once_and_once_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, keeping = [], KeptBatches.keep

    def keep(kept: KeptBatches, due: Due, line: str, *, version: str, pace: float) -> bool:
        tried.append(due.position)
        if len(tried) <= MANY:
            raise DiskFull("磁盘满了")
        return keeping(kept, due, line, version=version, pace=pace)

    monkeypatch.setattr(KeptBatches, "keep", keep)
    app = app_over(Paper(reader=WageReader()), tmp_path)
    with caplog.at_level(logging.INFO, logger="qa.batches"), TestClient(app) as client:
        done(client, made(client, [WAGE])["id"])

    assert tried == [0] * (MANY + 1)
    assert told(caplog) == [("prediction_not_kept", "disk_full"), ("predictions_kept_again",)]


def test_another_fault_is_logged_as_well_and_the_same_one_again_after_it_was_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fault = LastingFault(logger("qa.test"), begun="halted", over="resumed")
    with caplog.at_level(logging.INFO, logger="qa.test"):
        fault.passed()
        for _ in range(3):
            fault.met(DiskFull("甲"))
        fault.met(DiskFull("乙"))
        fault.met(ReadOnly("乙"))
        for _ in range(2):
            fault.met(ZeroDivisionError("no error of ours"))
        for _ in range(3):
            fault.passed()
        fault.met(KeptFileDamaged("甲"))

    assert told(caplog, name="qa.test") == [
        ("halted", "disk_full"),
        ("halted", "disk_full"),
        ("halted", "read_only"),
        ("halted",),
        ("resumed",),
        ("halted", "kept_file_damaged"),
    ]
