"""The interval of a mean: of samples where it is known, the same every time, in bounded memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from qa.evaluation import bootstrap
from qa.evaluation.bootstrap import RESAMPLES, SEED, interval


def test_the_interval_of_equal_values_is_that_value_and_of_none_there_is_none() -> None:
    assert interval([1.0] * 10) == (1.0, 1.0)
    assert interval([]) is None


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    low, high = interval([0.0, 1.0] * 20) or (0.0, 0.0)

    # a binomial of 40: 0.5 +- 1.96 * sqrt(.25 / 40) = .345 to .655, in steps of 1/40
    assert low == pytest.approx(0.345, abs=0.03)
    assert high == pytest.approx(0.655, abs=0.03)


def test_the_interval_of_many_values_is_that_of_the_normal_distribution() -> None:
    values = np.arange(1000, dtype=float)
    low, high = interval(values.tolist()) or (0.0, 0.0)

    # The mean of 0 to 999 is 499.5, its standard error sqrt((1000 ** 2 - 1) / 12 / 1000) = 9.13.
    # The ends of 1000 resamples vary by about .085 standard errors (here three times that).
    assert low == pytest.approx(499.5 - 1.96 * 9.13, abs=0.26 * 9.13)
    assert high == pytest.approx(499.5 + 1.96 * 9.13, abs=0.26 * 9.13)


def test_in_blocks_it_is_what_it_is_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(7).random(333)
    drawn = np.random.default_rng(SEED).choice(values, size=(RESAMPLES, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])

    # All in one block; three resamples a block and one in the last; less than one resample a block.
    for at_once in (RESAMPLES * len(values), 3 * len(values) + 1, 10):
        monkeypatch.setattr(bootstrap, "AT_ONCE", at_once)
        assert interval(values.tolist()) == (low, high)


def test_memory_does_not_grow_with_the_number_of_values() -> None:
    values = np.random.default_rng(7).random(5_000).tolist()
    tracemalloc.start()
    try:
        interval(values)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    # All resamples at once would take 40 MB for the values and as much for their places.
    assert most < 6 * 2**20
