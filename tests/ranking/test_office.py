"""A deputy does not answer who holds the office."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.office import is_beside

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

    assert is_beside(question, PASSAGE, Span(start, start + len(name))) is beside


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("太原市市长是谁？", "太原市长张某"),
        ("县长是谁？", "目前县长张某"),
        ("局长是谁？", "时代局长张某"),
    ],
)
def test_the_end_of_another_word_makes_no_office_a_former_one(question: str, passage: str) -> None:
    assert not is_beside(question, passage, Span(len(passage) - 2, len(passage)))
    assert is_beside(question, f"原{passage[2:]}", Span(len(passage) - 3, len(passage) - 1))
