"""Fits how sure an answer is, on questions with and without an answer in the collection.

    python -m bench.fit_confidence --data DATA --work DIR [--questions N] [--news N] [--write models/reader]

The collection is the documents of the training sets that are kept for development (no model saw them),
other documents of those sets, and news. Each question is asked twice: as it is, and with its own document
left out, which makes it unanswerable. What spoke for and against every answer that was considered is kept
in ``DIR/signals.jsonl``; the weights are a logistic regression on it. Prints what the weights give on
questions that they were not fitted on (five folds by document).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.assemble import loaders_with, make_reader, open_builder, open_engine
from qa.cli.progress import Bar
from qa.domain.answers import Filters, Found, Mode, Reading
from qa.domain.ports import Reader
from qa.engine.answers import weighed
from qa.engine.ask import Engine
from qa.evaluation.measures import (
    area_under_risk_coverage,
    auroc,
    bag_f1,
    expected_calibration_error,
    is_correct,
)
from qa.loaders.walk import load_all
from qa.models.confidence import CONFIDENCE
from qa.ranking.confidence import SIGNALS, ConfidenceModel
from qa.settings import Settings
from training.reading_sets import Asked, is_development, read_lines
from training.retrieval_scores import news_rows

RAW = ConfidenceModel(intercept=0.0, weights=dict.fromkeys(SIGNALS, 1.0))
"""What a signal adds is then the signal itself."""

WITH = frozenset({"cmrc2018_train", "drcd_train_cps", "drcd_dev"})
"""Sets whose answers are short: that a long one is right cannot be told from its letters."""

UNANSWERABLE = 0.5
"""Weight of a question without its document: of people's questions a third have no answer."""

OVERLAP = 0.5
"""F1 from which on an answer is right as well: the sets accept one wording, people accept more."""

COLLECTION = "collection.jsonl"
KEPT = 5
"""Answers kept a question, by the reader's margin."""

BESIDE = 1
"""Other documents of the sets in the collection, for each that is kept for development."""

FOLDS = 5
STRENGTH = 1e-3
"""Of the pull of the weights towards 0, on standardised signals."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question as it was asked once.

    :param answerable: Whether its own document was there.
    :param signals: Shape (answers, signals); the rows of ``right``.
    """

    document: str
    source: str
    answerable: bool
    signals: Floats
    right: NDArray[np.bool_]


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
    given.work.mkdir(parents=True, exist_ok=True)
    asked = [each for each in read_lines(given.data / "reading" / "train.jsonl.xz") if each.source in WITH]
    write_collection(asked, news_rows(given.data / "news")[:: max(1, 40_000 // given.news)], given.work)
    questions = spread([each for each in asked if is_development(each) and each.answers], given.questions)
    # What is held already is skipped.
    settings = Settings(index=given.work / "index")
    with Bar() as bar, open_builder(settings, progress=bar) as builder:
        collection = [str(given.work / COLLECTION)]
        builder.add(load_all(collection, limit=settings.max_source_bytes, loaders=loaders_with(settings)))
    collect(questions, given.work, limit=given.limit)
    cases = [
        case
        for line in (given.work / "signals.jsonl").open(encoding="utf-8")
        for case in read(line)
        if case.source in WITH
    ]
    print(json.dumps(across_folds(cases), ensure_ascii=False, indent=1))
    model = fitted(cases)
    content = {"intercept": round(model.intercept, 4)}
    text = json.dumps(
        content | {"weights": {name: round(weight, 4) for name, weight in model.weights.items()}}, indent=2
    )
    print(text)
    if given.write:
        (given.write / CONFIDENCE).write_text(text + "\n", encoding="utf-8")


def name_of(context: str) -> str:
    """Return the name under which a document is in the collection."""
    return hashlib.sha256(context.encode()).hexdigest()[:16]


def spread(questions: Sequence[Asked], count: int) -> list[Asked]:
    """Return so many of the questions, spread evenly over the sets' files."""
    count = min(count, len(questions))
    return [questions[at * len(questions) // count] for at in range(count)]


def write_collection(asked: Sequence[Asked], news: Sequence[dict[str, str]], work: Path) -> None:
    """Write the collection as records, once."""
    path = work / COLLECTION
    if path.exists():
        return
    contexts = dict.fromkeys(each.context for each in asked)
    kept = dict.fromkeys(each.context for each in asked if is_development(each))
    others = [context for context in contexts if context not in kept]
    step = max(1, len(others) // (BESIDE * len(kept)))
    rows: list[dict[str, Any]] = [
        {"id": name_of(context), "text": context} for context in [*kept, *others[::step]]
    ]
    rows += [
        {"id": f"news-{at}", "title": row["title"], "date": row.get("date"), "text": row["text"]}
        for at, row in enumerate(news)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def collect(questions: Sequence[Asked], work: Path, *, limit: int) -> None:
    """Ask every question that was not asked yet, both ways; what was asked is not lost when broken off."""
    settings = Settings(index=work / "index")
    path = work / "signals.jsonl"
    done = {json.loads(line)["id"] for line in path.open(encoding="utf-8")} if path.exists() else set()
    reader = make_reader(settings)
    with (
        open_engine(settings, confidence=RAW) as engine,
        path.open("a", encoding="utf-8") as out,
    ):
        for asked in questions:
            if asked.id not in done:
                row = {"id": asked.id, "document": name_of(asked.context), "source": asked.source}
                out.write(json.dumps(row | both_ways(engine, reader, asked, limit=limit)) + "\n")
                out.flush()


def both_ways(engine: Engine, reader: Reader, asked: Asked, *, limit: int) -> dict[str, Any]:
    """Return the signals of a question with its document and without it."""
    found = engine.search(asked.question, limit=2 * limit, filters=Filters(), mode=Mode.HYBRID)
    own = name_of(asked.context)
    elsewhere = [each for each in found if not each.cited.source_name.endswith(own)]
    truths = [answer.text for answer in asked.answers]
    both = {each.ranked.number: each for each in (*found[:limit], *elsewhere[:limit])}
    readings = reader.read(
        asked.question,
        passages=[each.cited.passage.text for each in both.values()],
        titles=[each.cited.article.facts.title or "" for each in both.values()],
    )
    numbers = list(both)
    by_passage = {numbers[reading.passage]: reading for reading in readings}
    return {
        "with": signals(asked.question, found[:limit], by_passage, truths),
        "without": signals(asked.question, elsewhere[:limit], by_passage, []),
    }


def signals(
    question: str, found: Sequence[Found], by_passage: Mapping[int, Reading], truths: Sequence[str]
) -> list[Any]:
    """Return the signals of the answers that were considered, and whether each is right."""
    readings = [
        replace(by_passage[each.ranked.number], passage=at)
        for at, each in enumerate(found)
        if each.ranked.number in by_passage
    ]
    readings.sort(key=lambda each: (-each.score, each.passage))
    answers = sorted(weighed(question, found, readings, model=RAW), key=lambda each: -each.considered.margin)[
        :KEPT
    ]
    return [
        [[each.considered.signals[name] for name in SIGNALS], is_right(each.considered.answer, truths)]
        for each in answers
    ]


def is_right(answer: str, truths: Sequence[str]) -> bool:
    """Tell whether a person would take an answer for right."""
    return is_correct(answer, truths) or bag_f1(answer, truths) >= OVERLAP


def read(line: str) -> Iterator[Case]:
    """Yield the two cases of a question."""
    row = json.loads(line)
    for way, answerable in (("with", True), ("without", False)):
        if row[way]:
            yield Case(
                document=row["document"],
                source=row["source"],
                answerable=answerable,
                signals=np.array([signal for signal, _ in row[way]], dtype=float),
                right=np.array([right for _, right in row[way]], dtype=bool),
            )


def fitted(cases: Sequence[Case]) -> ConfidenceModel:
    """Return the logistic regression of "this answer is right" on its signals, with a little pull to 0."""
    signals = np.concatenate([case.signals for case in cases])
    right = np.concatenate([case.right for case in cases]).astype(float)
    mean, deviation = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    standard = (signals - mean) / deviation

    counts = np.concatenate(
        [np.full(len(case.right), 1.0 if case.answerable else UNANSWERABLE) for case in cases]
    )
    counts /= counts.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = standard @ weights[1:] + weights[0]
        wrong = counts * (1 / (1 + np.exp(-odds)) - right)
        value = float(counts @ (np.logaddexp(0, odds) - right * odds) + STRENGTH * (weights[1:] ** 2).sum())
        slope = np.concatenate([[wrong.sum()], standard.T @ wrong + 2 * STRENGTH * weights[1:]])
        return value, slope

    best = minimize(loss, np.zeros(len(SIGNALS) + 1), jac=True, method="L-BFGS-B").x
    weights = best[1:] / deviation
    return ConfidenceModel(
        intercept=float(best[0] - weights @ mean),
        weights={name: float(weight) for name, weight in zip(SIGNALS, weights, strict=True)},
    )


def across_folds(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the figures on documents that the weights were not fitted on."""
    folds = [int(hashlib.sha256(case.document.encode()).hexdigest(), 16) % FOLDS for case in cases]
    sure, right, answerable = [], [], []
    for fold in range(FOLDS):
        model = fitted([case for case, of in zip(cases, folds, strict=True) if of != fold])
        weights = np.array([model.weights[name] for name in SIGNALS])
        for case, of in zip(cases, folds, strict=True):
            if of == fold:
                odds = case.signals @ weights + model.intercept
                best = int(np.argmax(odds))
                sure.append(float(1 / (1 + np.exp(-odds[best]))))
                right.append(bool(case.right[best]))
                answerable.append(case.answerable)
    given = [certain >= 0.5 for certain in sure]
    rows = list(zip(given, right, answerable, strict=True))
    return {
        "cases": len(cases),
        "correct": share([r and g for g, r, a in rows if a]),
        "correct_without_abstaining": share([r for _, r, a in rows if a]),
        "refused_right": share([not g for g, _, a in rows if not a]),
        "wrong": share([g and not r for g, r, _ in rows]),
        "ece": expected_calibration_error(sure, right),
        "aurc": area_under_risk_coverage(sure, right),
        "no_answer_auroc": auroc(sure, answerable),
    }


def share(claims: Sequence[bool]) -> float:
    """Return how many of the claims hold."""
    return sum(claims) / max(len(claims), 1)


if __name__ == "__main__":
    main()
