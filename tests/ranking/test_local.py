"""市委书记 in the paper of another city is not the one that is asked for."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.local import Local, asked_local, home_of, is_elsewhere

PAGE = (
    "青阳市安全生产会议召开。全市各县市区、青阳市直单位参加。\n青 阳市城市管理局：全市城市供水。"
    "白河市客人来访，青阳市长作陪。"
)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("青阳市委书记是谁？", Local("青阳", "市")),
        ("青阳市市长叫什么名字？", Local("青阳", "市")),
        ("谁是江东省白河市文物局局长？", Local("白河", "市")),
        ("今年市委书记是谁？", None),
        ("公司董事长是谁？", None),
        ("青阳市长参加了什么会议？", None),
    ],
)
def test_whose_office_is_asked_for(question: str, asked: Local | None) -> None:
    assert asked_local(question) == asked


@pytest.mark.parametrize(
    ("page", "home"),
    [
        (PAGE, "青阳"),
        ("全市城市管理，全市城市供水，全市城市供电，全市城市绿化。", None),
        ("青阳市与白河市、青阳市与白河市、青阳市与白河市、青阳市与白河市。", None),
        ("青阳市来客。", None),
        ("", None),
    ],
)
def test_a_page_is_of_the_place_that_it_names_most(page: str, home: str | None) -> None:
    assert home_of(page, "市") == home


@pytest.mark.parametrize(
    ("passage", "article", "home", "elsewhere"),
    [
        ("6月25日，市委书记刘某调研。", "", "白河", True),
        ("6月25日，市委书记刘某调研。", "", "青阳", False),
        ("6月25日，市委书记刘某调研。", "", None, False),
        ("6月25日，市委书记刘某调研。", "青阳客人", "白河", False),
        ("6月25日，县委书记刘某调研。", "", "白河", False),
        ("6月25日，白河市委书记刘某调研。", "", "白河", False),
        ("6月25日，刘某调研。", "", "白河", False),
    ],
)
def test_an_office_without_a_place_is_that_of_its_paper(
    passage: str, article: str, home: str | None, elsewhere: bool
) -> None:
    start = passage.index("刘某")
    asked = Local("青阳", "市")

    found = is_elsewhere(
        asked, passage, Span(start, start + 2), article=article, home={"市": home}.__getitem__
    )

    assert found is elsewhere
