"""What came of a question, as a line of a file that is read again to go on or to compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qa.domain.answers import Found, Outcome
from qa.errors import QuestionsInvalid
from qa.evaluation.measures import folded, holds
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.told import expected, identifier, member, once, parsed

BodyOf = Callable[[Outcome], Mapping[str, Any]]
"""Writes an outcome in the shape of the contract."""

NO_OUTCOME: Mapping[str, Any] = {
    "id": "",
    "question": "",
    "answer": None,
    "abstained": True,
    "confidence": 0.0,
    "citations": [],
    "alternatives": [],
    "timings_ms": {},
    "index_version": "",
}
"""The shape of a question that could not be asked."""


BESIDE = frozenset({"id", "retrieved", "expected", "error"})
"""What a line holds beside the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """A passage that was retrieved.

    :param document: Name of the source it is printed in first.
    :param holds: Whether it answers: it holds an accepted answer in the source that is named, or is of a
        document that was judged to.
    """

    document: str
    score: float
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The outcome of one question.

    :param answer: None for an abstention, and for a question that could not be asked.
    :param failed: Why there is no outcome; None where there is one.
    :param retrieved: Best first; None where nothing was searched, since the paragraph was given.
    :param timings: Milliseconds by stage.
    :param body: The outcome in the shape of the contract.
    """

    id: str
    question: str
    answer: str | None
    confidence: float
    failed: str | None = None
    retrieved: tuple[Retrieved, ...] | None = ()
    timings: Mapping[str, float] = field(default_factory=dict, hash=False)
    body: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def abstained(self) -> bool:
        """Tell whether the question was refused; one without an outcome was not, it failed."""
        return self.answer is None and self.failed is None

    @property
    def rank(self) -> int | None:
        """Return the rank, from 1, of the first passage that answers; None for none."""
        return next((rank for rank, each in enumerate(self.retrieved or (), start=1) if each.holds), None)

    def line(self, asked: LabelledQuestion) -> str:
        """Return the prediction as a line, with what was expected, so that the file explains itself."""
        told = {
            **NO_OUTCOME,
            **self.body,
            # In place of the outcome's own id, which only a service gives.
            "id": self.id,
            "question": self.question,
            "answer": self.answer,
            "abstained": self.answer is None,
            "expected": {
                "answers": list(asked.answers),
                "source": asked.source,
                "relevant": dict(asked.relevant),
            },
            "retrieved": None
            if self.retrieved is None
            else [
                {"source": each.document, "score": round(each.score, 6), "holds": each.holds}
                for each in self.retrieved
            ],
        }
        return json.dumps(told | ({"error": self.failed} if self.failed else {}), ensure_ascii=False) + "\n"

    @classmethod
    def of(cls, asked: LabelledQuestion, outcome: Outcome, *, body_of: BodyOf) -> Prediction:
        """Return the prediction of an outcome."""
        return cls(
            id=asked.id,
            question=asked.question,
            answer=outcome.answer,
            confidence=outcome.confidence,
            retrieved=retrieved(asked, outcome.retrieved),
            timings={
                "retrieve": outcome.timings.retrieve,
                "read": outcome.timings.read,
                "total": outcome.timings.total,
            },
            body=body_of(outcome),
        )


def retrieved(asked: LabelledQuestion, found: Sequence[Found]) -> tuple[Retrieved, ...]:
    """Return what was retrieved for a question, with whether it answers."""
    truths = [truth for truth in map(folded, asked.answers) if truth]

    def answers(each: Found) -> bool:
        if asked.relevant:
            return not each.printed_in.isdisjoint(asked.relevant)
        text = folded(each.cited.passage.text)
        there = asked.source is None or asked.source in each.printed_in
        return there and any(holds(text, truth) for truth in truths)

    return tuple(
        Retrieved(document=each.cited.printed_in[0], score=each.ranked.fused, holds=answers(each))
        for each in found
    )


def prediction_of(line: str, *, where: str) -> Prediction:
    """Return the prediction of one line.

    :raises QuestionsInvalid: When it is none.
    """
    told = expected(parsed(line, where=where), dict, where=where)
    answer, confidence, error = told.get("answer"), told.get("confidence", 0.0), told.get("error")
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise QuestionsInvalid(f"{where}：confidence 应为 0 到 1 之间的数")
    timings = expected(told.get("timings_ms", {}), dict, where=f"{where} 的 timings_ms")
    return Prediction(
        id=identifier(told, "id", where=where),
        question=member(told, "question", str, where=where),
        answer=None if answer is None else expected(answer, str, where=f"{where} 的 answer"),
        confidence=float(confidence),
        failed=None if error is None else expected(error, str, where=f"{where} 的 error"),
        retrieved=all_retrieved(told.get("retrieved"), where=f"{where} 的 retrieved"),
        timings={stage: float(taken) for stage, taken in timings.items() if isinstance(taken, (int, float))},
        body={name: value for name, value in told.items() if name not in BESIDE},
    )


def read_labelled(text: str, *, name: str) -> list[tuple[LabelledQuestion, Prediction]]:
    """Return the predictions of a file with what was expected of each, in order.

    :raises QuestionsInvalid: Naming the line and what is wrong with it; an id that comes twice as well.
    """
    found = []
    first_at: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            where = f"{name} 第 {number} 行"
            asked = expected_of(line, where=where)
            once(asked.id, first_at, where=where)
            found.append((asked, prediction_of(line, where=where)))
    if not found:
        raise QuestionsInvalid(f"{name}：没有结果；应为 qa evaluate --predictions 写出的文件")
    return found


def expected_of(line: str, *, where: str) -> LabelledQuestion:
    """Return what was expected of a prediction.

    :raises QuestionsInvalid: When the line does not say.
    """
    told = expected(parsed(line, where=where), dict, where=where)
    labels = member(told, "expected", dict, where=where)
    answers = member(labels, "answers", list, where=where)
    source, relevant = labels.get("source"), labels.get("relevant", {})
    return LabelledQuestion(
        id=identifier(told, "id", where=where),
        question=member(told, "question", str, where=where),
        answers=tuple(expected(answer, str, where=f"{where} 的 answers") for answer in answers),
        source=None if source is None else expected(source, str, where=f"{where} 的 source"),
        relevant={
            document: expected(grade, int, where=f"{where} 的 relevant")
            for document, grade in expected(relevant, dict, where=f"{where} 的 relevant").items()
        },
    )


def all_retrieved(told: object, *, where: str) -> tuple[Retrieved, ...] | None:
    """Return the passages that were retrieved; None where the line tells of no search.

    :raises QuestionsInvalid: When they are none.
    """
    if told is None:
        return None
    return tuple(retrieved_of(each, where=where) for each in expected(told, list, where=where))


def retrieved_of(told: object, *, where: str) -> Retrieved:
    """Return a retrieved passage.

    :raises QuestionsInvalid: When it is none.
    """
    each = expected(told, dict, where=where)
    score = each.get("score", 0.0)
    return Retrieved(
        document=member(each, "source", str, where=where),
        score=float(score) if isinstance(score, (int, float)) else 0.0,
        holds=member(each, "holds", bool, where=where),
    )
