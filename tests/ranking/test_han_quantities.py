"""Numbers in Han numerals come whole; words that begin or end with such a character are left alone."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.completion import completed


def complete(passage: str, taken: str) -> str:
    start = passage.index(taken)
    span = completed(passage, Span(start, start + len(taken)))
    return passage[span.start : span.end]


@pytest.mark.parametrize(
    ("passage", "taken", "answer"),
    [
        ("投资三百五十万元建成", "三百", "三百五十万元"),
        ("投资三百五十万元建成", "五十万元", "三百五十万元"),
        ("投资三百万元建成", "三百万", "三百万元"),
        ("共一百二十户人家", "一百二十", "一百二十户"),
        ("约占百分之三十五。", "百分之三", "百分之三十五"),
        ("超过三百万元的项目", "三百万", "超过三百万元"),
        ("有十三个村庄", "十三", "十三个"),
        ("已达数十万亿元", "亿元", "数十万亿元"),
        ("来了几百名学生", "几百", "几百名"),
    ],
)
def test_a_number_comes_whole_with_its_unit(passage: str, taken: str, answer: str) -> None:
    assert complete(passage, taken) == answer


@pytest.mark.parametrize(
    ("passage", "taken"),
    [
        ("万一下雨就改期", "万"),
        ("全县百姓受益", "全县"),
        ("大家十分高兴", "大家"),
        ("千方百计增收", "千方"),
        ("统一人员安排", "统一"),
        ("于周三人民会堂", "周三"),
        ("观众人数百万", "百万"),
    ],
)
def test_other_words_are_not_gone_on_with(passage: str, taken: str) -> None:
    assert complete(passage, taken) == taken
