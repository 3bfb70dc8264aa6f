"""How sure the mean of a sample is, by drawing from it again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SEED = 20230923
RESAMPLES = 1000
AT_ONCE = 2**18
"""Values that are drawn at once, of as many resamples as they make: 4 MiB with the places they come from."""


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval of the mean, lower end first; None without values.

    Percentiles of the means of ``RESAMPLES`` resamples: Efron and Tibshirani (1993). Of the differences of
    pairs it is the paired bootstrap, since both of a pair are drawn together.

    The same values in the same order always give the same interval: one generator of a fixed seed draws all
    resamples in turn, and takes up in each block where it left off in the one before, so that neither the
    interval nor the resamples depend on how many make a block. Memory is bounded by ``AT_ONCE`` values, and
    by one resample where there are more.
    """
    if not values:
        return None
    means = np.concatenate(list(resampled_means(np.asarray(values, dtype=float))))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def resampled_means(values: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield the means of all resamples, those of one block at a time."""
    generator = np.random.default_rng(SEED)
    rows = max(1, AT_ONCE // len(values))
    for done in range(0, RESAMPLES, rows):
        yield generator.choice(values, size=(min(rows, RESAMPLES - done), len(values))).mean(axis=1)
