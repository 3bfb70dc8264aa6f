"""A page's own dates are told from those it remembers or plans, and give the year to days without one."""

from __future__ import annotations

from datetime import date

import pytest

from qa.domain.traced import TracedText
from qa.text.dates import KnownDate, day_of, days_before, in_digits, known_dates, nearest


def known(text: str) -> list[date]:
    return [each.day for each in known_dates(TracedText.whole(text, source_id="甲"))]


def days(*found: date) -> list[KnownDate]:
    return [KnownDate(day=day, places=()) for day in found]


def test_full_dates_are_known_with_where_they_stand() -> None:
    text = "太原市信访局\n2023 年 9\n月 22 日"

    (found,) = known_dates(TracedText.whole(text, source_id="甲"))

    assert found.day == date(2023, 9, 22)
    assert text[found.places[0].span.start : found.places[0].span.end] == "2023 年 9\n月 22 日"


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("自2023 年 1 月 1 日起施行。", [date(2023, 1, 1)]),
        ("2 0 2 3 年 1 月 2 8 日", [date(2023, 1, 28)]),
        # A month without a day is often of a year before; but it tells that older days are past.
        ("截至2022年12月底", []),
        ("2022年2月26日捡到。2023年5月以来", []),
        ("到2025年6月，超过30个。2023年9月22日", [date(2023, 9, 22)]),
        ("2025年6月底前完成", []),
        ("1936年10月21日，红军会师。2019年10月15日讯", [date(2019, 10, 15)]),
        ("1975年5月27日首次登顶。2020珠峰高程测量登山队2022年出发。", []),
        ("2022年4月26日捡到。2023年全年", []),
        # Around a new year both years are the page's own.
        ("2022年12月30日。2023年1月3日", [date(2022, 12, 30), date(2023, 1, 3)]),
        # Years in which plans end tell nothing of today.
        ("到2035年，2030年基本实现。2023年2月3日", [date(2023, 2, 3)]),
        ("2023年2月30日", []),
        ("", []),
    ],
)
def test_only_dates_of_the_time_of_the_page_are_known(text: str, dates: list[date]) -> None:
    assert known(text) == dates


@pytest.mark.parametrize(
    ("month", "day", "of", "found"),
    [
        ("2", "3", [], None),
        ("2", "3", [date(2023, 1, 1)], date(2023, 2, 3)),
        ("9", "21", [date(2025, 6, 15)], None),
        ("12", "30", [date(2022, 12, 31), date(2023, 1, 1)], date(2022, 12, 30)),
        ("12", "30", [date(2023, 1, 1)], date(2022, 12, 30)),
        ("1", "2", [date(2022, 12, 31)], date(2023, 1, 2)),
        # Further from the turn of the year it would be a guess.
        ("11", "20", [date(2023, 1, 1)], None),
        ("1", "4", [date(2022, 4, 26)], None),
        ("2", "29", [date(2023, 3, 1), date(2024, 3, 1)], date(2024, 2, 29)),
    ],
)
def test_a_day_gets_the_year_of_the_nearest_known_date(
    month: str, day: str, of: list[date], found: date | None
) -> None:
    named = nearest(month, day, known=days(*of))

    assert (named.day if named else None) == found


def test_a_day_that_does_not_exist_is_none() -> None:
    assert day_of("2023", "2", "29") is None
    assert day_of("2024", "2", "2 9") == date(2024, 2, 29)
    assert day_of("2023", "13", "1") is None


def test_a_day_without_its_month_is_the_last_one() -> None:
    assert days_before(date(2023, 3, 2), "28") == date(2023, 2, 28)
    assert days_before(date(2023, 3, 2), "2") == date(2023, 3, 2)
    assert days_before(date(2023, 3, 2), "10") is None


@pytest.mark.parametrize(
    ("number", "digits"), [("二〇二三", "2023"), ("十", "10"), ("二十三", "23"), ("廿三", "23"), ("九", "9")]
)
def test_han_numbers_are_read(number: str, digits: str) -> None:
    assert in_digits(number) == digits


PAST = "2022年，大道建成通车。今年，加快建设。截至2022年底，有博物馆98座。"


def test_a_page_that_tells_its_year_gives_it_to_its_days() -> None:
    text = "本报讯 1月4日，大会召开。" + PAST

    found = nearest("1", "4", known=known_dates(TracedText.whole(text, source_id="甲")))

    assert found is not None
    assert found.day == date(2023, 1, 4)
    assert [text[at.span.start : at.span.end] for at in found.places] == ["2022"]


def test_days_are_known_in_full_width_as_in_half_and_stand_where_they_are_printed() -> None:
    text = "会议于２０２３年２月２０日召开，２月２１日闭幕。"

    [day] = known_dates(TracedText.whole(text, source_id="甲"))

    assert day.day == date(2023, 2, 20)
    assert [text[at.span.start : at.span.end] for at in day.places] == ["２０２３年２月２０日"]
    told = str.maketrans("0123456789", "０１２３４５６７８９")
    assert known("1月4日。".translate(told) + PAST.translate(told)) == known("1月4日。" + PAST)


@pytest.mark.parametrize(
    ("full", "dates"),
    [
        ("2022年4月26日捡到。", [date(2022, 4, 26), date(2023, 1, 4)]),
        # A full date of the same time a year before: which of the two is today?
        ("2022年1月3日召开。", [date(2022, 1, 3)]),
        ("2022年1月3日召开。2023年1月3日闭幕。", [date(2023, 1, 3), date(2023, 1, 4)]),
        # A year later than the one that is told.
        ("2025年1月3日召开。", [date(2025, 1, 3)]),
    ],
)
def test_full_dates_go_before_what_is_told(full: str, dates: list[date]) -> None:
    assert known("1月4日。" + PAST + full) == dates
