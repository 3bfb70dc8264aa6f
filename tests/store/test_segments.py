"""The dense index in segments finds what one index would, and writes little again."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from qa.domain.ports import Vectors
from qa.store import segments
from qa.store.dense import DenseIndex
from qa.store.segments import DenseSegments, SegmentFile, grow, segments_in

DIMENSION = 8
NOTHING = (np.zeros(0, np.int64), np.zeros((0, 0), np.float32))


def drawn(rows: int, seed: int) -> Vectors:
    vectors: Vectors = np.random.default_rng(seed).integers(-3, 4, (rows, DIMENSION)).astype(np.float32)
    return vectors


class Growing:
    """Versions of a dense index on disk, and beside them all that they must hold."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.version, self.next = folder, 0, 1
        self.held: dict[int, Vectors] = {}

    @property
    def last(self) -> Path:
        return self.folder / str(self.version)

    def change(self, *, add: int = 0, remove: list[int] | None = None) -> None:
        for number in remove or []:
            del self.held[number]
        numbers = list(range(self.next, self.next + add))
        self.next += add
        vectors = drawn(add, seed=self.next)
        self.held |= dict(zip(numbers, vectors, strict=True))
        before = self.last if self.version else None
        self.version += 1
        self.last.mkdir()
        rows = (np.asarray(numbers, np.int64), vectors) if add else NOTHING
        grow(self.last, last=before, rows=rows, held=np.asarray(sorted(self.held), np.int64))

    def opened(self) -> DenseSegments:
        files = [DenseIndex.read(each.path) for each in segments_in(self.last)]
        return DenseSegments(files, held=np.asarray(sorted(self.held), np.int64))

    def by_hand(self, question: Vectors, *, limit: int, within: set[int] | None = None) -> list[int]:
        scores = {
            number: float(row @ question)
            for number, row in self.held.items()
            if within is None or number in within
        }
        return sorted(scores, key=lambda number: (-scores[number], number))[:limit]

    def rows(self) -> list[int]:
        return [each.rows for each in segments_in(self.last)]


@pytest.fixture
def growing(tmp_path: Path) -> Growing:
    return Growing(tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_hits_are_those_of_brute_force(
    growing: Growing, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "FULL", 40)
    chance = random.Random(seed)
    for step in range(10):
        gone = chance.sample(sorted(growing.held), chance.randint(0, min(len(growing.held), 15)))
        growing.change(add=chance.choice([0, 1, 1, 3, 12, 90]), remove=gone)
        index, question = growing.opened(), drawn(1, seed=1000 * seed + step)[0]
        within = set(chance.sample(range(1, growing.next + 5), min(30, growing.next)))

        assert len(index) == len(growing.held)
        for limit in (1, 7, 500):
            hits = index.search(question, limit=limit, within=None)
            assert [hit.number for hit in hits] == growing.by_hand(question, limit=limit)
            hits = index.search(question, limit=limit, within=within)
            assert [hit.number for hit in hits] == growing.by_hand(question, limit=limit, within=within)
        assert max(growing.rows(), default=0) <= 40


def test_one_passage_more_writes_few_again(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "FULL", 1000)
    growing.change(add=5000)
    assert growing.rows() == [1000] * 5
    shared = {path.stat().st_ino for path in growing.last.iterdir()}

    for _ in range(100):
        growing.change(add=1)

    assert shared < {path.stat().st_ino for path in growing.last.iterdir()}
    assert growing.rows()[5:] == [64, 32, 4] or len(growing.rows()) <= 5 + 8
    assert sum(growing.rows()) == 5100


def test_a_segment_of_which_less_than_half_is_left_is_written_again(growing: Growing) -> None:
    growing.change(add=10)
    growing.change(remove=[1, 2, 3, 4, 5])
    assert growing.rows() == [10]

    growing.change(remove=[6])

    assert growing.rows() == [4]


def test_a_segment_of_which_nothing_is_left_goes(growing: Growing) -> None:
    growing.change(add=3)
    growing.change(add=30, remove=[1, 2, 3])
    assert growing.rows() == [30]

    growing.change(remove=list(range(4, 34)))

    assert growing.rows() == []
    assert growing.opened().search(drawn(1, seed=1)[0], limit=5, within=None) == []


@pytest.mark.parametrize("name", ["dense.faiss", "1-1.faiss", "000000000001-x.faiss", "000000000001-1"])
def test_a_file_that_is_no_segment_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a segment"):
        SegmentFile.of(Path(name))
