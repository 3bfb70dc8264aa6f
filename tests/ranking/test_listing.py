"""Lists come whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.spans import Span
from qa.ranking.listing import whole_list


def whole(passage: str, taken: str) -> str:
    start = passage.index(taken)
    span = whole_list(passage, Span(start, start + len(taken)))
    return passage[span.start : span.end]


RULES = "读者须知：一是凭证入馆；二是不得携带雨具、食品、宠物入内；三是保持阅览区安静等。本须知自一月起施行。"
ROOMS = "新馆设有少儿借阅室、地方文献室、报刊阅览室、自修室，方便读者使用。"
STEPS = "会议提出：（一）加强领导，明确责任。（二）强化监督。（三）严肃问责。散会。"


@pytest.mark.parametrize(
    "taken", ["一是凭证入馆", "凭证入馆；二是", "二是不得携带雨具", "一是凭证入馆；二是不得"]
)
def test_counted_items_come_from_the_first_to_the_end_of_the_last(taken: str) -> None:
    assert whole(RULES, taken) == "一是凭证入馆；二是不得携带雨具、食品、宠物入内；三是保持阅览区安静等"


def test_a_list_comes_without_the_words_that_announce_it() -> None:
    assert whole(RULES, "读者须知：一是凭证入馆；二是不得携带雨具").startswith("一是凭证入馆")
    assert whole(STEPS, "会议提出：（一）加强领导，明确责任").endswith("（三）严肃问责")


def test_items_counted_in_brackets_may_be_sentences() -> None:
    assert whole(STEPS, "（一）加强领导") == "（一）加强领导，明确责任。（二）强化监督。（三）严肃问责"


def test_items_between_marks_come_up_to_the_next_other_mark() -> None:
    assert whole(ROOMS, "地方文献室、报刊阅览室").endswith("报刊阅览室、自修室")
    assert whole(ROOMS, "少儿借阅室、地方文献室").endswith("、自修室")


def test_items_before_come_where_they_begin_behind_a_mark() -> None:
    passage = "获奖的有四个村：东庄、西庄、南庄、北庄，均在山区。"

    assert whole(passage, "南庄、北庄") == "东庄、西庄、南庄、北庄"


@pytest.mark.parametrize(
    ("passage", "taken"),
    [
        ("投资12.5亿元的项目开工。", "12.5亿元"),
        ("会议由李明主持。", "李明"),
        ("其中一是甲，没有别的。", "甲"),
        ("第三，要加强管理。", "要加强管理"),
        (STEPS, "加强领导"),
        (ROOMS, "地方文献室"),
    ],
)
def test_what_is_no_list_stays_as_it_was_taken(passage: str, taken: str) -> None:
    assert whole(passage, taken) == taken


@given(st.text(alphabet="甲乙、，。；一二三是（）1.2第", min_size=1, max_size=40), st.data())
def test_the_whole_holds_the_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    span = whole_list(text, Span(start, end))

    assert span.start <= start
    assert end <= span.end <= len(text)
