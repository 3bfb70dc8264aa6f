"""The best span, against every span tried one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qa.models.spans import best_span, next_best

LOGITS = arrays(np.float32, 12, elements=st.integers(-8, 8).map(float))


def test_the_best_first_and_last_piece_are_taken_together() -> None:
    starts = np.array([0, 0, 5, 0, 4, 0], dtype=np.float32)
    ends = np.array([0, 6, 0, 3, 0, 2], dtype=np.float32)

    best = best_span(starts, ends, begin=1, end=6)

    # 1 ends before 2 begins: independent maxima would give a span that runs backwards.
    assert (best.first, best.last, best.margin) == (2, 3, 8.0)


def test_the_margin_is_over_the_two_logits_of_no_answer() -> None:
    starts = np.array([3, 0, 1], dtype=np.float32)
    ends = np.array([4, 0, 2], dtype=np.float32)

    assert best_span(starts, ends, begin=1, end=3).margin == 3.0 - 7.0


def test_a_span_is_never_longer_than_the_bound() -> None:
    starts, ends = np.zeros(9, dtype=np.float32), np.zeros(9, dtype=np.float32)
    starts[1], ends[8] = 9, 9

    best = best_span(starts, ends, begin=1, end=9, longest=3)

    assert best.last - best.first < 3
    assert best.margin == 9.0


@given(starts=LOGITS, ends=LOGITS, longest=st.integers(1, 12))
def test_no_other_span_is_better(starts: np.ndarray, ends: np.ndarray, longest: int) -> None:
    every = {
        (first, last): float(starts[first] + ends[last] - starts[0] - ends[0])
        for first in range(3, 11)
        for last in range(first, min(first + longest, 11))
    }

    best = best_span(starts, ends, begin=3, end=11, longest=longest)

    assert best.margin == pytest.approx(max(every.values()))
    assert every[best.first, best.last] == pytest.approx(best.margin)


@given(starts=LOGITS, ends=LOGITS, longest=st.integers(1, 12))
def test_the_next_best_is_the_best_of_those_that_share_no_piece_with_it(
    starts: np.ndarray, ends: np.ndarray, longest: int
) -> None:
    best = best_span(starts, ends, begin=3, end=11, longest=longest)
    beside = [
        float(starts[first] + ends[last] - starts[0] - ends[0])
        for first in range(3, 11)
        for last in range(first, min(first + longest, 11))
        if last < best.first or best.last < first
    ]

    second = next_best(starts, ends, begin=3, end=11, best=best, longest=longest)

    assert (second.margin if second else None) == (pytest.approx(max(beside)) if beside else None)
