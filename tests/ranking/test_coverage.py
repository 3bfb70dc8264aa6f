from __future__ import annotations

import math

import pytest

from qa.ranking.coverage import coverage, held, rarity


def test_a_word_that_fewer_passages_hold_tells_more() -> None:
    weights = rarity({"甲乙": 1.0, "丙丁": 2.0}, passages=["甲乙丙丁", "甲乙", "甲乙"])

    assert weights["甲乙"] == pytest.approx(math.log(1 + 4 / 3.5))
    assert weights["丙丁"] == pytest.approx(2 * math.log(1 + 4 / 1.5))


def test_a_long_word_is_held_in_part() -> None:
    assert held("副市长", "市长张王杰") == 0.5
    assert held("市长", "市委") == 0.0
    assert held("市级专业镇", "认定了82个市级专业镇") == 1.0


def test_coverage_counts_what_only_the_context_holds_half() -> None:
    weights = {"甲乙": 1.0, "丙丁": 3.0}

    assert coverage(["甲乙在此"], context="丙丁在前，甲乙在此", weights=weights) == pytest.approx(
        (1 + 3 / 2) / 4
    )


def test_texts_cover_a_question_together() -> None:
    assert coverage(["甲乙在此", "丙丁在前"], weights={"甲乙": 1.0, "丙丁": 3.0}) == 1.0


def test_a_question_without_words_that_tell_is_covered_by_nothing() -> None:
    assert coverage(["任何句子"], weights={}) == 0.0
    assert coverage(["上"], weights={"上": 0.0}) == 0.0
