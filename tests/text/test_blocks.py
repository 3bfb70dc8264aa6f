"""Blocks of lines, and what each of them looks like by itself."""

from __future__ import annotations

import pytest

from qa.domain.traced import TracedText
from qa.text.blocks import Role, blocks, level_of, role_of, width


def found(page: str) -> list[tuple[Role, str]]:
    return [(block.role, block.text) for block in blocks(TracedText.whole(page, source_id="甲"))]


@pytest.mark.parametrize(
    ("block", "role"),
    [
        ("省委书记蓝佛安主持召开省委常委会会议", Role.HEADING),
        ("攻坚践初心 破难出政绩", Role.HEADING),
        ("——我省各地扎实开展学习教育", Role.HEADING),
        ("# 特色专业镇成为“山西实践样板”", Role.HEADING),
        ("如何推动高质量发展？", Role.HEADING),
        ("声明", Role.HEADING),
        ("会议还研究了其他事项。", Role.BODY),
        ("本报讯 大会开幕", Role.BODY),
        ("新华社北京2月16日电 大会开幕", Role.BODY),
        ("特此公告", Role.BODY),
        ("太原市信访局\n2023年9月22日", Role.BODY),
        ("联系电话:(0351)3586621", Role.BODY),
        ("1.接访时间：9月4日", Role.BODY),
        ("（一）总体要求", Role.BODY),
        ("居全国前三（下转第4版）", Role.BODY),
        ("以各种形式，", Role.BODY),
        ("中" * 61, Role.BODY),
        ("本报记者 郝光明", Role.BYLINE),
        ("□ 本报记者 康桂芳", Role.BYLINE),
        ("记者 张慧 宋小宇", Role.BYLINE),
        ("本报评论员", Role.BYLINE),
        ("张昊宇 武星星 摄", Role.BYLINE),
        ("本报通讯员 张耀宇 摄", Role.BYLINE),
        ("(上接第1版)", Role.JUMP_FROM),
    ],
)
def test_what_a_block_looks_like(block: str, role: Role) -> None:
    assert role_of(block) is role


@pytest.mark.parametrize("furniture", ["第10906期 今日8版", "责编:马龙"])
def test_what_a_page_prints_about_itself_is_furniture(furniture: str) -> None:
    assert found(f"{furniture}\n\n会议还研究了其他事项。") == [
        (Role.FURNITURE, f"{furniture}\n"),
        (Role.BODY, "会议还研究了其他事项。"),
    ]


def test_a_date_below_a_signature_is_no_furniture_and_one_in_a_masthead_is() -> None:
    page = "2023年9月22日 星期五\n\n因道路施工，即日起封闭交通。\n\n太原市交通局\n\n2023年9月20日"

    assert [role is Role.FURNITURE for role, _ in found(page)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("block", "level"),
    [("# 一", 1), ("###### 一", 6), ("####### 一", None), ("#一", None), ("一", None), ("#", None)],
)
def test_the_level_of_a_markdown_heading(block: str, level: int | None) -> None:
    assert level_of(block) == level


def test_a_line_is_as_wide_as_it_prints() -> None:
    assert width("大会2023") == 4.0
    assert width("") == 0.0


def test_blank_lines_divide_a_page() -> None:
    assert found("大会开幕\n\n \n会议结束。") == [(Role.HEADING, "大会开幕\n"), (Role.BODY, "会议结束。")]


def test_carriage_returns_belong_to_the_line_end() -> None:
    assert found("大会开幕\r\n\r\n会议结束。\r\n") == [
        (Role.HEADING, "大会开幕\r\n"),
        (Role.BODY, "会议结束。\r\n"),
    ]


def test_lines_of_a_column_stay_together() -> None:
    column = "会议指出，今年是建设农业强\n国的起步之年，全省各级党委\n要坚持农业农村优先发展。"

    assert found(column) == [(Role.BODY, column)]


def test_a_line_that_is_set_in_begins_a_paragraph() -> None:
    first = "会议指出，今年是建设农业强\n国的起步之年。\n"
    second = "　　会议强调，全省各级党委\n要坚持农业农村优先发展。"

    assert [text for _, text in found(first + second)] == [first, second]


def test_long_lines_are_paragraphs_each() -> None:
    page = "一" * 60 + "。\n" + "二" * 60 + "。"

    assert [text for _, text in found(page)] == ["一" * 60 + "。\n", "二" * 60 + "。"]


def test_a_byline_below_a_headline_stands_by_itself() -> None:
    assert found("晋中：积蓄后劲，让专业镇发展有看头\n本报记者 郝光明") == [
        (Role.HEADING, "晋中：积蓄后劲，让专业镇发展有看头\n"),
        (Role.BYLINE, "本报记者 郝光明"),
    ]


def test_a_sentence_that_a_column_cut_short_is_no_headline() -> None:
    page = "会议强调，安全第一。\n\n要坚持农业农村优先发展，坚决守牢底线\n\n扎实推进乡村发展。"

    assert [role for role, _ in found(page)] == [Role.BODY, Role.BODY, Role.BODY]


def test_an_empty_page_has_no_blocks() -> None:
    assert found("") == []
    assert found(" \n\r\n　\n") == []


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("（上接第1版）会议还研究了\n其他事项。\n", ["（上接第1版）", "会议还研究了\n其他事项。\n"]),
        (" (上接 A2 版)\r\n会议还研究了其他事项。", [" (上接 A2 版)\r\n", "会议还研究了其他事项。"]),
        (
            "大会在京开幕，代表三千\n人出席。\n（上接第1版）会议还研究\n了其他事项。",
            ["大会在京开幕，代表三千\n人出席。\n", "（上接第1版）", "会议还研究\n了其他事项。"],
        ),
    ],
)
def test_text_behind_the_mark_from_where_it_goes_on_is_a_block_of_its_own(
    page: str, blocks: list[str]
) -> None:
    assert [text for _, text in found(page)] == blocks
    assert [role for role, _ in found(page)][-2:] == [Role.JUMP_FROM, Role.BODY]


def test_a_byte_order_mark_is_in_no_block() -> None:
    assert found("\ufeff# 大会开幕\n\n\ufeff\n会议结束。") == [
        (Role.HEADING, "# 大会开幕\n"),
        (Role.BODY, "会议结束。"),
    ]
