"""The report of a batch: figures with their intervals, by kind of question and by source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from qa.evaluation.bootstrap import interval
from qa.evaluation.measures import area_under_risk_coverage, auroc, expected_calibration_error
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.retrieval import retrieval_values
from qa.evaluation.scored import Ending, Scored, scored
from qa.ranking.answer_kind import kind_of

Report = dict[str, Any]
Values = dict[str, list[float]]

STAGES = ("retrieve", "read", "total")
"""What the time of a question is told of; ``total`` is from its coming to its outcome."""


def report(questions: Sequence[LabelledQuestion], predictions: Sequence[Prediction]) -> Report:
    """Return the report in the words of the contract; a figure with nothing to measure is None.

    ``em``, ``f1`` and ``correct`` are over answerable questions, ``refused_right`` over the others,
    ``wrong`` and ``official`` over all. A question without an outcome counts as its worst.
    """
    batch = [scored(asked, given) for asked, given in zip(questions, predictions, strict=True)]
    retrieval = retrieval_values([(each.asked, each.given) for each in batch])
    answers = values_of(batch)
    official = {
        "em": [each.official_em for each in judged_by_answers(batch)],
        "f1": [each.official_f1 for each in judged_by_answers(batch)],
    }
    given = [each for each in batch if each.given.answer is not None]
    claims = [each for each in judged_by_answers(batch) if each.claims]
    sure, right = [each.claimed for each in claims], [each.right for each in claims]
    return {
        "n": len(batch),
        **means(answers),
        "answered": len(given),
        "abstained": sum(each.given.abstained for each in batch),
        "aurc": area_under_risk_coverage(sure, right),
        "ece": expected_calibration_error(sure, right),
        "no_answer_auroc": auroc([each.certainty for each in batch], [each.answerable for each in batch]),
        "official": means(official),
        "retrieval": means(retrieval),
        "latency_ms": latencies([each.given.timings.get("total") for each in batch]),
        "stages_ms": {
            stage: latencies([each.given.timings.get(stage) for each in batch]) for stage in STAGES
        },
        "endings": {ending.value: count for ending, count in endings(batch).items()},
        "by_kind": grouped(batch, lambda each: kind_of(each.asked.question).value),
        "by_source": grouped(
            [each for each in batch if each.asked.source], lambda each: each.asked.source or ""
        ),
        "intervals_95": {
            **{name: interval(each) for name, each in answers.items()},
            **{f"official_{name}": interval(each) for name, each in official.items()},
            **{name: interval(each) for name, each in retrieval.items()},
        },
    }


def values_of(batch: Sequence[Scored]) -> Values:
    """Return each measure's value for each question that it is over."""
    judged = judged_by_answers(batch)
    answerable = [each for each in judged if each.answerable]
    return {
        "em": [each.em for each in answerable],
        "f1": [each.f1 for each in answerable],
        "correct": [float(each.right) for each in answerable],
        "refused_right": [float(each.given.abstained) for each in judged if not each.answerable],
        "wrong": [float(each.misleads) for each in judged],
    }


def judged_by_answers(batch: Sequence[Scored]) -> list[Scored]:
    """Return the questions whose answers are known; others have documents that were judged."""
    return [each for each in batch if not each.asked.relevant]


def means(values: Values) -> dict[str, float | None]:
    """Return the mean of each; None without values."""
    return {name: fmean(each) if each else None for name, each in values.items()}


def latencies(milliseconds: Sequence[float | None]) -> dict[str, float | None]:
    """Return percentiles and the longest of the times that questions took, in milliseconds.

    A question that was not timed, such as one without an outcome, is left out; None where none was.
    """
    taken = [each for each in milliseconds if each is not None]
    points = {"p50": 50, "p95": 95, "p99": 99, "max": 100}
    return {name: float(np.percentile(taken, at)) if taken else None for name, at in points.items()}


def endings(batch: Sequence[Scored]) -> Counter[Ending]:
    """Return how often each ending came, in the order of the endings."""
    found = Counter(each.ending for each in judged_by_answers(batch))
    return Counter({ending: found[ending] for ending in Ending})


def grouped(batch: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, dict[str, float | None]]:
    """Return the measures of each part of a batch, the largest part first, ties by name."""
    parts: dict[str, list[Scored]] = {}
    for each in judged_by_answers(batch):
        parts.setdefault(key(each), []).append(each)
    ordered = sorted(parts.items(), key=lambda part: (-len(part[1]), part[0]))
    return {name: {"n": len(part), **means(values_of(part))} for name, part in ordered}
