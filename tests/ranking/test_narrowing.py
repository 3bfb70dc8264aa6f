"""An answer that holds more than was asked for is narrowed to what was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.spans import Span
from qa.ranking.narrowing import day_alone, number_alone, number_asked_for

WAGES = "调整为：一类1980元、二类1880元、三类1780元。小时标准同时提高：一类21.3元、二类20.2元、三类19.1元。"


def narrowed(question: str, passage: str, taken: str) -> str:
    start = passage.index(taken)
    span = number_asked_for(question, passage, Span(start, start + len(taken)))
    return passage[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "taken", "answer"),
    [
        ("二类小时标准是多少？", "一类21.3元、二类20.2元、三类19.1元", "20.2元"),
        ("一类月标准是多少？", "一类1980元、二类1880元、三类1780元", "1980元"),
        ("月标准是多少？", "一类1980元、二类1880元、三类1780元", "一类1980元、二类1880元、三类1780元"),
        (
            "一类和二类月标准是多少？",
            "一类1980元、二类1880元、三类1780元",
            "一类1980元、二类1880元、三类1780元",
        ),
    ],
)
def test_of_a_row_the_item_comes_that_the_question_names(question: str, taken: str, answer: str) -> None:
    assert narrowed(question, WAGES, taken) == answer


def test_a_label_is_known_by_its_end_and_the_longer_one_wins() -> None:
    passage = "全市生产总值增长5.3%，工业投资增长6.1%，投资增长4.8%。"

    assert narrowed("工业投资增长多少？", passage, "生产总值增长5.3%，工业投资增长6.1%") == "6.1%"
    assert narrowed("生产总值增长多少？", passage, "增长5.3%，工业投资增长6.1%") == "5.3%"


def test_an_item_whose_unit_is_not_known_is_not_cut_before_it() -> None:
    passage = "甲线长150米、乙线长20哩。"

    assert narrowed("乙线长多少？", passage, "甲线长150米、乙线长20哩") == "甲线长150米、乙线长20哩"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("平均面积现在是多少？", "1050平方米"),
        ("平均面积是多少？", "1050平方米"),
        ("平均面积原来是多少？", "71平方米"),
    ],
)
def test_of_what_was_and_what_is_the_one_comes_that_is_asked_for(question: str, answer: str) -> None:
    passage = "全区社区平均面积由之前的71平方米增加到现在的1050平方米。"

    assert narrowed(question, passage, passage[2:-1]) == answer


@pytest.mark.parametrize(
    ("question", "passage", "taken", "answer"),
    [
        (
            "平均面积现在是多少？",
            "平均面积由之前的71平方米增加到现在的1050平方米。",
            "之前的71平方米",
            "1050平方米",
        ),
        (
            "平均面积原来是多少？",
            "平均面积由之前的71平方米增加到现在的1050平方米。",
            "1050平方米",
            "71平方米",
        ),
        ("驻军现在有多少人？", "驻军将从现在的13000人降至8600人。", "13000人", "13000人"),
        ("利率是多少？", "利率由1996年的12%下调到7%。", "12%", "12%"),
        ("期限到哪年，有多少年？", "期限从2013年至2014年。", "2013年", "2013年"),
    ],
)
def test_of_one_number_the_other_comes_where_that_is_asked_for(
    question: str, passage: str, taken: str, answer: str
) -> None:
    assert narrowed(question, passage, taken) == answer


@pytest.mark.parametrize(
    ("question", "taken", "answer"),
    [
        ("每批最多几天？", "每批疗休养一般不超过7天(含报到日)", "7天"),
        ("每批最多多少天？", "疗休养7天、离会1天", "疗休养7天、离会1天"),
        ("有多少人参加？", "共120名代表和3个团体参加", "共120名代表和3个团体参加"),
        ("有多少名代表参加？", "代表120人，开会2天", "120人"),
        ("有几个村？", "设6个村", "设6个村"),
        ("投入多少万元？", "安排2项共30万元整", "30万元"),
        ("要花多少钱？", "每人收费50元起", "50元"),
        ("面积是多少？", "总面积约8平方米左右吧", "总面积约8平方米左右吧"),
    ],
)
def test_the_one_number_comes_that_counts_what_is_asked_for(question: str, taken: str, answer: str) -> None:
    assert narrowed(question, f"通知说，{taken}。", taken) == answer


@pytest.mark.parametrize(
    ("question", "taken", "answer"),
    [
        ("省外每人不超过多少元？", "6000元、平均每人每天不超过1000元", "6000元"),
        (
            "省外每人和每天各为多少元？",
            "6000元、平均每人每天不超过1000元",
            "6000元、平均每人每天不超过1000元",
        ),
        ("省外有多少人？", "6000元、平均每人每天不超过1000元", "6000元、平均每人每天不超过1000元"),
        ("每批多少人？", "100人的，不超过120人", "100人的，不超过120人"),
    ],
)
def test_of_several_numbers_that_are_asked_for_the_first_comes(
    question: str, taken: str, answer: str
) -> None:
    assert narrowed(question, f"省外每人不超过{taken}。", taken) == answer


@pytest.mark.parametrize(
    ("taken", "day"),
    [
        ("于2023年3月5日开幕", "2023年3月5日"),
        ("3月5日上午", "3月5日上午"),
        ("3月5日至8日", "3月5日至8日"),
        ("2023年3月", "2023年3月"),
        ("自3月5日起施行", "自3月5日起"),
        ("3月5日晚举行", "3月5日晚"),
        ("于3月5日前完成", "3月5日前"),
        ("3月5日在体育中心开幕", "3月5日在体育中心开幕"),
    ],
)
def test_a_day_comes_without_the_verb_behind_it(taken: str, day: str) -> None:
    passage = f"大会将{taken}。"
    span = day_alone(passage, Span(3, 3 + len(taken)))

    assert passage[span.start : span.end] == day


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ("共有读者58人", "58人"),
        ("一类3元、二类2元", "一类3元、二类2元"),
        ("58人到馆", "58人到馆"),
        ("每秒120米", "每秒120米"),
        ("最长6个月", "最长6个月"),
        ("为第58届", "为第58届"),
        ("要5~30元", "要5~30元"),
        ("长16至19米", "长16至19米"),
        ("去年全年到馆借阅的读者58人", "去年全年到馆借阅的读者58人"),
    ],
)
def test_a_number_comes_without_what_the_question_says_already(taken: str, number: str) -> None:
    span = number_alone(f"馆内{taken}。", Span(2, 2 + len(taken)))

    assert f"馆内{taken}。"[span.start : span.end] == number


@given(st.text(alphabet="甲乙类为12.、，由到元多少几天", max_size=30), st.data())
def test_a_narrowed_span_stays_within_the_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    span = number_asked_for("甲类有多少天？", text, Span(start, end))

    assert 0 <= span.start <= span.end <= len(text)
    assert span == Span(start, end) or span.start < span.end


def test_what_begins_another_word_is_no_unit() -> None:
    passage = "自2020年以来共有300名年轻人参加。"

    assert narrowed("有多少年轻人参加？", passage, "2020年以来共有300名年轻人参加") != "2020年"
