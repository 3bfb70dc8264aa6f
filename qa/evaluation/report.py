"""The report of a batch: figures with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from qa.evaluation.measures import (
    RETRIEVAL,
    area_under_risk_coverage,
    auroc,
    bag_f1,
    exact,
    expected_calibration_error,
    interval,
    is_correct,
)
from qa.evaluation.run import Answered

Report = dict[str, Any]


def report(batch: Sequence[Answered]) -> Report:
    """Return the report in the words of the contract; a figure with nothing to measure is None.

    ``em``, ``f1`` and ``correct`` are over answerable questions, ``refused_right`` over the others,
    ``wrong`` over all. A question without an outcome counts as its worst.
    """
    answerable = [each for each in batch if each.question.answers]
    values: dict[str, list[float]] = {
        "em": [exact(said(each), each.question.answers) for each in answerable],
        "f1": [bag_f1(said(each), each.question.answers) for each in answerable],
        "correct": [float(is_right(each)) for each in answerable],
        "refused_right": [float(is_abstention(each)) for each in batch if not each.question.answers],
        "wrong": [float(not is_abstention(each) and not is_right(each)) for each in batch],
    }
    given = [each for each in batch if not is_abstention(each)]
    sure, right = [certainty(each) for each in given], [is_right(each) for each in given]
    return {
        "n": len(batch),
        **{name: mean(each) for name, each in values.items()},
        "answered": len(given),
        "abstained": len(batch) - len(given),
        "aurc": area_under_risk_coverage(sure, right),
        "ece": expected_calibration_error(sure, right),
        "no_answer_auroc": auroc([certainty(e) for e in batch], [bool(e.question.answers) for e in batch]),
        "retrieval": {name: mean([of(each.rank) for each in answerable]) for name, of in RETRIEVAL.items()},
        "latency_ms": latencies([each.outcome.timings.total for each in batch if each.outcome]),
        "intervals_95": {name: interval(each) for name, each in values.items()},
    }


def said(answered: Answered) -> str:
    """Return the answer that was given, empty for none."""
    return (answered.outcome and answered.outcome.answer) or ""


def is_abstention(answered: Answered) -> bool:
    """Tell whether the question was refused; one without an outcome was not, it failed."""
    return answered.outcome is not None and answered.outcome.abstained


def is_right(answered: Answered) -> bool:
    """Tell whether the answer is an accepted one."""
    return is_correct(said(answered), answered.question.answers)


def certainty(answered: Answered) -> float:
    """Return how sure an answer would be, in [0, 1], whether it was given or not."""
    outcome = answered.outcome
    if outcome is None:
        # The worst there is: no trust in an answer that exists, full trust in one that does not.
        return 0.0 if answered.question.answers else 1.0
    return 1 - outcome.confidence if outcome.abstained else outcome.confidence


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None without values."""
    return fmean(values) if values else None


def latencies(milliseconds: Sequence[float]) -> dict[str, float | None]:
    """Return the percentiles of the whole time a question took."""
    points = {"p50": 50, "p95": 95, "p99": 99}
    return {
        name: float(np.percentile(milliseconds, at)) if milliseconds else None for name, at in points.items()
    }
