from __future__ import annotations

import math

import pytest

from qa.ranking.coverage import coverage, rarity


def test_a_term_that_fewer_passages_hold_weighs_more() -> None:
    weights = rarity(["甲乙", "丙丁"], passages=["甲乙丙丁", "甲乙", "甲乙"])

    assert weights["甲乙"] == pytest.approx(math.log(1 + 4 / 3.5))
    assert weights["丙丁"] == pytest.approx(math.log(1 + 4 / 1.5))


def test_coverage_counts_what_only_the_context_holds_half() -> None:
    weights = {"甲乙": 1.0, "丙丁": 3.0}

    assert coverage("甲乙在此", context="丙丁在前，甲乙在此", weights=weights) == pytest.approx(
        (1 + 3 / 2) / 4
    )


def test_full_width_print_matches_a_narrow_question() -> None:
    assert coverage("增长１７％", context="", weights={"17": 2.0}) == 1.0


def test_a_question_without_terms_is_covered_by_nothing() -> None:
    assert coverage("任何句子", context="", weights={}) == 0.0
