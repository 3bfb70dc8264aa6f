"""From signals to a probability that means what it says: a logistic model whose numbers can be read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from qa.ranking.evidence import Evidence

SIGNALS = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceModel:
    """Weights of the signals (logistic regression), fitted on questions with and without answers.

    :param intercept: The log-odds where every signal is 0.
    :param weights: Log-odds a unit of each signal, by its name; all of ``SIGNALS`` and no other.
    """

    intercept: float
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        """Hold the weights to the signals there are."""
        if set(self.weights) != set(SIGNALS):
            raise ValueError(f"weights of {sorted(self.weights)}, signals {sorted(SIGNALS)}")

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability, in [0, 1], that an answer with this evidence is right."""
        odds = self.intercept + sum(self.contributions(evidence).values())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))

    def contributions(self, evidence: Evidence) -> dict[str, float]:
        """Return what each signal adds to the log-odds, by its name."""
        return {name: self.weights[name] * value for name, value in asdict(evidence).items()}
