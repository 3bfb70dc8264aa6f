"""A masthead says which paper, day, issue and page it is, wherever its lines came out."""

from __future__ import annotations

from datetime import date

import pytest

from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.furniture import PageFacts, is_furniture
from qa.text.masthead import masthead_of


def told(*lines: str) -> PageFacts:
    return masthead_of([TracedText.whole(line, source_id="甲") for line in lines])


def test_a_whole_masthead_is_read() -> None:
    page = told("中共吕梁市委机关报 吕梁日报社出版", "2023年2月24日 星期五", "> 第10906期 今日8版", "第 4 版")

    assert (page.newspaper, page.issue, page.page) == ("吕梁日报", "10906", "4")
    assert page.published == date(2023, 2, 24)


def test_a_running_head_on_one_line_is_read() -> None:
    page = told("018 2020 年 1 月 10 日 星期五 平川晚报 城事")

    assert (page.newspaper, page.page, page.published) == ("平川晚报", "18", date(2020, 1, 10))


@pytest.mark.parametrize(
    "line",
    [
        "晋中日报 2023年2月23日 星期四 第1版",
        "**晋中日报\u30002023年2月23日\u3000星期四\u3000第１版**",
        "# 晋中日报 2023年2月23日 星期四 第1版",
    ],
)
def test_a_masthead_on_one_line_is_furniture_and_read(line: str) -> None:
    page = told(line)

    assert is_furniture(line)
    assert (page.newspaper, page.page, page.published) == ("晋中日报", "1", date(2023, 2, 23))


@pytest.mark.parametrize(
    ("line", "paper"),
    [
        ("清 源 晨 报", "清源晨报"),
        ("要闻 青阳日报 7版", "青阳日报"),
        ("晋中市主管主办 晋中日报", "晋中日报"),
        ("解放军报", "解放军报"),
        ("要闻 综合", None),
    ],
)
def test_the_name_of_the_paper(line: str, paper: str | None) -> None:
    assert told(line).newspaper == paper


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("1版", "1"),
        ("第4版", "4"),
        ("A02版", "A02"),
        ("版 4", "4"),
        ("08", "8"),
        ("今日8版", None),
        ("共16版", None),
    ],
)
def test_the_number_of_the_page(line: str, page: str | None) -> None:
    assert told("青阳日报", line).page == page


def test_numbers_that_count_something_are_no_page() -> None:
    assert told("青阳日报", "01", "02").page is None


def test_a_date_of_another_weekday_is_not_that_of_the_paper() -> None:
    assert told("青阳日报 星期五", "2023年2月23日").published is None
    assert told("青阳日报 星期五", "2023年2月24日").published == date(2023, 2, 24)


def test_a_date_without_a_masthead_is_not_that_of_the_paper() -> None:
    assert told("2023年9月22日").published is None


def test_two_dates_leave_the_day_unknown() -> None:
    assert told("青阳日报 2023年2月24日", "青阳日报 2023年2月25日").published is None


def test_a_month_alone_is_known_and_no_day() -> None:
    page = told("青阳日报", "2023年2月", "星期五")

    assert page.published is None
    assert [each.day for each in page.days] == [date(2023, 2, 15)]


def test_each_fact_has_its_place() -> None:
    line = "青 阳 日 报 2023年2月24日 星期五 第 10906 期 3版"

    page = told(line)

    def at(name: str) -> str:
        return "".join(line[p.span.start : p.span.end] for p in page.read_at[name])

    assert at("newspaper") == "青 阳 日 报"
    assert at("published") == "2023年2月24日"
    assert at("issue") == "第 10906 期"
    assert at("page") == "3版"
    assert page.read_at["newspaper"][0].span == Span(0, 7)


def test_nothing_told_is_nothing_known() -> None:
    assert told() == PageFacts()
