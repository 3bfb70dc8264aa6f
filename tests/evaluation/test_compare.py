"""What changed between two runs, and whether chance explains it."""

from __future__ import annotations

import pytest

from qa.cli.compare import known_ids
from qa.errors import QuestionsInvalid
from qa.evaluation.compare import Labelled, compare
from qa.evaluation.prediction import Prediction, Retrieved, read_labelled
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.report import report
from tests.evaluation.made import asked, given


def run(right: int, *, of: int = 100) -> list[Labelled]:
    """Return a run in which the first ``right`` questions are answered rightly and the others wrongly."""
    return [
        (
            asked(f"{at:03d}", "甲"),
            given(f"{at:03d}", "甲" if at < right else "乙", 0.9, rank=1 if at < right else 3),
        )
        for at in range(of)
    ]


def test_many_questions_lost_are_a_loss_and_few_may_be_chance() -> None:
    great, small = compare(run(80), run(60)), compare(run(80), run(79))

    assert (great.is_loss, small.is_loss, compare(run(60), run(80)).is_loss) == (True, False, False)
    assert great.lost == tuple(f"{at:03d}" for at in range(60, 80))
    assert great.won == ()
    difference = great.differences["correct"]
    assert [difference.before, difference.after] == pytest.approx([0.8, 0.6])
    assert difference.low < -0.2 < difference.high < 0
    assert great.differences["wrong"].low > 0


def test_the_same_run_has_no_difference() -> None:
    found = compare(run(70), run(70))

    assert all((each.low, each.high) == (0.0, 0.0) for each in found.differences.values())
    assert (found.won, found.lost, found.is_loss) == ((), (), False)


def test_a_question_without_an_outcome_is_the_worst_of_a_ranking() -> None:
    before = run(2, of=2)
    after = [before[0], (before[1][0], given("001", None, 0.0, failed="question_invalid", retrieved=0))]

    assert compare(before, after).differences["R@1"].after == 0.5


def test_a_run_with_an_id_twice_is_refused_whichever_it_is() -> None:
    once, twice = run(2, of=2), [*run(2, of=2), run(1, of=1)[0]]

    with pytest.raises(QuestionsInvalid, match="改动之前第 3 题：id 000 重复，已见于 改动之前第 1 题"):
        compare(twice, once)
    with pytest.raises(QuestionsInvalid, match="改动之后第 3 题"):
        compare(once, twice)


def test_failures_that_are_known_are_told_from_new_ones() -> None:
    found = compare(run(98), run(96), known={"097", "098", "099", "001"})

    assert found.unexpected == ("096",)
    assert found.mended == ("001",)
    assert compare(run(98), run(96)).unexpected == ()


@pytest.mark.parametrize(
    "other",
    [
        run(5, of=9),
        [*run(5, of=9), (asked("x", "甲"), given("x", "甲", 0.9))],
        [*run(5, of=9), (asked("009", "丙"), given("009", "甲", 0.9))],
    ],
)
def test_runs_over_other_questions_are_not_compared(other: list[Labelled]) -> None:
    with pytest.raises(QuestionsInvalid, match="题目不同"):
        compare(run(5, of=10), other)


def test_a_question_that_is_twice_in_a_run_is_refused_with_both_lines() -> None:
    first, second = run(1, of=2)
    lines = [prediction.line(question) for question, prediction in (first, second, first)]

    with pytest.raises(QuestionsInvalid, match=r"后\.jsonl 第 4 行：id 000 重复，已见于 后\.jsonl 第 1 行"):
        read_labelled("".join([lines[0], "\n", *lines[1:]]), name="后.jsonl")


def test_a_file_of_known_failures_names_questions_whose_articles_were_held_out() -> None:
    assert known_ids("# 已知\nb#无答案\nc  # 换了说法\n\n 甲 乙 \n#d\n") == {"b#无答案", "c", "甲 乙"}


def test_a_ranking_of_documents_is_measured_as_in_the_report() -> None:
    asked = LabelledQuestion(id="1", question="问", relevant={"乙": 1, "丙": 2})
    # Two passages of a document that does not answer are one rank; of two that do, one came.
    came = tuple(Retrieved(document=name, score=1.0, holds=name == "乙") for name in ("甲", "甲", "乙"))
    given = Prediction(id="1", question="问", answer=None, confidence=0.0, retrieved=came)

    differences = compare([(asked, given)], [(asked, given)]).differences
    told = report([asked], [given])["retrieval"]

    assert differences["MRR@10"].before == told["MRR@10"] == 0.5
    assert differences["R@1"].before == told["R@1"] == 0.0
