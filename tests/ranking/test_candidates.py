from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.answer_kind import AnswerKind
from qa.ranking.candidates import candidates, nearest
from qa.ranking.question import terms


def found(sentence: str, kind: AnswerKind, units: str = "") -> list[str]:
    return [sentence[s.start : s.end] for s in candidates(sentence, kind=kind, units=units)]


def test_numbers_come_with_their_units() -> None:
    sentence = "现场签约20份战略合作协议，引进投资总额约30亿元，面积5217.08平方米，增长17%。"
    assert found(sentence, AnswerKind.NUMBER) == ["20份", "约30亿元", "5217.08平方米", "17%"]


def test_only_numbers_of_the_wanted_unit_are_candidates() -> None:
    assert found("现场签约20份协议，交易额26亿元。", AnswerKind.NUMBER, "份") == ["20份"]


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("大会于2026年6月29日召开，会期一天。", ["2026年6月29日"]),
        ("截至2022年12月底，3个专业镇", ["2022年12月底"]),
        ("9月4日、9月11日接访", ["9月4日", "9月11日"]),
    ],
)
def test_dates_are_found_whole(sentence: str, dates: list[str]) -> None:
    assert found(sentence, AnswerKind.DATE) == dates


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        ("6月25日，市委书记刘星在太谷区调研。", ["刘星"]),
        ("山西阳光益佳爱心总队带头人张小义。", ["张小义"]),
        ("市领导张鹏、韩军参加。", ["张鹏、韩军"]),
        ("市委书记关于安全生产的要求", []),
    ],
)
def test_people_stand_behind_their_office(sentence: str, people: list[str]) -> None:
    assert found(sentence, AnswerKind.PERSON) == people


def test_the_candidate_nearest_to_the_words_of_the_question_wins() -> None:
    sentence = "一类1980元、二类1880元、三类1780元。"
    spans = list(candidates(sentence, kind=AnswerKind.NUMBER, units="元"))

    best = nearest(sentence, spans=spans, terms=terms("二类是多少？"))

    assert best is not None
    assert sentence[best.start : best.end] == "1880元"


def test_without_candidates_there_is_no_nearest() -> None:
    assert nearest("没有数字。", spans=[], terms=("数字",)) is None


def test_equals_go_to_the_first() -> None:
    assert nearest("3个4个", spans=[Span(0, 2), Span(2, 4)], terms=()) == Span(0, 2)
