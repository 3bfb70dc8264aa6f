"""One text in two papers is one; two texts on one matter are two."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.near_identical import near_identical, same_place

AGENCY = (
    "新华社北京2月22日电 国务院办公厅日前印发《中医药振兴发展重大工程实施方案》，进一步加大“十四五”期间对"
    "中医药发展的支持力度，着力推动中医药振兴发展。方案统筹部署了8项重点工程，安排26个建设项目。方案要求，"
    "各地要加强组织领导，做好任务分解，确保如期完成建设目标。"
)
REPRINT = AGENCY.replace("新华社北京2月22日电 ", "据新华社电 ")


def test_a_text_that_two_papers_print_is_one() -> None:
    other = (
        "本报讯 省卫健委日前印发通知，要求各地贯彻落实《中医药振兴发展重大工程实施方案》，制定8项具体措施。"
    )
    assert near_identical([AGENCY, other, REPRINT], days=[None] * 3) == [[0, 2], [1]]


def test_line_ends_and_blanks_make_no_difference() -> None:
    spaced = "\n".join(AGENCY[at : at + 15] for at in range(0, len(AGENCY), 15))
    assert near_identical([spaced, AGENCY], days=[None] * 2) == [[0, 1]]


def test_what_is_said_again_a_week_later_or_in_a_few_words_is_another_report() -> None:
    days = [date(2023, 2, 22), date(2023, 2, 23), date(2023, 3, 1)]
    assert near_identical([AGENCY] * 3, days=days) == [[0, 1], [2]]
    assert near_identical(["今日天气晴。"] * 2, days=days[:2]) == [[0], [1]]


@pytest.mark.parametrize(
    ("printed", "again"),
    [
        ("26个建设项目", "28个建设项目"),  # another number in the midst
        ("国务院办公厅", "山西省办公厅"),  # another name in the midst
        ("如期完成建设目标。", "六月底完成。"),  # each has a number that the other has not
    ],
)
def test_a_notice_that_differs_in_a_name_or_a_number_is_another(printed: str, again: str) -> None:
    before = REPRINT.replace("据新华社电", "据新华社二月电") if "六月" in again else AGENCY
    assert near_identical([before, AGENCY.replace(printed, again)], days=[None] * 2) == [[0], [1]]


@given(st.lists(st.text(alphabet="市委书记是在的，。3 \n", max_size=40), max_size=12))
def test_every_text_is_in_one_group_and_the_groups_are_in_order(texts: list[str]) -> None:
    groups = near_identical(texts, days=[None] * len(texts))
    assert sorted(at for group in groups for at in group) == list(range(len(texts)))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    assert all(group == sorted(group) for group in groups)


def test_of_several_places_the_one_that_lies_as_before_is_meant() -> None:
    assert same_place("26个项目。方案有26个项目。", "26个", near=9) == 9
    assert same_place("26个项目。方案有26个项目。", "26个", near=1) == 0
    assert same_place("二十六个项目", "26个", near=0) is None
    assert same_place("二十六个项目", "", near=0) is None
