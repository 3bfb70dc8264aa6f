"""Long segments are inverted files: enough is found, exactly scored, within filters too."""

from __future__ import annotations

import math
import re
from pathlib import Path

import faiss
import numpy as np
import pytest

from qa.domain.ports import Vectors
from qa.store import dense
from qa.store import inverted as inverting
from qa.store.dense import DenseIndex
from qa.store.inverted import inverted
from qa.store.segments import DenseSegments, SegmentFile, segments_in, write

DIMENSION, ROWS = 32, 3000
NUMBERS = np.arange(11, 11 + ROWS)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take segments of a size that tests can afford for long ones."""
    monkeypatch.setattr(inverting, "FEWEST", 1000)
    monkeypatch.setattr(dense, "FEW", 200)


def around_centres(rows: int = ROWS, *, seed: int = 0) -> Vectors:
    """Return vectors of length 1 near one of 40, in 16 bits as the catalogue holds them."""
    chance, centres = np.random.default_rng(seed), np.random.default_rng(0).standard_normal((40, DIMENSION))
    drawn = centres[chance.integers(0, 40, rows)] + 0.6 * chance.standard_normal((rows, DIMENSION))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    held: Vectors = drawn.astype(np.float16).astype(np.float32)
    return held


def scores_by_hand(vectors: Vectors, question: Vectors) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return vectors.astype(np.float64) @ question.astype(np.float64)


def made(vectors: Vectors) -> DenseIndex:
    found = inverted(NUMBERS[: len(vectors)], vectors)
    assert found is not None
    return DenseIndex(found.index)


def test_most_of_the_nearest_are_found_and_no_more_than_a_part_is_read() -> None:
    vectors = around_centres()
    found = inverted(NUMBERS, vectors)
    assert found is not None
    lists = faiss.downcast_index(found.index.index)
    assert isinstance(lists, faiss.IndexIVFScalarQuantizer)
    assert lists.nlist == 54
    assert lists.nprobe <= lists.nlist // 2

    right = 0
    for question in around_centres(50, seed=1):
        hits = DenseIndex(found.index).search(question, limit=10, within=None)
        best = np.argsort(-scores_by_hand(vectors, question))[:10]
        right += len({hit.number for hit in hits} & set(NUMBERS[best].tolist()))

    assert right / 500 >= 0.97
    assert found.recall == pytest.approx(right / 500, abs=0.03)


def test_scores_are_those_of_the_vectors_themselves() -> None:
    vectors, question = around_centres(), around_centres(1, seed=2)[0]

    hits = made(vectors).search(question, limit=50, within=None)

    exact = scores_by_hand(vectors, question)
    assert [hit.score for hit in hits] == [np.float32(exact[hit.number - 11]) for hit in hits]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("limit", [1000, ROWS, ROWS + 7])
def test_as_many_are_found_as_there_are_however_few_lists_are_read(limit: int) -> None:
    index = made(around_centres())

    hits = index.search(around_centres(1, seed=3)[0], limit=limit, within=None)

    assert len(hits) == min(limit, ROWS)
    assert len({hit.number for hit in hits}) == len(hits)


@pytest.mark.parametrize("count", [1, 30, 150])
def test_within_few_all_of_them_are_compared(count: int) -> None:
    vectors, index = around_centres(), made(around_centres())
    chance = np.random.default_rng(count)
    for question in around_centres(20, seed=4):
        within = {int(number) for number in chance.choice(NUMBERS, count, replace=False)}

        hits = index.search(question, limit=10, within=within)

        exact = scores_by_hand(vectors, question)
        best = sorted(within, key=lambda number: (-np.float32(exact[number - 11]), number))[:10]
        assert [hit.number for hit in hits] == best


def test_within_many_as_much_is_found_as_without_a_filter() -> None:
    vectors, index = around_centres(), made(around_centres())
    right = 0
    for at, question in enumerate(around_centres(50, seed=5)):
        within = np.random.default_rng(at).choice(NUMBERS, ROWS // 2, replace=False)
        exact = scores_by_hand(vectors, question)
        best = set(sorted(within.tolist(), key=lambda number: -exact[number - 11])[:10])

        hits = index.search(question, limit=10, within=within.tolist())

        right += len({hit.number for hit in hits} & best)
    assert right / 500 >= 0.97


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_vectors_give_the_same_file_on_any_number_of_threads(tmp_path: Path, threads: int) -> None:
    before = faiss.omp_get_max_threads()
    made(around_centres()).write(tmp_path / "first")
    faiss.omp_set_num_threads(threads)
    try:
        made(around_centres()).write(tmp_path / "second")
        assert faiss.omp_get_max_threads() == threads
    finally:
        faiss.omp_set_num_threads(before)

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_a_segment_comes_back_from_disk_with_numbers_and_vectors_in_their_order(tmp_path: Path) -> None:
    vectors, question = around_centres(), around_centres(1, seed=6)[0]
    write(tmp_path, (NUMBERS, vectors))

    (file,) = segments_in(tmp_path)
    numbers, rows = file.read(NUMBERS)

    np.testing.assert_array_equal(numbers, NUMBERS)
    np.testing.assert_array_equal(rows, vectors)
    read = DenseIndex.read(file.path)
    assert read.search(question, limit=9, within=None) == made(vectors).search(question, limit=9, within=None)


def test_the_name_tells_the_recall_that_was_measured(tmp_path: Path) -> None:
    vectors = around_centres()
    found = inverted(NUMBERS, vectors)
    assert found is not None
    write(tmp_path, (NUMBERS, vectors))
    write(tmp_path, (NUMBERS[:900] + 5000, vectors[:900]))

    long, little = segments_in(tmp_path)

    assert re.fullmatch(r"000000000011-3000-\d{4}\.faiss", long.path.name)
    assert long.recall == math.floor(1000 * found.recall) / 1000
    assert little.path.name == "000000005011-900.faiss"
    assert little.recall is None


def test_where_half_of_the_lists_do_not_find_enough_all_passages_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverting, "LEAST", 1.1)
    vectors, question = around_centres(), around_centres(1, seed=7)[0]

    write(tmp_path, (NUMBERS, vectors))

    (file,) = segments_in(tmp_path)
    assert file.recall == 1.0
    hits = DenseIndex.read(file.path).search(question, limit=10, within=None)
    best = np.argsort(-scores_by_hand(vectors, question), kind="stable")[:10]
    assert [hit.number for hit in hits] == NUMBERS[best].tolist()


def test_more_lists_are_read_until_enough_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverting, "LEAST", 0.0)
    monkeypatch.setattr(inverting, "MOVED", 4.0)
    read = {}
    for aimed in (0.8, 0.95, 0.9999):
        monkeypatch.setattr(inverting, "AIMED", aimed)
        found = inverted(NUMBERS, around_centres())
        assert found is not None
        lists = faiss.downcast_index(found.index.index)
        assert isinstance(lists, faiss.IndexIVFScalarQuantizer)
        assert found.recall >= aimed or lists.nprobe == lists.nlist // 2
        read[aimed] = lists.nprobe

    assert read == {0.8: 54 // 12, 0.95: 54 // 6, 0.9999: 54 // 2}


@pytest.mark.parametrize("spoil", [0.12345678, 1e6, math.inf, math.nan])
def test_what_16_bits_do_not_hold_is_not_rounded(spoil: float) -> None:
    vectors = around_centres()
    vectors[7, 3] = spoil

    assert inverted(NUMBERS, vectors) is None


def test_equal_vectors_come_by_number_from_segments_of_either_kind() -> None:
    vectors, question = around_centres(), around_centres(1, seed=8)[0]
    best = int(np.argmax(scores_by_hand(vectors, question)))
    vectors[[5, 2000, 2999]] = vectors[best]
    flat = DenseIndex.empty(DIMENSION)
    flat.add([3, 8000, 8001], np.repeat(vectors[best : best + 1], 3, axis=0))
    same = sorted({3, 16, 2011, 3010, best + 11, 8000, 8001})

    for segments in ([flat, made(vectors)], [made(vectors), flat]):
        index = DenseSegments(segments, held=np.concatenate([[3], NUMBERS, [8000, 8001]]))
        for limit in (2, len(same)):
            found = index.search(question, limit=limit, within=None)
            assert [hit.number for hit in found] == same[:limit]
            assert len({hit.score for hit in found}) == 1


def test_what_was_removed_is_not_found_in_a_long_segment() -> None:
    vectors, question = around_centres(), around_centres(1, seed=9)[0]
    ranked = NUMBERS[np.argsort(-scores_by_hand(vectors, question), kind="stable")].tolist()
    held = np.setdiff1d(NUMBERS, ranked[:20])

    index = DenseSegments([made(vectors)], held=held)

    assert len(index) == ROWS - 20
    assert index.search(question, limit=5, within=None)[0].number == ranked[20]
    assert index.search(question, limit=5, within=ranked[:20]) == []
    assert [hit.number for hit in index.search(question, limit=5, within=ranked[15:22])] == ranked[20:22]


@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    write(tmp_path, (NUMBERS, around_centres()))
    (file,) = segments_in(tmp_path)
    content = file.path.read_bytes()

    with pytest.raises(RuntimeError):
        DenseIndex.from_bytes(content[: int(kept if kept > 1 else kept * len(content))])


def test_a_long_segment_of_an_earlier_time_could_be_inverted() -> None:
    assert SegmentFile.of(Path("000000000001-65536.faiss")).could_be_inverted
    assert not SegmentFile.of(Path("000000000001-65536-0987.faiss")).could_be_inverted
    assert not SegmentFile.of(Path("000000000001-900.faiss")).could_be_inverted


@pytest.mark.parametrize("apart", [1, 100])
def test_numbers_may_lie_far_apart(apart: int) -> None:
    vectors, question = around_centres(), around_centres(1, seed=10)[0]
    numbers = NUMBERS * apart
    flat = DenseIndex.empty(DIMENSION)
    flat.add(numbers.tolist(), vectors)
    within = set(numbers[::30].tolist()) | {3, 10**9}

    index = DenseSegments([flat], held=numbers[:-1])

    exact = dict(zip(numbers.tolist(), scores_by_hand(vectors, question).tolist(), strict=True))
    best = sorted(within & set(numbers[:-1].tolist()), key=lambda number: -exact[number])[:10]
    assert [hit.number for hit in index.search(question, limit=10, within=within)] == best
