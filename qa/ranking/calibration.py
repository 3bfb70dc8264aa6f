"""From a reader's score to a probability that means what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic curve (Platt 1999): where it crosses one half, answering and abstaining cost the same.

    :param midpoint: The score at which an answer is as likely wrong as right.
    :param slope: How fast certainty grows with the score; above 0.
    """

    midpoint: float
    slope: float

    def confidence(self, score: float) -> float:
        """Return the probability, in [0, 1], that an answer with this score is right."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.slope * (score - self.midpoint)))))
