"""The text blocks of a page, and what the print between and around them says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.domain.traced import TracedText
from qa.text.blocks import Block, Role, blocks, level_of, role_of
from qa.text.places import (
    CAPTION_LENGTH,
    Page,
    announces,
    column_width,
    is_broken_off,
    is_headline,
    page_of,
    stretch,
)
from qa.text.reading_signs import Stretch
from tests.text.local_news import BEES, CANTEEN, CLINIC, FIRE


def block(text: str) -> Block:
    return Block(role=role_of(text), traced=TracedText.whole(text, source_id="版"), level=level_of(text))


def page(*printed: str) -> Page:
    """A page of these blocks, furniture and all, as it would be divided."""
    return page_of(blocks(TracedText.whole("\n\n".join(printed), source_id="版")))


def shape(found: Page) -> list[tuple[list[str], str, list[str]]]:
    return [(texts(each.above), each.block.text.strip(), texts(each.credits)) for each in found.places]


def texts(found: Sequence[Block]) -> list[str]:
    return [each.text.strip() for each in found]


def stretches(*printed: str) -> list[Stretch]:
    places = page(*printed).places
    return [stretch(each, following=below) for each, below in zip(places, [*places[1:], None], strict=True)]


def test_headings_and_a_byline_stand_above_the_text_below_them() -> None:
    found = page("冬灌进行时", FIRE[0], "本报记者 康桂芳", FIRE[1], FIRE[2], CLINIC[0], CLINIC[1])

    assert shape(found) == [
        (["冬灌进行时", FIRE[0], "本报记者 康桂芳"], FIRE[1], []),
        ([], FIRE[2], []),
        ([CLINIC[0]], CLINIC[1], []),
    ]
    assert found.below == ()


def test_a_byline_below_a_text_names_who_wrote_it() -> None:
    found = page(BEES[1], "记者 张慧 宋小宇", CANTEEN[0], CANTEEN[1])

    assert shape(found) == [
        ([], BEES[1], ["记者 张慧 宋小宇"]),
        ([CANTEEN[0]], CANTEEN[1], []),
    ]


def test_a_byline_at_the_foot_of_a_page_is_a_credit() -> None:
    assert shape(page(BEES[1], "本报记者 郝光明")) == [([], BEES[1], ["本报记者 郝光明"])]


@pytest.mark.parametrize(
    "byline", ["本报记者 郝光明", "□ 本报记者 郝光明", "本报评论员", "新华社记者 李建国"]
)
def test_the_papers_own_byline_between_two_texts_stands_over_the_second(byline: str) -> None:
    assert shape(page(BEES[1], byline, CANTEEN[1])) == [([], BEES[1], []), ([byline], CANTEEN[1], [])]


def test_a_reporter_between_two_texts_closes_the_first() -> None:
    found = page(BEES[1], "记者 张慧", CANTEEN[1])

    assert shape(found) == [([], BEES[1], ["记者 张慧"]), ([], CANTEEN[1], [])]


def test_a_credit_and_a_byline_between_two_texts_belong_to_one_each() -> None:
    found = page(BEES[1], "张昊宇 武星星 摄", "本报记者 郝光明", CANTEEN[1])

    assert shape(found) == [
        ([], BEES[1], ["张昊宇 武星星 摄"]),
        (["本报记者 郝光明"], CANTEEN[1], []),
    ]


def test_a_mark_that_the_text_goes_on_elsewhere_stays_with_the_text_above() -> None:
    found = page(BEES[1], "（下转第4版）", CANTEEN[0], CANTEEN[1])

    assert shape(found) == [([], BEES[1], ["（下转第4版）"]), ([CANTEEN[0]], CANTEEN[1], [])]


def test_a_mark_that_the_text_began_elsewhere_stands_above_it() -> None:
    found = page(BEES[1], "（上接第1版）", CANTEEN[1])

    assert shape(found) == [([], BEES[1], []), (["（上接第1版）"], CANTEEN[1], [])]
    assert [each.marked for each in stretches(BEES[1], "（上接第1版）", CANTEEN[1])] == [False, True]


def test_headings_after_the_last_text_are_at_the_foot_of_the_page() -> None:
    found = page(BEES[1], BEES[0])

    assert shape(found) == [([], BEES[1], [])]
    assert texts(found.below) == [BEES[0]]


def test_a_page_without_text_keeps_its_headings() -> None:
    found = page(BEES[0], "本报记者 郝光明", FIRE[0])

    assert found.places == ()
    assert texts(found.below) == [BEES[0], "本报记者 郝光明", FIRE[0]]
    assert page() == Page(places=(), below=())


def test_the_print_of_a_text_tells_its_place_in_an_article() -> None:
    first, second, last = stretches(
        CLINIC[0],
        "本报记者 沈秋萍",
        CLINIC[1],
        CLINIC[2][:70],
        "公 告",
        "因道路施工，即日起封闭交通。\n2023年9月20日",
    )

    assert (first.opens, first.signed, first.closed, first.broken_off) == (True, True, False, False)
    assert (first.headings, first.heading.strip(), first.headline) == (1, CLINIC[0], False)
    assert (second.opens, second.headings, second.heading, second.headline) == (False, 0, "", False)
    assert second.broken_off
    assert (last.closed, last.announces, last.headline) == (True, True, True)
    assert [each.marked for each in (first, second, last)] == [False] * 3


@pytest.mark.parametrize(
    "end",
    ["（下转第4版）", "（于健）", "（记者 张慧）", "柳河县水务局 2023年9月22日"],
)
def test_a_text_is_closed_by_a_jump_a_credit_or_a_signature(end: str) -> None:
    (closed,) = stretches(BEES[1] + end)
    (open_,) = stretches(BEES[1])

    assert (closed.closed, open_.closed) == (True, False)


def test_a_text_is_closed_by_the_byline_below_it() -> None:
    assert [each.closed for each in stretches(BEES[1], "记者 张慧", CANTEEN[1])] == [True, False]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("会议强调，安全第一。", False),
        ("他说：“安全第一。”", False),
        ("（详见第二版。）", False),
        ("这是为什么？\n", False),
        ("要坚持农业农村优先", True),
        ("要坚持农业，", True),
        ("主要有：", True),
        ("会议（由市长主持）", True),
    ],
)
def test_a_text_is_broken_off_where_no_sentence_ends(text: str, broken: bool) -> None:
    assert is_broken_off(text) is broken


def test_what_a_photographer_signed_is_a_caption() -> None:
    below, inside, text = stretches(
        "9月20日，反诈宣传活动走进城关小学。",
        "张昊宇 武星星 摄",
        "近日，和顺县南天池村满目青翠。\n张耀宇 摄",
        BEES[1],
    )

    assert (below.caption, inside.caption, text.caption) == (True, True, False)


def test_a_long_text_with_a_photographers_credit_is_no_caption() -> None:
    (text,) = stretches("".join(BEES[1:3]), "张昊宇 摄")

    assert len(text.text) > CAPTION_LENGTH
    assert not text.caption


@pytest.mark.parametrize(
    "heading",
    [
        "公告",
        "公 告",
        "公　　告",
        "遗失声明",
        "寻 亲 启 事",
        "## 声明",
        "拍卖公告",
        "更正",
        "市水务局关于停水的通知",
    ],
)
def test_the_name_of_a_notice_announces_it_however_widely_it_is_spaced(heading: str) -> None:
    assert announces(heading)


@pytest.mark.parametrize("heading", ["市中医院开设夜间门诊", "通知书送到家门口", "声明书引出的官司", ""])
def test_other_headings_announce_nothing(heading: str) -> None:
    assert not announces(heading)


@pytest.mark.parametrize(
    ("headings", "headline"),
    [
        ((), False),
        (("全市域推动",), False),
        (("二十四字" * 6,), False),
        (("二十四字" * 6 + "多",), True),
        (("真抓实干", "晋中有看头"), True),
        (("## 声明书",), True),
        (("### 弘扬精神",), False),
        (("公　告",), True),
    ],
)
def test_headings_are_set_like_a_headline_or_like_a_subheading(
    headings: tuple[str, ...], headline: bool
) -> None:
    assert is_headline([block(each) for each in headings]) is headline


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("会议指出，今年是\n建设农业强国的起\n步之年，要坚持农\n业优先。", 8),
        ("会议指出，今年是\n建设农业强国的起\n步之年。", 0),
        ("会 议 指 出， 今 年 是\n建设农业强国的起\n投资2023亿元\n步之年，要坚持农\n优先。", 8),
        ("会议指出，今年是建设农业强国的起步之年。", 0),
        ("", 0),
    ],
)
def test_a_column_is_as_wide_as_its_middle_line_where_it_has_four(text: str, width: float) -> None:
    assert column_width(text) == width


def test_blocks_keep_their_order_and_none_is_lost() -> None:
    printed = [
        FIRE[0],
        "本报记者 高翔",
        FIRE[1],
        "防范未然",
        FIRE[2],
        "（下转第2版）",
        CLINIC[0],
        CLINIC[1],
        BEES[0],
    ]
    found = page(*printed)
    kept = [each for place in found.places for each in (*place.above, place.block, *place.credits)]

    assert texts([*kept, *found.below]) == printed
    assert [each.block.role for each in found.places] == [Role.BODY] * 3
