from __future__ import annotations

import pytest

from qa.domain.answers import Outcome, Timings
from qa.engine.ask import Engine
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.report import report
from qa.evaluation.run import Answered, run


def outcome(answer: str | None, confidence: float, total: float = 10.0) -> Outcome:
    return Outcome(
        question="问",
        answer=answer,
        confidence=confidence,
        citations=(),
        alternatives=(),
        retrieved=(),
        timings=Timings(retrieve=1.0, read=1.0, total=total),
        index_version="1",
    )


def answered(accepted: tuple[str, ...], given: Outcome | None, rank: int | None = None) -> Answered:
    question = LabelledQuestion(id="q", question="问", answers=accepted)
    return Answered(question=question, outcome=given, rank=rank)


BATCH = [
    answered(("刘星",), outcome("刘星", 0.9), rank=1),
    answered(("20份",), outcome("30份", 0.6), rank=6),
    answered(("甲",), outcome(None, 0.7), rank=2),
    answered((), outcome(None, 0.8)),
    answered((), outcome("乙", 0.6)),
]


def test_every_figure_of_a_small_batch_is_as_worked_out_by_hand() -> None:
    figures = report(BATCH)

    assert (figures["n"], figures["answered"], figures["abstained"]) == (5, 3, 2)
    assert figures["em"] == pytest.approx(1 / 3)
    assert figures["correct"] == pytest.approx(1 / 3)
    assert figures["f1"] == pytest.approx((1 + 2 * 2 / 6 + 0) / 3)
    assert figures["refused_right"] == 0.5
    assert figures["wrong"] == pytest.approx(2 / 5)
    assert figures["retrieval"]["R@1"] == pytest.approx(1 / 3)
    assert figures["retrieval"]["R@5"] == pytest.approx(2 / 3)
    # certainties: answerable .9 .6 .3, others .2 .6
    assert figures["no_answer_auroc"] == pytest.approx((2 + 1.5 + 1) / 6)
    assert figures["latency_ms"]["p50"] == 10.0


def test_a_question_without_an_outcome_counts_as_its_worst() -> None:
    answerable = report([answered(("甲",), None)])
    unanswerable = report([answered((), None)])

    assert (answerable["correct"], answerable["wrong"]) == (0.0, 1.0)
    assert (unanswerable["refused_right"], unanswerable["wrong"]) == (0.0, 1.0)


def test_a_figure_with_nothing_to_measure_is_none() -> None:
    figures = report([answered((), outcome(None, 0.8))])

    assert figures["em"] is None
    assert figures["retrieval"]["R@1"] is None
    assert figures["intervals_95"]["em"] is None


def test_a_batch_over_the_sample_pages_knows_where_the_answer_was_found(engine: Engine) -> None:
    questions = [
        LabelledQuestion(
            id="a", question="吕梁市委书记是谁？", answers=("孙大军",), source="003_313d145a827ed219.txt"
        ),
        LabelledQuestion(id="b", question="吕梁市委书记是谁？", answers=("孙大军",), source="别处.txt"),
        LabelledQuestion(id="c", question=" ", answers=("甲",)),
    ]

    first, second, third = run(engine, questions, limit=10)

    assert first.rank is not None
    assert first.rank <= 5
    assert second.rank is None
    assert third.outcome is None
