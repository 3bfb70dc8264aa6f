"""Weighed evidence, by numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qa.text.weighing import Weighing, log_sum

WEIGHING = Weighing(
    direct=np.array([1.0, -2.0], dtype=np.float32),
    inward=np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]], dtype=np.float32),
    inward_bias=np.array([-1.0, 0.5, 0.0], dtype=np.float32),
    outward=np.array([3.0, -1.0, 10.0], dtype=np.float32),
)


@pytest.mark.parametrize(
    ("found", "score"),
    [
        # hidden = max(0, [-1, 0.5, 0]) = [0, 0.5, 0]; direct 0; outward -0.5
        ([0.0, 0.0], -0.5),
        # hidden = max(0, [1-1, 0.5, -1]) = [0, 0.5, 0]; direct 1; outward -0.5
        ([1.0, 0.0], 0.5),
        # hidden = [1+2-1, 1+0.5, max(0, -1+0.5)] = [2, 1.5, 0]; direct -1; outward 6-1.5
        ([1.0, 1.0], 3.5),
        # hidden = [max(0, -2+4-1), 2.5, 2+1] = [1, 2.5, 3]; direct -6; outward 3-2.5+30
        ([-2.0, 2.0], 24.5),
    ],
)
def test_evidence_is_weighed_directly_and_in_what_counts_together(found: list[float], score: float) -> None:
    assert float(WEIGHING.scores(np.array(found, dtype=np.float32))) == pytest.approx(score)


def test_each_row_of_a_block_of_evidence_has_a_score_of_its_own() -> None:
    found = np.array([[[0, 0], [1, 0]], [[1, 1], [-2, 2]]], dtype=np.float32)

    np.testing.assert_allclose(WEIGHING.scores(found), [[-0.5, 0.5], [3.5, 24.5]])
    np.testing.assert_array_equal(found[1], [[1, 1], [-2, 2]])


@pytest.mark.parametrize("axis", [0, 1])
def test_the_sum_of_exponentials_is_numpys_own(axis: int) -> None:
    values = np.random.default_rng(4).normal(0, 20, (5, 7)).astype(np.float32)
    expected = np.logaddexp.reduce(values.astype(np.float64), axis=axis, keepdims=True)

    found = log_sum(values, axis=axis)

    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_great_and_small_values_do_not_overflow() -> None:
    values = np.array([[1000.0, 1000.0], [-1e6, -1e6], [0.0, -1e6]], dtype=np.float32)

    found = log_sum(values, axis=1)[:, 0]

    np.testing.assert_allclose(found, [1000 + np.log(2), -1e6 + np.log(2), 0.0], rtol=1e-6, atol=1e-6)
