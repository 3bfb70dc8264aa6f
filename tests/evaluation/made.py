"""Questions and predictions for the tests of measures."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation.prediction import Prediction, Retrieved
from qa.evaluation.questions import LabelledQuestion


def asked(
    id: str, *answers: str, question: str = "谁主持会议？", source: str | None = None
) -> LabelledQuestion:
    return LabelledQuestion(id=id, question=question, answers=answers, source=source)


def given(
    id: str,
    answer: str | None,
    confidence: float,
    *,
    rank: int | None = None,
    retrieved: int | None = 10,
    failed: str | None = None,
    total: float = 10.0,
) -> Prediction:
    """Return a prediction; of its passages the one at ``rank`` holds an answer."""
    return Prediction(
        id=id,
        question="谁主持会议？",
        answer=answer,
        confidence=confidence,
        failed=failed,
        retrieved=None
        if retrieved is None
        else tuple(
            Retrieved(document=f"{at}.txt", score=1 / at, holds=at == rank) for at in range(1, retrieved + 1)
        ),
        timings={"retrieve": 1.0, "read": 1.0, "total": total},
    )


Batch = tuple[Sequence[LabelledQuestion], Sequence[Prediction]]

BATCH: Batch = (
    [asked("1", "刘星"), asked("2", "20份"), asked("3", "甲"), asked("4"), asked("5")],
    [
        given("1", "刘星", 0.9, rank=1),
        given("2", "30份", 0.6, rank=6),
        given("3", None, 0.7, rank=2),
        given("4", None, 0.8),
        given("5", "乙", 0.6),
    ],
)
