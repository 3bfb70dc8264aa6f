"""How well a reader does: given the paragraph, and in telling that there is no answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.evaluation.measures import auroc
from qa.evaluation.mixed import exact, overlap
from qa.models.span_reader import Pair, SpanReader
from training.reading_sets import Asked


def score_given(reader: SpanReader, questions: Sequence[Asked]) -> dict[str, float]:
    """Return EM and F1 over the answerable questions, in per cent, and the AUROC of the margin.

    The AUROC is left out where all questions are answerable.
    """
    read = reader.read_pairs([Pair(question=asked.question, passage=asked.context) for asked in questions])
    margins = np.array([each.margin if each else -np.inf for each in read])
    held = np.array([bool(asked.answers) for asked in questions])
    guesses = [
        asked.context[each.span.start : each.span.end] if each else ""
        for asked, each in zip(questions, read, strict=True)
    ]
    truths = [[answer.text for answer in asked.answers] for asked in questions]
    scores = {
        "n": len(questions),
        "em": 100 * mean([exact(g, t) for g, t in zip(guesses, truths, strict=True) if t]),
        "f1": 100 * mean([overlap(g, t) for g, t in zip(guesses, truths, strict=True) if t]),
    }
    if not held.all():
        scores["auroc"] = auroc(margins.tolist(), held.tolist()) or 0.0
    return {name: round(value, 4) for name, value in scores.items()}


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
