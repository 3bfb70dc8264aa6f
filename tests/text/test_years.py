"""The year of a page without a date is told by two kinds of evidence that agree, or stays unknown."""

from __future__ import annotations

from datetime import date

import pytest

from qa.text.years import year_of

CONTRAST = "2022年,市委推动太\n\n忻大道建成通车,互联互通迈出坚实步伐。今年,我们将加快建设。"
AWARD = "这一案例入选“中国改革2022年度地方全面深化改革典型案例”。"
LAST_SPRING = "刘秀兰于2022年4月26日捡到一名女婴。"
FIGURES = "2022年，全市生产总值比上年增长4.4%。"
YEAR_END = "截至2022年底，全市有博物馆98座。"
OF_JANUARY = "本报讯 1月4日，市医保中心传来消息。"


def year(*told: str) -> int | None:
    found = year_of("\n".join(told))
    return found.year if found else None


@pytest.mark.parametrize(
    "told",
    [
        (CONTRAST, AWARD),
        (CONTRAST, LAST_SPRING),
        (AWARD, LAST_SPRING),
        (FIGURES, YEAR_END),
        (CONTRAST, AWARD, LAST_SPRING, FIGURES, YEAR_END),
        ("去年（2022年）全市增长。",),
        ("今年（2023年）全市增长。",),
        # Years in which plans and ranges end tell nothing of today.
        (CONTRAST, AWARD, "《规划（2022-2035年）》提出，到2025年建成。"),
        # A letter-spaced year.
        ("2 0 2 2 年，建成通车。今年，加快建设。", AWARD),
    ],
)
def test_what_is_told_as_past_says_the_year(told: tuple[str, ...]) -> None:
    assert year(OF_JANUARY, *told) == 2023


@pytest.mark.parametrize(
    "told",
    [
        (),
        # One kind is thin, be it told twice.
        (CONTRAST,),
        (FIGURES, FIGURES),
        # Kinds that disagree.
        (CONTRAST, AWARD, "截至2021年底，有90座。"),
        ("去年（2022年）增长。", "今年（2022年）增长。"),
        # The page tells of a later year.
        (CONTRAST, AWARD, "2024年，大会开幕。"),
        # What is planned is not past.
        (CONTRAST, "到2022年4月26日全部完成。"),
        (CONTRAST, "2022年4月26日前完成。"),
        (AWARD, "2022年，预计比上年增长。"),
    ],
)
def test_what_is_thin_or_disagrees_says_nothing(told: tuple[str, ...]) -> None:
    assert year(OF_JANUARY, *told) is None


def test_awards_tell_the_year_only_early_in_it() -> None:
    assert year("3月4日，大会召开。", AWARD, YEAR_END) == 2023
    assert year("9月4日，大会召开。", AWARD, YEAR_END) is None


def test_in_december_the_year_itself_is_looked_back_on() -> None:
    assert year("11月12日，大会召开。", CONTRAST, FIGURES) == 2023
    assert year("12月12日，大会召开。", CONTRAST, FIGURES) is None


def test_a_page_around_a_new_year_is_of_no_known_year() -> None:
    assert year("12月31日，大会召开。1月1日闭幕。", FIGURES, YEAR_END) is None


def test_a_page_without_days_of_its_own_has_no_year() -> None:
    assert year("2023年1月4日召开。", FIGURES, YEAR_END) is None


def test_its_days_are_those_of_the_month_that_most_are_of() -> None:
    text = OF_JANUARY + "1月4日，1月3日，5月1日，1 月 3 1\n日。" + CONTRAST + AWARD

    found = year_of(text)

    assert found is not None
    assert found.days == (date(2023, 1, 3), date(2023, 1, 4), date(2023, 1, 31))
    assert text[found.span.start : found.span.end] == "2022"


def test_a_day_that_only_leap_years_have_is_left_out() -> None:
    found = year_of("2月29日，2月28日。" + CONTRAST + AWARD)

    assert found is not None
    assert found.days == (date(2023, 2, 28),)
