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


WAGES = (
    "剔除下列各项：一是加班加点工资；二是中班、夜班、高温的津贴；三是国家规定的福利待遇等。标准自一月起施行。"
)
CENTRES = "设置了党员活动中心、居民议事中心、便民服务中心、文化娱乐中心，方便居民办事。"
STEPS = "会议提出：（一）加强领导，明确责任。（二）强化监督。（三）严肃问责。散会。"


@pytest.mark.parametrize(
    "taken", ["一是加班加点工资", "加班加点工资；二是中班", "二是中班、夜班", "一是加班加点工资；二是中班"]
)
def test_counted_items_come_from_the_first_to_the_end_of_the_last(taken: str) -> None:
    assert whole(WAGES, taken) == "一是加班加点工资；二是中班、夜班、高温的津贴；三是国家规定的福利待遇等"


def test_items_counted_in_brackets_may_be_sentences() -> None:
    assert whole(STEPS, "加强领导") == "（一）加强领导，明确责任。（二）强化监督。（三）严肃问责"


def test_items_between_marks_come_up_to_the_next_other_mark() -> None:
    assert whole(CENTRES, "居民议事中心、便民服务中心").endswith("便民服务中心、文化娱乐中心")
    assert whole(CENTRES, "党员活动中心、居民议事中心").startswith("党员活动中心、")


def test_items_before_come_where_they_begin_behind_a_mark() -> None:
    passage = "专业镇有四个：太谷玛钢、祁县玻璃器皿、平遥牛肉、推光漆器，均在晋中。"

    assert whole(passage, "平遥牛肉、推光漆器") == "太谷玛钢、祁县玻璃器皿、平遥牛肉、推光漆器"


@pytest.mark.parametrize(
    ("passage", "taken"),
    [
        ("总投资36.5亿元的项目开工。", "36.5亿元"),
        ("会议由金湘军主持。", "金湘军"),
        ("其中一是甲，没有别的。", "甲"),
        ("第三，要加强管理。", "要加强管理"),
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
