"""Vectors in FAISS: the same hits as multiplying everything by hand."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from qa.domain.ports import Vectors
from qa.store.dense import DenseIndex

DIMENSION = 16


def unit(rows: int, *, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((rows, DIMENSION)).astype(np.float32)
    normalised: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return normalised


def filled(numbers: list[int], vectors: Vectors) -> DenseIndex:
    index = DenseIndex.empty(DIMENSION)
    index.add(numbers, vectors)
    return index


def by_hand(
    numbers: list[int], vectors: Vectors, question: Vectors, *, limit: int
) -> list[tuple[int, float]]:
    scores = (vectors.astype(np.float64) @ question.astype(np.float64)).tolist()
    ranked = sorted(zip(numbers, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return ranked[:limit]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("limit", [1, 7, 300])
def test_hits_are_those_of_brute_force(seed: int, limit: int) -> None:
    vectors = unit(200, seed=seed)
    numbers = np.random.default_rng(seed).permutation(10_000)[:200].tolist()
    question = unit(1, seed=1000 + seed)[0]

    hits = filled(numbers, vectors).search(question, limit=limit, within=None)

    expected = by_hand(numbers, vectors, question, limit=limit)
    assert [hit.number for hit in hits] == [number for number, _ in expected]
    np.testing.assert_allclose([hit.score for hit in hits], [score for _, score in expected], atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_hits_within_some_passages_are_those_of_brute_force_over_them(seed: int) -> None:
    vectors, question = unit(200, seed=seed), unit(1, seed=1000 + seed)[0]
    within = set(np.random.default_rng(seed).permutation(200)[:40].tolist())

    hits = filled(list(range(200)), vectors).search(question, limit=10, within=within)

    rows = sorted(within)
    expected = by_hand(rows, vectors[rows], question, limit=10)
    assert [hit.number for hit in hits] == [number for number, _ in expected]


def test_passages_that_are_not_there_are_not_found() -> None:
    index = filled([3, 5], unit(2, seed=0))

    assert {hit.number for hit in index.search(unit(1, seed=1)[0], limit=9, within={3, 99, 100})} == {3}
    assert index.search(unit(1, seed=1)[0], limit=9, within={99}) == []


def test_equal_vectors_come_by_number() -> None:
    row = unit(1, seed=0)
    index = filled([9, 4, 7], np.repeat(row, 3, axis=0))

    assert [hit.number for hit in index.search(row[0], limit=3, within=None)] == [4, 7, 9]


def test_of_more_equal_vectors_than_asked_for_the_lowest_numbers_come() -> None:
    row = unit(1, seed=0)
    index = filled([2, 4, 7, 9, 12, 15], np.repeat(row, 6, axis=0))
    index.remove([4])
    index.add([20, 21], np.repeat(row, 2, axis=0))

    assert [hit.number for hit in index.search(row[0], limit=3, within=None)] == [2, 7, 9]
    assert [hit.number for hit in index.search(row[0], limit=2, within={21, 9, 15, 20})] == [9, 15]


def test_what_is_removed_is_not_found() -> None:
    vectors = unit(5, seed=0)
    index = filled([1, 2, 3, 4, 5], vectors)

    index.remove([2, 4, 77])
    index.remove([])

    assert len(index) == 3
    assert {hit.number for hit in index.search(vectors[1], limit=5, within=None)} == {1, 3, 5}


def test_nothing_is_found_in_nothing() -> None:
    assert DenseIndex.empty(DIMENSION).search(unit(1, seed=0)[0], limit=5, within=None) == []
    assert len(DenseIndex.empty(DIMENSION)) == 0


def test_no_limit_finds_nothing() -> None:
    assert filled([1], unit(1, seed=0)).search(unit(1, seed=0)[0], limit=0, within=None) == []


def test_an_index_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    index = filled([3, 1, 2], unit(3, seed=0))
    index.write(tmp_path / "dense.faiss")

    read = DenseIndex.read(tmp_path / "dense.faiss")

    question = unit(1, seed=1)[0]
    assert read.search(question, limit=3, within=None) == index.search(question, limit=3, within=None)
    read.remove([1])
    read.add([8], unit(1, seed=2))
    assert {hit.number for hit in read.search(question, limit=9, within=None)} == {2, 3, 8}


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "dense.faiss").write_bytes(b"")

    with pytest.raises(FileExistsError):
        DenseIndex.empty(DIMENSION).write(tmp_path / "dense.faiss")


@pytest.mark.parametrize("content", [b"", b"IxM2", b"\x00" * 200, b"garbage " * 40])
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dense.faiss").write_bytes(content)

    with pytest.raises(RuntimeError):
        DenseIndex.read(tmp_path / "dense.faiss")


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    flat = faiss.serialize_index(faiss.IndexFlatIP(DIMENSION))
    (tmp_path / "dense.faiss").write_bytes(flat.tobytes())

    with pytest.raises(RuntimeError, match="IndexFlat"):
        DenseIndex.read(tmp_path / "dense.faiss")
