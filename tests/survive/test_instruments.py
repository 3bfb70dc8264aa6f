"""What shows that an index survives would also show it if it did not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.survive import model
from bench.survive.attempts import Attempt
from bench.survive.documents import State, code, made, revision_of
from bench.survive.model import run
from bench.survive.operations import Kind, Operation
from bench.survive.page import crash
from bench.survive.processes import End
from bench.survive.saying import PARTS, verdict
from qa.domain.ports import IndexedSource
from qa.domain.sources import Source
from qa.errors import IndexDamaged, IndexStale
from qa.store.writer import LocalWriter

ROOT = Path(__file__).parent.parent.parent
BEFORE: State = {1: 0, 2: 0}
UPDATE = Operation(kind=Kind.UPDATE, put=((1, 1), (2, 1)))
AFTER: State = {1: 1, 2: 1}
KILLED = End(killed=True, failed=False, told=[])
ACKNOWLEDGED = End(killed=True, failed=False, told=["done"])


def test_no_two_revisions_of_documents_share_a_code() -> None:
    codes = {code(number, revision) for number in range(3000) for revision in range(10)}

    assert len(codes) == 30_000


def test_a_text_that_was_never_put_in_is_known() -> None:
    source = made(7, 3)

    assert revision_of(source) == (7, 3)
    assert (
        revision_of(Source(name=source.name, text=source.text.replace("吨", "顿"), told=source.told)) is None
    )
    assert revision_of(Source(name="别的.txt", text=source.text, told=source.told)) is None


@pytest.mark.parametrize(
    ("end", "found", "outcome"),
    [
        (KILLED, BEFORE, "before"),
        (KILLED, AFTER, "after"),
        (KILLED, {1: 1, 2: 0}, "between"),
        (KILLED, {1: 0}, "between"),
        (ACKNOWLEDGED, AFTER, "acknowledged"),
        (ACKNOWLEDGED, BEFORE, "between"),
    ],
)
def test_a_state_between_two_is_told_from_both(end: End, found: State, outcome: str) -> None:
    attempt = Attempt.of([UPDATE], end, before=BEFORE)

    assert attempt.outcome(found, None) == outcome


def test_what_is_gone_is_asked_for_in_every_revision_that_it_had() -> None:
    attempt = Attempt.of([UPDATE], ACKNOWLEDGED, before=BEFORE)

    assert attempt.gone(AFTER, {1, 2}) == {1: 0, 2: 0}
    assert attempt.gone({1: 1}, {1, 2}) == {1: 0, 2: 1}


KILLS = """
import os, sys
from bench.survive.points import possible, traced

def step(tell):
    for number in range(5):
        os.mkdir(f"{sys.argv[1]}/{number}")
    tell("done")

for at in range(1, 8) if possible() else ():
    end = traced(step, kill_at=at)
    print(at, end.killed, end.failed, len(end.told), len(os.listdir(sys.argv[1])))
    for name in os.listdir(sys.argv[1]):
        os.rmdir(f"{sys.argv[1]}/{name}")
"""


def test_a_process_is_killed_before_each_of_its_changes_in_turn(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLS, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    if not done.stdout:
        pytest.skip("processes cannot be traced here")
    assert done.stdout.splitlines() == [
        *(f"{at} True False 0 {at - 1}" for at in range(1, 7)),
        "7 False False 1 5",
    ]


SAID = dict.fromkeys(PARTS, "as it was")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ("as it was", "correct"),
        (IndexDamaged("segment.vectors 已损坏；请运行 qa repair"), "told"),
        (IndexDamaged("有文件已损坏；请运行 qa repair"), "without the file's name"),
        (IndexDamaged("segment.vectors 已损坏"), "without a remedy"),
        (IndexStale(built_with="甲", asked_for="乙", remedy="请重建"), "another error"),
        ("something else", "wrong"),
    ],
)
def test_what_a_damaged_index_says_is_weighed(outcomes: object, expected: str) -> None:
    found, _ = verdict(SAID | {"outcomes": outcomes}, SAID, file="generations/00000003/segment.vectors")

    assert found == expected


def test_one_wrong_part_outweighs_another_that_tells() -> None:
    told = IndexDamaged("segment.vectors 已损坏；请运行 qa repair")

    assert verdict(SAID | {"outcomes": told, "sources": "else"}, SAID, file="segment.vectors")[0] == "wrong"


class Forgetful(LocalWriter):
    """Loses one of the documents that it removes."""

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        super().publish(put=put, remove=remove[1:])


def test_a_removal_that_is_lost_is_found_by_the_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "BATCH", 12)
    monkeypatch.setattr(model, "UNIVERSE", 16)
    monkeypatch.setattr("bench.survive.asking.LocalWriter", Forgetful)

    came = run(tmp_path / "index", seed=1, operations=100)

    assert "the sources are not those of the dictionary" in came["faults"]


def test_the_table_of_kills_adds_up() -> None:
    kills = {"add": {"before": 2, "after": 1}, "any": {"acknowledged": 1}}
    readers = {
        "processes": 4, "asked": 9, "answered": 9, "versions": 3, "refused": {"index_stale": 2},
        "faults": [], "never_in_force": 0,
    }  # fmt: skip

    rows = list(crash({"kills": kills, "readers": readers}))

    assert rows[2:5] == [
        "| 加入 | 3 | 2 | 1 | 0 | 0 |",
        "| 以上任一，随机时刻 | 1 | 0 | 0 | 1 | 0 |",
        "| 合计 | 4 | 2 | 1 | 1 | 0 |",
    ]
