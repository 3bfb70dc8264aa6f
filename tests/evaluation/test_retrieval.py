"""Rankings measured by ``ir_measures``, against ranks measured by hand."""

from __future__ import annotations

import pytest

from qa.evaluation.measures import RETRIEVAL
from qa.evaluation.prediction import Prediction, Retrieved
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.retrieval import NAMES, retrieval_values, trec_lines
from tests.evaluation.made import asked, given


@pytest.mark.parametrize("rank", [1, 2, 5, 6, 10, 11, 30, None])
def test_the_first_passage_that_answers_gives_what_its_rank_gives(rank: int | None) -> None:
    values = retrieval_values([(asked("1", "甲"), given("1", "甲", 0.9, rank=rank, retrieved=30))])

    assert {name: value for name, [value] in values.items()} == pytest.approx(
        {name: of(rank) for name, of in RETRIEVAL.items()}
    )
    assert tuple(values) == NAMES


def test_documents_that_are_judged_count_once_each_and_by_grade() -> None:
    question = LabelledQuestion(id="q", question="问", relevant={"甲": 1, "乙": 2, "丙": 1})
    ranking = ["丁", "甲", "甲", "乙"]
    prediction = Prediction(
        id="q",
        question="问",
        answer=None,
        confidence=0.0,
        retrieved=tuple(Retrieved(document=name, score=0.5, holds=name != "丁") for name in ranking),
    )

    values = {name: value for name, [value] in retrieval_values([(question, prediction)]).items()}

    # Ranking of documents: 丁 甲 乙; gains 0 1 2; ideal 2 1 1.
    assert values["R@1"] == 0.0
    assert values["R@5"] == pytest.approx(2 / 3)
    assert values["MRR@10"] == 0.5
    assert values["nDCG@10"] == pytest.approx((1 / 1.5849625 + 2 / 2) / (2 + 1 / 1.5849625 + 1 / 2))


def test_questions_that_nothing_answers_are_not_measured() -> None:
    assert retrieval_values([(asked("1"), given("1", None, 0.9))])["R@1"] == []


def test_a_run_has_six_columns_and_each_document_once() -> None:
    prediction = given("问 1", None, 0.9, retrieved=2)
    lines = list(trec_lines([(asked("问 1", "甲"), prediction)], tag="wenbao"))

    assert lines == ["问_1 Q0 1.txt 1 1.000000 wenbao\n", "问_1 Q0 2.txt 2 0.500000 wenbao\n"]
