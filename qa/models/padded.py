"""Inputs of unlike length for one computation: those of like length together, the shorter ones filled up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

PADDING = 0
"""Fills up; which piece it is does not matter, as nothing looks at it."""


def in_batches(lengths: Sequence[int], *, pieces: int) -> Iterator[list[int]]:
    """Yield the numbers of all inputs in runs of like length, shortest first, equal ones in order.

    :param lengths: Of each input, in pieces; those of length 0 are left out.
    :param pieces: That a run has at most, filled up; an input that is longer is a run by itself.
    """
    order = sorted((at for at, length in enumerate(lengths) if length), key=lambda at: (lengths[at], at))
    batch: list[int] = []
    for at in order:
        if batch and lengths[at] * (len(batch) + 1) > pieces:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def padded(inputs: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return inputs as rows of one length, and where they have a piece: both of shape (inputs, longest)."""
    lengths = np.array([len(each) for each in inputs])
    present = np.arange(lengths.max()) < lengths[:, None]
    numbers = np.full(present.shape, PADDING, dtype=np.int64)
    numbers[present] = np.concatenate([np.asarray(each, dtype=np.int64) for each in inputs])
    return numbers, present
