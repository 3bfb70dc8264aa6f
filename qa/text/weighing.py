"""Weighing evidence: from rows of evidence to scores, as was learnt on made pages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.text.strands import Floats

NEVER = -1e6
"""Score of what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A sum of weighed evidence, and one hidden layer for what counts only together.

    :param direct: Shape (evidence,).
    :param inward: Shape (evidence, hidden).
    :param inward_bias: Shape (hidden,).
    :param outward: Shape (hidden,).
    """

    direct: Floats
    inward: Floats
    inward_bias: Floats
    outward: Floats

    def scores(self, found: Floats) -> Floats:
        """Return one score a row of evidence; only differences between scores mean anything.

        :param found: Shape (..., evidence).
        """
        # One product for all rows. Turned round, evidence that was written column by column is not copied.
        turned = found.T
        columns = turned.reshape(len(turned), -1)
        hidden = self.inward.T @ columns
        # max(x + b, 0) is max(x, -b) + b.
        np.maximum(hidden, -self.inward_bias[:, None], out=hidden)
        result: Floats = self.direct @ columns + self.outward @ hidden + self.outward @ self.inward_bias
        return result.reshape(turned.shape[1:]).T


def log_sum(values: Floats, *, axis: int) -> Floats:
    """Return the logarithm of the sum of exponentials along an axis, which is kept."""
    highest = values.max(axis=axis, keepdims=True)
    total: Floats = highest + np.log(np.exp(values - highest).sum(axis=axis, keepdims=True))
    return total


def highest_of_others(values: Floats) -> Floats:
    """Return for each value the highest other one of its row."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    two = np.partition(values, -2, axis=1)[:, -2:]
    return np.where(values == two[:, 1:], two[:, :1], two[:, 1:])


ODDS = 6.0
"""Log odds beyond which nothing is surer."""


def clipped(odds: Floats) -> Floats:
    """Return log odds in the size of other evidence, in [-2, 2]."""
    result: Floats = (np.clip(odds, -ODDS, ODDS) / (ODDS / 2)).astype(np.float32)
    return result
