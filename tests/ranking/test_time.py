"""What time a question names, beside a reference date."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.calendar import RELATIVE, DayRange
from qa.ranking.time import BONUS, LAG, SUPPOSED, TOLD_LATER, AskedTime, asked_times

REFERENCE = date(2023, 3, 1)  # a Wednesday


def times(question: str) -> list[AskedTime]:
    return list(asked_times(question, reference=REFERENCE))


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2023年2月", "2023-02-01", "2023-02-28"),
        ("２０２３年２月２３日", "2023-02-23", "2023-02-23"),
        ("二〇二三年二月二十三日", "2023-02-23", "2023-02-23"),
        ("2024年2月29日", "2024-02-29", "2024-02-29"),
        ("2022年度", "2022-01-01", "2022-12-31"),
        ("2022年底", "2022-12-01", "2022-12-31"),
        ("2023年上半年", "2023-01-01", "2023-06-30"),
        ("2022年6月25日至28日", "2022-06-25", "2022-06-28"),
        ("2022年12月25日至1月3日", "2022-12-25", "2023-01-03"),
        ("2019至2021年", "2019-01-01", "2021-12-31"),
        ("2019年—2021年", "2019-01-01", "2021-12-31"),
        ("2019年以来", "2019-01-01", "2023-03-01"),
        ("2020年以前", "0001-01-01", "2019-12-31"),
        ("今年2月", "2023-02-01", "2023-02-28"),
        ("今年", "2023-01-01", "2023-12-31"),
        ("去年", "2022-01-01", "2022-12-31"),
        ("去年的第四季度", "2022-10-01", "2022-12-31"),
        ("前年", "2021-01-01", "2021-12-31"),
        ("明年", "2024-01-01", "2024-12-31"),
        ("本月", "2023-03-01", "2023-03-31"),
        ("上个月", "2023-02-01", "2023-02-28"),
        ("下个月", "2023-04-01", "2023-04-30"),
        ("上周", "2023-02-20", "2023-02-26"),
        ("昨天", "2023-02-28", "2023-02-28"),
        ("昨晚", "2023-02-28", "2023-02-28"),
        ("大前天", "2023-02-26", "2023-02-26"),
        ("2023-02-23", "2023-02-23", "2023-02-23"),
        ("２０２３．２．２３", "2023-02-23", "2023-02-23"),
        ("2023/2/3", "2023-02-03", "2023-02-03"),
        ("今日", "2023-03-01", "2023-03-01"),
        ("后天", "2023-03-03", "2023-03-03"),
        ("大后天", "2023-03-04", "2023-03-04"),
        ("下周", "2023-03-06", "2023-03-12"),
        ("上周五", "2023-02-24", "2023-02-24"),
        ("本周三", "2023-03-01", "2023-03-01"),
        ("下周一", "2023-03-06", "2023-03-06"),
        ("上个星期天", "2023-02-26", "2023-02-26"),
        ("这周日", "2023-03-05", "2023-03-05"),
        ("本月23日", "2023-03-23", "2023-03-23"),
        ("上月5日", "2023-02-05", "2023-02-05"),
        ("上个月的五号", "2023-02-05", "2023-02-05"),
        ("上月5日至8日", "2023-02-05", "2023-02-08"),
        ("上个月底", "2023-02-21", "2023-02-28"),
        ("下月上旬", "2023-04-01", "2023-04-10"),
        ("近三年", "2020-03-02", "2023-03-01"),
        ("最近五年", "2018-03-02", "2023-03-01"),
        ("过去三个月", "2022-12-02", "2023-03-01"),
        ("过去的两周", "2023-02-16", "2023-03-01"),
        ("近10天", "2023-02-20", "2023-03-01"),
        ("近半年", "2022-09-02", "2023-03-01"),
        ("近半个月", "2023-02-15", "2023-03-01"),
    ],
)
def test_a_time_of_a_told_year_has_its_days(question: str, first: str, last: str) -> None:
    (found,) = times(question)

    assert found.days == DayRange(first=date.fromisoformat(first), last=date.fromisoformat(last))
    assert found.year_told


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2月23日", "2023-02-23", "2023-02-23"),
        ("3月28号", "2023-03-28", "2023-03-28"),
        ("6月25日至28日", "2022-06-25", "2022-06-28"),
        ("6月25日-7月3日", "2022-06-25", "2022-07-03"),
        ("12月25日至1月3日", "2022-12-25", "2023-01-03"),
        ("5至8月", "2022-05-01", "2022-08-31"),
        ("十月份", "2022-10-01", "2022-10-31"),
        ("2月上旬", "2023-02-01", "2023-02-10"),
        ("2月底", "2023-02-21", "2023-02-28"),
        ("上半年", "2023-01-01", "2023-06-30"),
        ("第三季度", "2022-07-01", "2022-09-30"),
    ],
)
def test_without_a_year_it_is_the_latest_that_is_past_or_soon(question: str, first: str, last: str) -> None:
    (found,) = times(question)

    assert found.days == DayRange(first=date.fromisoformat(first), last=date.fromisoformat(last))
    assert not found.year_told


@pytest.mark.parametrize(
    "question",
    [
        *("2月30日", "2023年2月29日", "13月5日", "2023年2月31日", "0000年", "6月31日至7月2日"),
        *("上月30日", "本月8日至5日", "近0年", "近半天"),
    ],
)
def test_a_day_that_does_not_exist_is_named_and_has_no_days(question: str) -> None:
    (found,) = times(f"{question}开了什么会？")

    assert found.days is None
    assert found.told is None
    assert (found.span.start, found.span.end) == (0, len(question))


@pytest.mark.parametrize(
    "question",
    [
        *("", "近日", "日前", "最近", "12个月", "三年来", "80年代", "90后", "一带一路", "第十届", "23日"),
        *(
            "近几年",
            "最近一次",
            "历时近三年",
            "用了近三个月",
            "经过近三年",
            "接近两年",
            "近三年级的教室",
            "近三年时间建成",
        ),
        *("后天性", "今后天气", "雨后天晴", "天下周知"),
    ],
)
def test_what_names_no_time_has_none(question: str) -> None:
    assert times(question) == []


@pytest.mark.parametrize(
    ("question", "week"),
    [
        ("上周五台山来了多少游客？", "上周"),
        ("本周一直下雨吗？", "本周"),
        ("上周三个项目开工？", "上周"),
        ("上周三十人参加？", "上周"),
        ("上周日均客流是多少？", "上周"),
        ("本月初步核算的产值？", "本月"),
        ("本月3号线开通了吗？", "本月"),
        ("上周五次会议是谁主持的？", "上周"),
    ],
)
def test_the_beginning_of_another_word_is_no_day_of_a_week_or_month(question: str, week: str) -> None:
    (found,) = times(question)

    assert question[found.span.start : found.span.end] == week


@pytest.mark.parametrize(
    ("reference", "first"), [(date(2023, 3, 31), date(2023, 3, 1)), (date(2024, 3, 30), date(2024, 3, 1))]
)
def test_a_month_ago_is_at_most_the_last_day_of_that_month(reference: date, first: date) -> None:
    (found,) = asked_times("近一个月", reference=reference)

    assert found.days == DayRange(first=first, last=reference)


@pytest.mark.parametrize("question", ["上周五", "下周日", "上月31日", "下月1日", "近三年", "过去999天"])
@pytest.mark.parametrize("reference", [date.min, date(9999, 12, 1), date.max])
def test_at_the_ends_of_the_calendar_a_longer_relative_time_is_read_as_well(
    question: str, reference: date
) -> None:
    (found,) = asked_times(question, reference=reference)

    assert found.days is None or found.days.first <= found.days.last


def test_each_time_stands_where_it_is_printed() -> None:
    question = "会议去年2月23日开幕，3月1日闭幕吗？"

    assert [question[each.span.start : each.span.end] for each in times(question)] == [
        "去年2月23日",
        "3月1日",
    ]


def test_what_happened_at_a_time_is_printed_soon_after_it() -> None:
    (day,) = times("2023年2月23日")
    (year,) = times("2022年")

    assert day.told == DayRange(first=date(2023, 2, 23), last=date(2023, 2, 23) + timedelta(days=LAG))
    assert year.told == DayRange(first=date(2022, 1, 1), last=date(2023, 4, 2))


@pytest.mark.parametrize(
    ("question", "bonus"),
    [
        ("2023年2月23日开了什么会？", BONUS),
        ("2月23日开了什么会？", BONUS * SUPPOSED),
        ("2022年的产值是多少？", BONUS * TOLD_LATER),
        ("2022年关于陈醋的报道", BONUS),
        ("上半年的产值是多少？", BONUS * SUPPOSED * TOLD_LATER),
    ],
)
def test_a_time_counts_less_where_its_year_is_supposed_or_it_is_told_of_later(
    question: str, bonus: float
) -> None:
    (found,) = times(question)

    assert found.bonus == bonus


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)),
    st.dates(date(1900, 2, 1), date(2100, 1, 1)),
)
def test_a_full_date_is_that_day_whatever_the_reference(day: date, reference: date) -> None:
    (found,) = asked_times(f"{day.year}年{day.month}月{day.day}日", reference=reference)

    assert found.days == DayRange(first=day, last=day)


@given(st.text(alphabet="〇一二三十12390年月日至今去上个半初底的-以来前第季度旬近周过后天本", max_size=24))
def test_no_question_is_an_error(text: str) -> None:
    for each in times(text):
        assert each.span.start < each.span.end <= len(text)


def test_a_range_has_a_day() -> None:
    with pytest.raises(ValueError, match="ends"):
        DayRange(first=date(2023, 3, 1), last=date(2023, 2, 1))


@pytest.mark.parametrize("word", RELATIVE)
@pytest.mark.parametrize("reference", [date.min, date(9999, 12, 1), date.max])
def test_at_the_ends_of_the_calendar_a_relative_time_is_read_and_may_have_no_days(
    word: str, reference: date
) -> None:
    (found,) = asked_times(word, reference=reference)

    assert found.days is None or found.days.first <= found.days.last


@pytest.mark.parametrize("question", ["2023年0月", "2023年2月0日", "2023年0月5日", "2023-02-30", "2023-13-1"])
def test_a_month_or_day_that_there_is_not_has_no_days(question: str) -> None:
    (found,) = times(question)

    assert found.days is None


@pytest.mark.parametrize("question", ["2023-02-231", "2023.2.23.1", "2023-02/23"])
def test_figures_that_are_no_date_name_no_time(question: str) -> None:
    assert times(question) == []
