"""Figures against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.evaluation.report import report
from qa.evaluation.scored import Ending, scored
from tests.evaluation.made import BATCH, asked, given


def test_every_figure_of_a_small_batch_is_as_worked_out_by_hand() -> None:
    figures = report(*BATCH)

    assert (figures["n"], figures["answered"], figures["abstained"]) == (5, 3, 2)
    assert figures["em"] == pytest.approx(1 / 3)
    assert figures["correct"] == pytest.approx(1 / 3)
    assert figures["f1"] == pytest.approx((1 + 2 * 2 / 6 + 0) / 3)
    assert figures["refused_right"] == 0.5
    assert figures["wrong"] == pytest.approx(2 / 5)
    assert figures["retrieval"]["R@1"] == pytest.approx(1 / 3)
    assert figures["retrieval"]["R@5"] == pytest.approx(2 / 3)
    assert figures["retrieval"]["MRR@10"] == pytest.approx((1 + 1 / 6 + 1 / 2) / 3)
    # certainties: answerable .9 .6 .3, others .2 .6
    assert figures["no_answer_auroc"] == pytest.approx((2 + 1.5 + 1) / 6)
    # official: right, wrong, refused though answerable; then refused rightly, answered wrongly
    assert figures["official"]["em"] == pytest.approx(2 / 5)
    assert figures["latency_ms"]["p50"] == 10.0
    assert figures["stages_ms"]["read"]["p95"] == 1.0
    assert figures["stages_ms"]["total"] == figures["latency_ms"]


def test_the_time_of_each_stage_is_told_with_the_longest_and_without_what_was_not_timed() -> None:
    took = [{"retrieve": float(at), "read": 10.0 * at, "total": 11.0 * at} for at in range(1, 102)] + [{}]
    figures = report(
        [asked(str(at), "甲") for at in range(len(took))],
        [replace(given(str(at), "甲", 0.9), timings=timings) for at, timings in enumerate(took)],
    )

    # 101 times in equal steps: the percentile of rank p is the value of step p + 1.
    assert figures["stages_ms"]["retrieve"] == {"p50": 51.0, "p95": 96.0, "p99": 100.0, "max": 101.0}
    assert figures["stages_ms"]["read"]["max"] == 1010.0
    assert figures["stages_ms"]["total"]["p95"] == 1056.0


def test_a_stage_that_no_question_went_through_has_no_time() -> None:
    figures = report(
        [asked("1", "甲")], [replace(given("1", "甲", 0.9), timings={"read": 2.0, "total": 2.0})]
    )

    assert figures["stages_ms"]["retrieve"] == {"p50": None, "p95": None, "p99": None, "max": None}


def test_a_question_without_an_outcome_counts_as_its_worst() -> None:
    failed = given("1", None, 0.0, failed="question_invalid", retrieved=0)
    answerable, unanswerable = (report([question], [failed]) for question in (asked("1", "甲"), asked("1")))

    assert (answerable["correct"], answerable["wrong"]) == (0.0, 1.0)
    assert (unanswerable["refused_right"], unanswerable["wrong"]) == (0.0, 1.0)
    assert unanswerable["official"]["em"] == 0.0
    assert answerable["retrieval"]["R@10"] == 0.0
    assert (answerable["answered"], answerable["abstained"]) == (0, 0)


def test_no_outcome_is_a_wrong_answer_of_full_certainty_where_certainty_is_weighed() -> None:
    questions = [asked("1", "甲"), asked("2", "甲")]
    figures = report(
        questions, [given("1", "甲", 0.9, rank=1), given("2", None, 0.0, failed="question_invalid")]
    )

    # Surest first: no outcome, then right; bins: |1 - 0| and |.9 - 1|, or both in the last: |.95 - .5|
    assert figures["aurc"] == pytest.approx((1 + 1 / 2) / 2)
    assert figures["ece"] == pytest.approx(0.95 - 0.5)


def test_what_was_read_in_its_own_paragraph_has_no_ranking() -> None:
    figures = report([asked("1", "甲")], [given("1", "甲", 0.9, retrieved=None)])

    assert figures["correct"] == 1.0
    assert set(figures["retrieval"].values()) == {None}


def test_a_figure_with_nothing_to_measure_is_none() -> None:
    figures = report([asked("1")], [given("1", None, 0.9)])

    assert figures["refused_right"] == 1.0
    assert [figures[name] for name in ("em", "correct", "aurc", "ece", "no_answer_auroc")] == [None] * 5
    assert figures["retrieval"]["R@1"] is None


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    low, high = report(*BATCH)["intervals_95"]["wrong"]

    assert 0 <= low <= 2 / 5 <= high <= 1
    assert report(*BATCH) == report(*BATCH)


@pytest.mark.parametrize(
    ("answers", "prediction", "ending"),
    [
        (("甲",), given("1", "甲", 0.9, rank=1), Ending.RIGHT),
        ((), given("1", None, 0.9), Ending.REFUSED_RIGHT),
        (("甲",), given("1", "乙", 0.9), Ending.NOT_RETRIEVED),
        (("甲",), given("1", None, 0.9), Ending.NOT_RETRIEVED),
        (("甲",), given("1", "乙", 0.9, rank=3), Ending.MISREAD),
        (("甲",), given("1", None, 0.9, rank=3), Ending.REFUSED),
        (("甲",), given("1", "乙", 0.9, retrieved=None), Ending.MISREAD),  # given the paragraph
        (("甲",), given("1", "乙", 0.9, retrieved=0), Ending.NOT_RETRIEVED),
        ((), given("1", "乙", 0.9), Ending.ANSWERED_UNANSWERABLE),
        (("甲",), given("1", None, 0.0, failed="question_invalid"), Ending.NOT_ASKED),
    ],
)
def test_why_a_question_failed_is_named(answers: tuple[str, ...], prediction: object, ending: Ending) -> None:
    from qa.evaluation.prediction import Prediction

    assert isinstance(prediction, Prediction)
    assert scored(asked("1", *answers), prediction).ending is ending


def test_parts_are_listed_by_kind_and_by_source_the_largest_first() -> None:
    questions = [
        asked("1", "刘星", source="甲.txt"),
        asked("2", "20份", question="签约多少份？", source="乙.txt"),
        asked("3", "王五", source="乙.txt"),
    ]
    figures = report(
        questions, [given("1", "刘星", 0.9, rank=1), given("2", "3份", 0.8), given("3", None, 0.6)]
    )

    assert {name: part["n"] for name, part in figures["by_kind"].items()} == {"person": 2, "number": 1}
    assert list(figures["by_source"]) == ["乙.txt", "甲.txt"]
    assert figures["by_source"]["乙.txt"]["correct"] == 0.0
    assert figures["endings"]["right"] == 1


@pytest.mark.parametrize("failed", [None, "question_invalid"])
def test_no_answer_equals_no_accepted_one(failed: str | None) -> None:
    found = scored(asked("1", "。", "—"), given("1", None, 0.9, failed=failed))

    assert (found.em, found.f1, found.official_em, found.official_f1) == (0.0, 0.0, 0.0, 0.0)
