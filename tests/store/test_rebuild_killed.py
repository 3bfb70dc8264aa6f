"""A rebuild that is killed leaves the index as it was or as it should be, and the next one ends the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.survive.points import possible, traced
from bench.survive.processes import Tell, begun, told_by
from qa.store.stages import stages_in
from qa.store.tokens import Tokens
from qa.store.verify import verify
from tests.fakes import FakeEncoder
from tests.shipped import page_model
from tests.store.conftest import Place
from tests.store.rebuilt import EMBEDDED, SOURCES, add, embedded, in_small_batches, rebuild, rows

ROOT = Path(__file__).parent.parent.parent
ATTEMPTS = 16
"""Points at which a rebuild is killed, of some five hundred; ``scripts/bench survive`` takes every one."""


def main(folder: Path) -> None:
    """Kill rebuilds, each of a copy of the same index; write what came of each, a line of JSON each."""
    tokens = Tokens()
    tokens.cut("大会")
    page_model()
    place = Place(folder=folder / "index", tokens=tokens)
    with in_small_batches():
        told_by(lambda: add(place, reversed(SOURCES)))
        whole = copied(place, "whole")
        points = traced(rebuilding(whole)).points
        due = [told_by(lambda each=each: rows_of(each)) for each in (place, whole)]  # type: ignore[misc]
        for at in range(1, len(points), len(points) // ATTEMPTS):
            came = killed(copied(place, f"at {at}"), at, due)
            sys.stdout.write(f"{json.dumps(came)}\n")


def killed(place: Place, at: int, due: list[Any]) -> dict[str, Any]:
    """Return what a rebuild leaves that is killed at one of its points, and what the next one comes to."""
    end = traced(rebuilding(place), kill_at=at)
    left = told_by(lambda: rows_of(place))
    again = begun(rebuilding(place)).end()
    came = {
        "at": at,
        "killed": end.killed,
        "left": "before" if left == due[0] else "after" if left == due[1] else "between",
        "embedded": int(again.told[0]) if again.told else None,
        "same": told_by(lambda: rows_of(place))[1:] == due[1][1:],
        "stages": [each.name for each in stages_in(place.folder)],
        "errors": told_by(lambda: errors_in(place)),
    }
    shutil.rmtree(place.folder)
    return came


def copied(place: Place, name: str) -> Place:
    folder = place.folder.with_name(name)
    shutil.copytree(place.folder, folder)
    return replace(place, folder=folder)


def rebuilding(place: Place) -> Any:  # noqa: ANN401 - a step
    def step(tell: Tell) -> None:
        encoder = FakeEncoder()
        rebuild(place, encoder)
        tell(str(embedded(encoder)))

    return step


def rows_of(place: Place) -> list[Any]:
    """Return which sources answer, and all rows but for the numbers of passages and what depends on them."""
    found = rows(place.folder)
    numbers = [row[0] for row in found["passages"]]
    found["passages"] = sorted((row[1:-1] for row in found["passages"]), key=repr)
    return [min(numbers), place.names(), repr(found)]


def errors_in(place: Place) -> list[str]:
    verified = verify(place.folder, tokens=place.tokens, deep=True, encoder=FakeEncoder())
    return [str(error) for error in verified.errors]


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what came of all attempts; they fork, which wants a process without threads."""
    command = [sys.executable, "-m", "tests.store.test_rebuild_killed", str(tmp_path_factory.mktemp("kill"))]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if not done.stdout:
        pytest.skip("processes cannot be traced here")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_index_is_as_it_was_or_as_it_should_be(attempts: list[dict[str, Any]]) -> None:
    left = Counter(each["left"] for each in attempts)

    assert all(each["killed"] for each in attempts)
    assert set(left) == {"before", "after"}
    assert left["before"] > left["after"] > 0


def test_the_next_one_ends_the_same_with_nothing_left_over(attempts: list[dict[str, Any]]) -> None:
    assert [each for each in attempts if not each["same"] or each["stages"] or each["errors"]] == []


def test_what_was_made_is_not_made_again(attempts: list[dict[str, Any]]) -> None:
    """The later it is killed, the less is left to do, until all but nothing is."""
    before = [each["embedded"] for each in attempts if each["left"] == "before"]

    assert before[0] == EMBEDDED
    assert before == sorted(before, reverse=True)
    assert before[-1] == 0


if __name__ == "__main__" and possible():
    main(Path(sys.argv[1]))
