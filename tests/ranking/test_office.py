"""A deputy does not answer who holds the office, nor does one who holds another."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.office import holds_another

PASSAGE = "公司董事长孙某一行到访，副董事长李某、原总经理 王某参加，市委副书记、市长张某出席。"


@pytest.mark.parametrize(
    ("question", "name", "beside"),
    [
        ("公司的董事长是谁？", "李某", True),
        ("公司的董事长是谁？", "孙某", False),
        ("公司的副董事长是谁？", "李某", False),
        ("公司的总经理是谁？", "王某", True),
        ("原总经理是谁？", "王某", False),
        ("市长是谁？", "张某", False),
        ("谁参加了会见？", "李某", False),
        ("董事长和副董事长分别是谁？", "李某", False),
    ],
)
def test_an_office_beside_the_one_asked_for_is_told(question: str, name: str, beside: bool) -> None:
    start = PASSAGE.index(name)

    assert holds_another(question, PASSAGE, Span(start, start + len(name))) is beside


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("太原市市长是谁？", "太原市长张某"),
        ("县长是谁？", "目前县长张某"),
        ("局长是谁？", "时代局长张某"),
    ],
)
def test_the_end_of_another_word_makes_no_office_a_former_one(question: str, passage: str) -> None:
    assert not holds_another(question, passage, Span(len(passage) - 2, len(passage)))
    assert holds_another(question, f"原{passage[2:]}", Span(len(passage) - 3, len(passage) - 1))


MEETING = (
    "2月16日，市长张某与中建公司董事长 孙某会谈。省委常委、市委书记刘某讲话，市委副书记、代县长李某主持，"
    "校党委书记、校长黄某参加。原局长王某出任主席的消息也见报。"
)


@pytest.mark.parametrize(
    ("question", "holders"),
    [
        ("中建公司的董事长是谁？", "孙"),
        ("市长叫什么名字？", "张"),
        ("晋中市委书记是谁？", "刘"),
        # Of which body he is secretary is not said.
        ("书记是谁？", "刘黄"),
        ("谁担任市委副书记？", "李"),
        ("校长是哪位？", "黄"),
        ("谁是主席？", "王"),
        ("谁参加了市长主持的会议？", "张孙刘李黄王"),
    ],
)
def test_one_who_is_named_with_other_offices_does_not_hold_the_one_that_is_asked_for(
    question: str, holders: str
) -> None:
    starts = {name: MEETING.index(f"{name}某") for name in "张孙刘李黄王"}

    kept = [name for name, at in starts.items() if not holds_another(question, MEETING, Span(at, at + 2))]

    assert "".join(kept) == holders
