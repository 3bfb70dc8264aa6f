"""Answers a batch of questions, in order: over an index, by retrieval alone, or given the paragraph."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from qa.domain.answers import Filters, Mode, Outcome, Timings
from qa.domain.ports import Asker, Reader
from qa.errors import QuestionInvalid
from qa.evaluation.prediction import BodyOf, Prediction, retrieved
from qa.evaluation.questions import LabelledQuestion

Answerer = Callable[[LabelledQuestion], Prediction]
"""Answers one question; never raises for what is wrong with the question."""


def over_index(asker: Asker, *, limit: int, body_of: BodyOf) -> Answerer:
    """Return what answers from an index, end to end.

    :param limit: Passages retrieved for each question.
    """

    def answer(asked: LabelledQuestion) -> Prediction:
        try:
            outcome = asker.ask(asked.question, limit=limit, filters=Filters())
        except QuestionInvalid as error:
            return failed(asked, error)
        return Prediction.of(asked, outcome, body_of=body_of)

    return answer


def retrieval_only(asker: Asker, *, limit: int, version: str) -> Answerer:
    """Return what only searches: every question counts as refused, and its passages are kept."""

    def answer(asked: LabelledQuestion) -> Prediction:
        started = time.perf_counter()
        try:
            found = asker.search(asked.question, limit=limit, filters=Filters(), mode=Mode.HYBRID)
        except QuestionInvalid as error:
            return failed(asked, error)
        taken = 1000 * (time.perf_counter() - started)
        return Prediction(
            id=asked.id,
            question=asked.question,
            answer=None,
            confidence=0.0,
            retrieved=retrieved(asked, found),
            timings={"retrieve": taken, "total": taken},
            body={
                **blank(asked.question),
                "timings_ms": {"total": round(taken, 1)},
                "index_version": version,
            },
        )

    return answer


def given_paragraph(reader: Reader, *, may_abstain: bool, body_of: BodyOf) -> Answerer:
    """Return what reads each question against its own paragraph.

    Confidence is the logistic function of the margin over there being no answer; below one half it
    abstains, where the set has questions without an answer.
    """

    def answer(asked: LabelledQuestion) -> Prediction:
        started = time.perf_counter()
        context = asked.context or ""
        readings = reader.read(asked.question, passages=[context], titles=[""]) if context else ()
        best = max(readings, key=lambda each: each.score, default=None)
        certain = 1 / (1 + math.exp(-max(min(best.score, 50.0), -50.0))) if best else 0.0
        text = context[best.span.start : best.span.end] if best else None
        given = text if certain >= 0.5 or not may_abstain else None
        taken = 1000 * (time.perf_counter() - started)
        outcome = Outcome(
            question=asked.question,
            answer=given,
            confidence=certain if given is not None else 1 - certain,
            citations=(),
            alternatives=(),
            retrieved=(),
            timings=Timings(retrieve=0.0, read=taken, total=taken),
            index_version="",
        )
        return replace(
            Prediction.of(asked, outcome, body_of=body_of),
            retrieved=None,
            timings={"read": taken, "total": taken},
        )

    return answer


def failed(asked: LabelledQuestion, error: QuestionInvalid) -> Prediction:
    """Return the prediction of a question that could not be asked."""
    return Prediction(id=asked.id, question=asked.question, answer=None, confidence=0.0, failed=error.code)


def blank(question: str) -> dict[str, object]:
    """Return the shape of an outcome without an answer."""
    return {
        "question": question,
        "answer": None,
        "abstained": True,
        "confidence": 0.0,
        "citations": [],
        "alternatives": [],
    }
