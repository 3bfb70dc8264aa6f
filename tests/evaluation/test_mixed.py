"""EM and F1 of CMRC 2018, by hand."""

from __future__ import annotations

import pytest

from qa.evaluation.mixed import exact, longest_common_run, overlap, segments


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1963年", ["1963", "年"]),
        ("《人民日报》", ["人", "民", "日", "报"]),
        ("NBA All-Star 赛", ["nba", "allstar", "赛"]),
        ("36.5亿元", ["36.5", "亿", "元"]),
        ("3:2", ["32"]),
        ("", []),
    ],
)
def test_han_characters_count_one_by_one_and_the_rest_by_words(text: str, units: list[str]) -> None:
    assert segments(text) == units


def test_marks_do_not_count() -> None:
    assert exact("“1963年”。", ["1963年"]) == 1.0
    assert exact("1963年", ["1964年"]) == 0.0


def test_overlap_is_over_the_longest_run() -> None:
    # 被任为主教 is five, the guess eight, the answer five: 2 x 5 / 13.
    assert overlap("年被任为主教教区", ["被任为主教"]) == pytest.approx(10 / 13)


def test_characters_in_common_that_are_no_run_count_by_the_longest_one() -> None:
    # 甲乙 and 丙 are in common, but only two stand together: 2 x 2 / (4 + 4).
    assert overlap("甲乙丁丙", ["甲乙丙戊"]) == pytest.approx(0.5)


def test_the_best_of_several_answers_counts() -> None:
    assert overlap("太谷区", ["晋中市", "太谷"]) == pytest.approx(0.8)
    assert overlap("", ["太谷"]) == 0.0


def test_a_run_is_as_long_as_it_stands_in_both() -> None:
    assert longest_common_run("abcde", "xbcdz") == 3
    assert longest_common_run("", "a") == 0
