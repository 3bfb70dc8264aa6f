"""Each measure against a value worked out by hand."""

from __future__ import annotations

import math

import pytest

from qa.evaluation.measures import (
    RETRIEVAL,
    area_under_risk_coverage,
    auroc,
    bag_f1,
    exact,
    expected_calibration_error,
    folded,
    is_correct,
)


def test_folding_drops_punctuation_but_keeps_the_decimal_point() -> None:
    assert folded("约 ２０.2 元。（“每小时”）") == "约20.2元每小时"
    assert folded("增长 17 %、+3") == "增长17%+3"


def test_exact_compares_folded() -> None:
    assert exact("“两个确立”", ["两个确立"]) == 1.0
    assert exact("三个确立", ["两个确立"]) == 0.0


def test_bag_f1_counts_shared_characters() -> None:
    # shared 刘星 (2 characters) of 6 and 2: 2 * 2 / 8
    assert bag_f1("市委书记刘星", ["刘星", "无关"]) == pytest.approx(0.5)
    assert bag_f1("", ["刘星"]) == 0.0


@pytest.mark.parametrize(
    ("answer", "accepted", "right"),
    [
        ("月最低1980元", ["1980元"], True),
        ("11980元", ["1980元"], False),
        ("1.5亿元", ["5亿元"], False),
        ("字" * 15 + "刘星", ["刘星"], False),
        ("字" * 12 + "刘星", ["刘星"], True),
        ("", ["刘星"], False),
        ("刘星", [], False),
    ],
)
def test_correct_holds_the_answer_and_is_not_much_longer(
    answer: str, accepted: list[str], right: bool
) -> None:
    assert is_correct(answer, accepted) is right


def test_risk_coverage_of_a_known_order() -> None:
    # surest first: right, wrong, right -> risks 0, 1/2, 1/3
    assert area_under_risk_coverage([0.9, 0.2, 0.5], [True, True, False]) == pytest.approx(
        (0 + 1 / 2 + 1 / 3) / 3
    )
    assert area_under_risk_coverage([], []) is None


def test_calibration_error_is_weighted_by_bin() -> None:
    # bin 9: two at .95, one right -> |.95-.5| * 2/3; bin 0: one at .05, wrong -> .05 * 1/3
    error = expected_calibration_error([0.95, 0.95, 0.05], [True, False, False])
    assert error == pytest.approx(0.45 * 2 / 3 + 0.05 / 3)


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # pairs: (.9 > .5), (.5 = .5) -> (1 + 1/2) / 2
    assert auroc([0.9, 0.5, 0.5], [True, True, False]) == pytest.approx(0.75)
    assert auroc([0.9], [True]) is None


def test_retrieval_measures_of_the_first_relevant_rank() -> None:
    assert {name: of(3) for name, of in RETRIEVAL.items()} == {
        "R@1": 0.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "MRR@10": pytest.approx(1 / 3),
        "nDCG@10": pytest.approx(1 / math.log2(4)),
    }
    assert set(of(None) for of in RETRIEVAL.values()) == {0.0}
    assert RETRIEVAL["MRR@10"](11) == 0.0
