"""A service that is killed amid a batch goes on where it was, and gives what an undisturbed one gives."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.web.batch_calls import LINES, Told, lines_of, made, predictions, question, when, without_times
from tests.web.batch_service import paper
from tests.web.in_thread import STARTS_WITHIN_S

ENDS_WITHIN_S = 600


@contextmanager
def killed_at_last(folder: Path) -> Iterator[httpx2.Client]:
    """Give a client of a service in a process of its own, which ends by SIGKILL."""
    command = [sys.executable, "-m", "tests.web.batch_service", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = process.stdout
    assert told is not None
    try:
        with httpx2.Client(base_url=told.readline().strip(), timeout=STARTS_WITHIN_S) as client:
            yield client
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        told.close()


def until(client: httpx2.Client, id: str, asked: int) -> None:
    """Return once so many questions have been asked."""
    limit = time.monotonic() + ENDS_WITHIN_S
    while client.get(f"/v1/batches/{id}").json()["asked"] < asked:
        assert time.monotonic() < limit
        time.sleep(0.01)


def questions(count: int) -> list[Told]:
    return [question(str(at), f"{'工资' if at % 3 else '天气'}怎样？{at}", "1880元") for at in range(count)]


def undisturbed(folder: Path, count: int) -> list[Told]:
    """Return the predictions of a batch whose service is left alone, without times."""
    folder.mkdir()
    with TestClient(paper(folder).app(index=folder, keep_answers=False)) as client:
        id = made(client, questions(count))["id"]
        when(client, id, lambda told: told["state"] == "done", within=ENDS_WITHIN_S)
        return predictions(client, id)


def killed_on_the_way(folder: Path, count: int, *, kills: int) -> list[Told]:
    """Return the predictions of a batch whose service is killed so many times on the way, without times."""
    folder.mkdir()
    id = ""
    for kill in range(kills + 1):
        with killed_at_last(folder) as client:
            if not id:
                answer = client.post("/v1/batches", content=lines_of(questions(count)), headers=LINES)
                id = answer.raise_for_status().json()["id"]
            until(client, id, count * (kill + 1) // (kills + 1))
            lines = client.get(f"/v1/batches/{id}/predictions").text.splitlines()
    return [without_times(json.loads(line)) for line in lines]


def check(folder: Path, *, count: int, kills: int) -> None:
    whole = undisturbed(folder / "whole", count)

    killed = killed_on_the_way(folder / "killed", count, kills=kills)

    assert [each["id"] for each in whole] == [str(at) for at in range(count)]
    assert killed == whole
    read = Counter((folder / "killed" / "read.txt").read_text("utf-8").splitlines())
    # Only what was in hand, answered and not yet written when it was killed, may have been asked again.
    assert sum(read.values()) <= count + kills
    assert len(read) == count


def test_a_service_that_is_killed_goes_on_with_its_batch(tmp_path: Path) -> None:
    check(tmp_path, count=60, kills=1)


@pytest.mark.slow
def test_five_thousand_questions_and_three_kills_give_what_an_undisturbed_service_gives(
    tmp_path: Path,
) -> None:
    check(tmp_path, count=5000, kills=3)
