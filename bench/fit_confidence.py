"""Fits how sure an answer is, on questions with and without an answer in the collection.

    python -m bench.fit_confidence --data DATA --work DIR [--questions N] [--news N] [--write models/reader]

The collection is the documents of the training sets that are kept for development (no model saw them),
other documents of those sets, and news; half as many questions again are made of newspaper items of which
no question was trained on. Each question is asked as it is, with its own document left out, which makes it
unanswerable, and, where that can be, with another name or year in it. What was found and read is kept in
``DIR/read.jsonl``, so that other signals can be tried on it; the weights are a logistic regression on what
speaks for and against each answer. Prints what the weights give on questions that they were not fitted on
(five folds by document).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.both_ways import Case, Floats, collect, kept_rows, name_of, read
from bench.collection import index_of, news_records, spread
from qa.engine.ask import CERTAIN, HOPELESS, SURE
from qa.evaluation.measures import (
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
)
from qa.models.confidence import CONFIDENCE
from qa.ranking.confidence import SIGNALS, ConfidenceModel
from training.news_questions import SOURCE, news_questions
from training.reading_sets import Asked, is_development, read_lines
from training.retrieval_scores import papers
from training.swaps import Swaps

WITH = frozenset({"cmrc2018_train", "drcd_train_cps", "drcd_dev", SOURCE})
"""Sets whose answers are short: that a long one is right cannot be told from its letters."""

SEED = 1
"""Of the questions that are made of news."""

PEOPLE = 2.0
"""Questions that have an answer, for each that has none, where people ask: those that are asked without
their document, or with another name or year, are more, and count together as half of the others."""

BESIDE = 1
"""Other documents of the sets in the collection, for each that is kept for development."""

FOLDS = 5
STRENGTH = 1e-3
"""Of the pull of the weights towards 0, on standardised signals."""

FREE, FOR, AGAINST = (None, None), (0.0, None), (None, 0.0)
BOUNDS = [FREE, *(AGAINST if name == "length" else FOR for name in SIGNALS)]
"""No signal speaks against an answer that by its meaning speaks for it, however the few examples fall."""


def main() -> None:
    """Read the arguments, ask what was not asked yet, fit, print and write."""
    parser = argparse.ArgumentParser(description="Fit how sure an answer is.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index and the signals")
    parser.add_argument("--questions", type=int, default=600)
    parser.add_argument("--news", type=int, default=600)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--write", type=Path, help="a reader's folder")
    given = parser.parse_args()
    asked = [each for each in read_lines(given.data / "reading" / "train.jsonl.xz") if each.source in WITH]
    questions = spread([each for each in asked if is_development(each) and each.answers], given.questions)
    printed = asked_of_papers(given.data / "news", count=given.questions // 2)
    beside = papers(given.data / "news", measured=False)
    records = chain(
        collection(asked),
        (record_of(row, each) for row, each in printed),
        news_records(beside[:: max(1, len(beside) // given.news)]),
    )
    index_of(given.work, records)
    questions += [each for _, each in printed]
    collect([*questions, *swapped(questions)], given.work, limit=given.limit)
    cases = [case for row in kept_rows(given.work) for case in read(row) if case.source in WITH]
    print(json.dumps(across_folds(cases), ensure_ascii=False, indent=1))
    model = fitted(cases)
    content = {"intercept": round(model.intercept, 4)}
    text = json.dumps(
        content | {"weights": {name: round(weight, 4) for name, weight in model.weights.items()}}, indent=2
    )
    print(text)
    if given.write:
        (given.write / CONFIDENCE).write_text(text + "\n", encoding="utf-8")


def asked_of_papers(folder: Path, *, count: int) -> list[tuple[Mapping[str, str], Asked]]:
    """Return questions made of newspaper items that no other question is made of, with their items."""
    made = news_questions(papers(folder, measured=True), count=count, seed=SEED)
    return [(row, replace(asked, id=name_of(asked.context))) for row, asked in made]


def swapped(questions: Sequence[Asked]) -> Iterator[Asked]:
    """Yield the questions with another name or year in them, where one can be put: the pages do not say."""
    swaps = Swaps(questions)
    for number, asked in enumerate(questions):
        question = swaps.swapped(number, random.Random(f"{SEED}:swap:{asked.id}"))
        if question:
            yield replace(asked, id=f"{asked.id}-swapped", question=question, answers=())


def record_of(row: Mapping[str, str], asked: Asked) -> dict[str, Any]:
    """Return the stretch of an item that is asked about, as a record with its headline and day."""
    return {
        "id": name_of(asked.context),
        "title": row["title"],
        "date": row.get("date"),
        "text": asked.context,
    }


def collection(asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """Yield the documents of the sets that are kept for development, and as many others."""
    contexts = dict.fromkeys(each.context for each in asked)
    kept = dict.fromkeys(each.context for each in asked if is_development(each))
    others = [context for context in contexts if context not in kept]
    step = max(1, len(others) // (BESIDE * len(kept)))
    for context in (*kept, *others[::step]):
        yield {"id": name_of(context), "text": context}


def fitted(cases: Sequence[Case]) -> ConfidenceModel:
    """Return the logistic regression of "this answer is right" on its signals, with a little pull to 0."""
    signals = np.concatenate([case.signals for case in cases])
    right = np.concatenate([case.right for case in cases]).astype(float)
    mean, deviation = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    standard = (signals - mean) / deviation

    answerable = sum(case.answerable for case in cases)
    without = answerable / PEOPLE / max(len(cases) - answerable, 1)
    counts = np.concatenate([np.full(len(case.right), 1.0 if case.answerable else without) for case in cases])
    counts /= counts.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = standard @ weights[1:] + weights[0]
        wrong = counts * (1 / (1 + np.exp(-odds)) - right)
        value = float(counts @ (np.logaddexp(0, odds) - right * odds) + STRENGTH * (weights[1:] ** 2).sum())
        slope = np.concatenate([[wrong.sum()], standard.T @ wrong + 2 * STRENGTH * weights[1:]])
        return value, slope

    best = minimize(loss, np.zeros(len(SIGNALS) + 1), jac=True, method="L-BFGS-B", bounds=BOUNDS).x
    weights = best[1:] / deviation
    return ConfidenceModel(
        intercept=float(best[0] - weights @ mean),
        weights={name: float(weight) for name, weight in zip(SIGNALS, weights, strict=True)},
    )


def across_folds(cases: Sequence[Case], *, first: Sequence[Case] = ()) -> dict[str, Any]:
    """Return the figures on documents that the weights were not fitted on.

    Those that depend on how many have no answer are over as many of these as people ask, spread evenly.

    :param first: The same cases after the first passages alone: where these make sure or leave no hope,
        they count.
    """
    folds = [int(hashlib.sha256(case.document.encode()).hexdigest(), 16) % FOLDS for case in cases]
    sure, right, answerable = [], [], []
    for fold in range(FOLDS):
        model = fitted([case for case, of in zip(cases, folds, strict=True) if of != fold])
        weights = np.array([model.weights[name] for name in SIGNALS])
        for earlier, case, of in zip(first or cases, cases, folds, strict=True):
            if of == fold:
                answer = surest(earlier, weights, model.intercept)
                if HOPELESS <= answer[0] < SURE:
                    answer = surest(case, weights, model.intercept)
                sure.append(answer[0])
                right.append(answer[1])
                answerable.append(case.answerable)
    rows = list(zip(sure, right, answerable, strict=True))
    with_answer, without = ([row for row in rows if row[2] == there] for there in (True, False))
    asked = [*with_answer, *spread(without, round(len(with_answer) / PEOPLE))]
    certain, correct = [each for each, _, _ in asked], [each for _, each, _ in asked]
    return {
        "cases": len(cases),
        "correct": share([r and c >= CERTAIN for c, r, _ in with_answer]),
        "correct_without_abstaining": share([r for _, r, _ in with_answer]),
        "refused_right": share([c < CERTAIN for c, _, _ in without]),
        "wrong": share([c >= CERTAIN and not r for c, r, _ in asked]),
        "ece": expected_calibration_error(certain, correct),
        "aurc": area_under_risk_coverage(certain, correct),
        "no_answer_auroc": auroc(sure, answerable),
    }


def surest(case: Case, weights: Floats, intercept: float) -> tuple[float, bool]:
    """Return how sure the surest answer of a case is, and whether it is right."""
    odds = case.signals @ weights + intercept
    best = int(np.argmax(odds))
    return float(1 / (1 + np.exp(-odds[best]))), bool(case.right[best])


def share(claims: Sequence[bool]) -> float:
    """Return how many of the claims hold."""
    return sum(claims) / max(len(claims), 1)


if __name__ == "__main__":
    main()
