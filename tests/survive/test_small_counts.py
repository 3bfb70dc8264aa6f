"""What `scripts/bench survive` shows in full, with small counts: nothing that should not be ever is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.survive.__main__ import PARTS
from bench.survive.operations import Kind

ROOT = Path(__file__).parent.parent.parent
Parts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Return what came of all parts; they fork, which wants a process without threads."""
    output = tmp_path_factory.mktemp("survive")
    command = [sys.executable, "-m", "bench.survive", "--small", "--output", str(output)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    found = {path.stem.removesuffix(".small"): json.loads(path.read_text()) for path in output.iterdir()}
    assert set(found) == set(PARTS), done.stderr
    return found


@pytest.mark.parametrize("name", PARTS)
def test_nothing_is_as_it_should_not_be(parts: Parts, name: str) -> None:
    assert parts[name]["faults"] == []


def test_every_kind_of_operation_is_killed_and_leaves_the_index_before_or_after(parts: Parts) -> None:
    kills, readers = parts["crash"]["kills"], parts["crash"]["readers"]
    if not parts["crash"]["traced"]:
        pytest.skip("processes cannot be traced here")

    assert set(kills) == {*Kind, "any"}
    assert all(set(came) <= {"before", "after", "acknowledged"} for came in kills.values())
    assert sum(sum(came.values()) for came in kills.values()) >= 2 * len(Kind)
    assert readers["asked"] == readers["answered"] > 0
    assert (readers["faults"], readers["never_in_force"]) == ([], 0)
    # Between migrations a format is not read that a reader had not opened before.
    assert set(readers["refused"]) <= {"index_stale"}


def test_damage_is_told_or_does_no_harm_and_is_mended(parts: Parts) -> None:
    came = [came for file, came in parts["damage"]["files"].items() if not file.startswith("catalogue")]

    assert {verdict for each in came for verdict in each} == {"told", "correct", "mended"}


def test_a_full_disk_has_its_code_and_so_has_a_read_only_one(parts: Parts) -> None:
    if "skipped" in parts["disk"]:
        pytest.skip(parts["disk"]["skipped"])
    came = parts["disk"]["came"]

    changes = ("add", "update", "remove")
    assert sum(came[kind].get("disk_full", 0) for kind in changes) >= 1
    assert came["add"]["read_only"] == 1
    assert came["qa remove, read-only: exit code"] == {"8": 1}
    assert came["qa remove, full: exit code"] == {"8": 1}


def test_of_a_crowd_that_writes_at_once_nothing_is_lost_and_nobody_who_asks_is_held_up(parts: Parts) -> None:
    crowd = parts["crowd"]

    assert crowd["added"] == crowd["writers"] * crowd["each"]
    assert crowd["asked"] >= crowd["readers"]
    assert (crowd["unnamed"], crowd["blocked"], crowd["refused"]) == (0, 0, {})


def test_a_long_run_is_equal_to_a_dictionary(parts: Parts) -> None:
    assert parts["model"]["total"] >= parts["model"]["operations"]
    assert all(parts["model"]["done"][each] > 0 for each in ("add", "update", "remove", "ask"))


def test_backups_under_load_answer_as_the_version_they_are_of(parts: Parts) -> None:
    assert parts["backup"]["backups"] >= 1
    assert parts["backup"]["compared"] == 40 * parts["backup"]["backups"]
