"""Finds the curve that turns the reader's scores into confidence, on questions whose answers are known.

    python bench/set_threshold.py QUESTIONS.jsonl --index DIR

Asks every question with abstaining off, fits a logistic curve (Platt 1999, with its
smoothed targets) of "the best reading is correct" on its score, and prints it with the
risk-coverage trade-off around it. The values go into ``qa/assemble.py``.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.assemble import open_engine
from qa.domain.answers import Filters
from qa.evaluation.measures import is_correct
from qa.evaluation.questions import read_questions
from qa.ranking.calibration import Calibration
from qa.settings import Settings

RAW = Calibration(midpoint=0.0, slope=1.0)
"""Scores are all above 0, so that nothing is refused, and can be had back from the confidence."""

STEPS = 20_000
RATE = 0.05


def fitted(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> Calibration:
    """Return the curve of least cross-entropy, by gradient descent on two numbers."""
    positive, negative = right.sum(), (~right).sum()
    target = np.where(right, (positive + 1) / (positive + 2), 1 / (negative + 2))
    slope, midpoint = 1.0, float(scores.mean())
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-slope * (scores - midpoint))) - target
        slope, midpoint = (
            slope - RATE * float((error * (scores - midpoint)).mean()),
            midpoint + RATE * float((error * slope).mean()),
        )
    return Calibration(midpoint=round(midpoint, 3), slope=round(slope, 2))


def main() -> None:
    """Read the arguments, ask, fit and print."""
    parser = argparse.ArgumentParser(description="Fit the confidence of the reader.")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    given = parser.parse_args()
    questions = read_questions(given.questions.read_text("utf-8").split("\n"), name=str(given.questions))
    scores, right = [], []
    with open_engine(Settings(index=given.index), calibration=RAW) as engine:
        for question in questions:
            outcome = engine.ask(question.question, limit=20, filters=Filters())
            scores.append(math.log(outcome.confidence / (1 - outcome.confidence)))
            right.append(is_correct(outcome.answer or "", question.answers))
    curve = fitted(np.asarray(scores), np.asarray(right))
    print(
        json.dumps({"n": len(scores), "right": sum(right), "midpoint": curve.midpoint, "slope": curve.slope})
    )
    answerable = [bool(question.answers) for question in questions]
    for threshold in np.arange(min(scores), max(scores), 0.1):
        given_out = [score >= threshold for score in scores]
        figures = {
            "threshold": round(float(threshold), 2),
            "correct": sum(g and r for g, r in zip(given_out, right, strict=True)) / sum(answerable),
            "refused_right": sum(not g and not a for g, a in zip(given_out, answerable, strict=True))
            / (len(answerable) - sum(answerable)),
            "wrong": sum(g and not r for g, r in zip(given_out, right, strict=True)) / len(scores),
        }
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
