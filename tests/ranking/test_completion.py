"""An answer is completed to its unit and its marks, and never loses or gains another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.spans import Span
from qa.ranking.completion import completed


def complete(passage: str, answer: str) -> str:
    start = passage.index(answer)
    span = completed(passage, Span(start, start + len(answer)))
    return passage[span.start : span.end]


@pytest.mark.parametrize(
    ("passage", "taken", "answer"),
    [
        ("总投资36.5亿元的项目", "36.5", "36.5亿元"),
        ("总投资36.5亿元的项目", "5亿元", "36.5亿元"),
        ("总投资36.5亿元的项目", "36.5亿", "36.5亿元"),
        ("总投资3.5万亿元", "3.5万", "3.5万亿元"),
        ("近80万重症患者", "近80万", "近80万"),
        ("平均面积1050平方米。", "1050", "1050平方米"),
        ("二类20.2元、三类19.1元", "20.2元、", "20.2元"),
        ("自2023年1月1日起", "2023年1月1日", "2023年1月1日"),
        ("占比达到17％以上", "17", "17％以上"),
        ("参加NBA比赛", "BA", "NBA"),
        ("由刘星主持，", "刘星", "刘星"),
        ("近80万重症患者", "80万", "近80万"),
        ("将近三成，超过20人到场", "20人", "超过20人"),
        ("每批不超过7天", "7天", "不超过7天"),
        ("要达到30个以上。", "30个", "30个以上"),
        ("附近80万人", "80万人", "80万人"),
        ("签约20家企业", "20家", "20家"),
        ("面积1,050平方米", "050平方米", "1,050平方米"),
        ("面积1,050平方米", "1", "1,050平方米"),
        ("面积１０５０平方米", "０５", "１０５０平方米"),
        ("投资２０．２亿元", "２０", "２０．２亿元"),
        ("投资２０．２亿元", "２亿元", "２０．２亿元"),
        ("面积１，０５０亩", "０５０", "１，０５０亩"),
        ("1．2015年开工", "2015", "2015年"),
        ("1.2015年开工", "2015年", "2015年"),
    ],
)
def test_a_number_comes_whole_with_its_unit(passage: str, taken: str, answer: str) -> None:
    assert complete(passage, taken) == answer


@pytest.mark.parametrize(
    ("passage", "taken"),
    [
        ("编号5，人们说", "5"),
        ("得分为3，个人最好", "3"),
        ("气温25，天气晴", "25"),
        ("在2023,次年", "2023"),
        ("强度18,000 psi", "18,000"),
    ],
)
def test_a_mark_behind_a_number_is_no_part_of_it(passage: str, taken: str) -> None:
    assert complete(passage, taken) == taken


@pytest.mark.parametrize(
    ("passage", "taken", "answer"),
    [
        ("以“四抓四促”为抓手", "“四抓四促", "“四抓四促”"),
        ("以“四抓四促”为抓手", "四抓四促”", "“四抓四促”"),
        ("以“四抓四促”为抓手", "四抓四促", "四抓四促"),
        ("获《中国标准书号》证", "《中国标准书号", "《中国标准书号》"),
        ("他说“好", "“好", "好"),
        ("设有甲（含乙）和丙", "甲（含乙", "甲（含乙）"),
        ("“甲”和“乙”", "甲”和“乙", "甲”和“乙"),
        ("读《论语》《大学中庸》", "《论语》《大学", "《论语》《大学"),
        ("读《大学中庸》《论语》", "中庸》《论语》", "中庸》《论语》"),
    ],
)
def test_marks_come_in_pairs_where_the_other_stands_beside(passage: str, taken: str, answer: str) -> None:
    assert complete(passage, taken) == answer


def test_marks_of_the_sentence_around_do_not_belong_to_the_answer() -> None:
    assert complete("会议由金湘军主持，随后", "，随后") == "随后"
    assert complete("好。", "。") == "。"


@given(st.text(alphabet="甲乙12.“”《》（），。 a元年", min_size=1, max_size=30), st.data())
def test_a_span_stays_within_the_passage_and_completing_again_changes_little(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    span = completed(text, Span(start, end))

    assert 0 <= span.start < span.end <= len(text)
