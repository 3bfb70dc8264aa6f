"""Fragments: what a column break cut off a text and left as short as a headline."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.domain.traced import TracedText
from qa.text.blocks import Block, Role, blocks
from qa.text.fragments import is_doubtful, with_fragments
from qa.text.gather import wording_of
from tests.shipped import page_model
from tests.text.local_news import BEES, CANTEEN, CLINIC, FIRE, MARATHON, RESERVOIR
from tests.text.pages import items


def page(*printed: str) -> list[Block]:
    return blocks(TracedText.whole("\n\n".join(printed), source_id="版"))


def found(printed: Sequence[Block]) -> list[Block]:
    return with_fragments(printed, wording_of(printed, page_model().language, page_model().manner))


def roles(*printed: str) -> list[Role]:
    return [each.role for each in found(page(*printed))]


def torn(text: str, fragment: str) -> tuple[str, str, str]:
    """A text before a stretch of it, that stretch, and what comes after."""
    before, middle, after = text.partition(fragment)
    assert before
    assert after
    return before, middle, after


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        (MARATHON[2], "还摆上了本地的红枣糕和米酒汤圆"),
        (CANTEEN[2], "请一家餐饮公司经营"),
        (FIRE[3], "高层建筑起火"),
        (CLINIC[1], "诊疗费不另外加收"),
        (RESERVOIR[1], "灌溉面积十二万"),
    ],
)
def test_a_short_piece_of_a_broken_sentence_is_text(text: str, fragment: str) -> None:
    before, middle, after = torn(text, fragment)

    assert page(before, middle, after)[1].role is Role.HEADING
    assert roles(before, middle, after) == [Role.BODY] * 3
    assert roles(before, middle, after, BEES[0], BEES[1])[:4] == [*[Role.BODY] * 3, Role.HEADING]


@pytest.mark.parametrize("story", [RESERVOIR, CLINIC, MARATHON, BEES, FIRE, CANTEEN])
def test_a_headline_below_a_text_that_broke_off_stays_a_headline(story: tuple[str, ...]) -> None:
    other = BEES if story is not BEES else FIRE
    broken = other[2][:71]

    assert roles(broken, story[0], story[1], other[2][71:]) == [
        Role.BODY, Role.HEADING, Role.BODY, Role.BODY,
    ]  # fmt: skip


@pytest.mark.parametrize("story", [RESERVOIR, CLINIC, MARATHON, BEES, FIRE, CANTEEN])
def test_a_subheading_below_a_whole_sentence_stays_one(story: tuple[str, ...]) -> None:
    assert roles(story[1], "还摆上了本地的红枣糕和米酒汤圆", story[2])[1] is Role.HEADING


def test_without_doubt_the_blocks_stay_as_they_are() -> None:
    printed = page(CLINIC[1], CLINIC[2])

    assert found(printed) == printed
    assert found([]) == []


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("高层建筑起火", True),
        ("## 高层建筑起火", False),
        ("起 火 了", False),
        ("高层建筑起火，切忌乘坐电梯。", False),
        ("本报记者 康桂芳", False),
    ],
)
def test_only_a_heading_that_nothing_marks_can_be_a_fragment(text: str, doubtful: bool) -> None:
    (block,) = page(text)

    assert is_doubtful(block) is doubtful


@pytest.mark.parametrize(
    ("story", "at", "fragment"),
    [
        (MARATHON, 2, "还摆上了本地的红枣糕和米酒汤圆"),
        (CANTEEN, 2, "请一家餐饮公司经营"),
        (FIRE, 3, "高层建筑起火"),
        (CLINIC, 1, "诊疗费不另外加收"),
        (RESERVOIR, 1, "灌溉面积十二万"),
        (RESERVOIR, 2, "筑起一道六十厘米厚的混凝土防渗墙"),
        (BEES, 2, "挨家挨户教大家分蜂、育王"),
    ],
)
def test_an_article_with_a_fragment_reads_as_if_nothing_had_cut_it(
    story: tuple[str, ...], at: int, fragment: str
) -> None:
    printed = [*story[:at], *torn(story[at], fragment), *story[at + 1 :]]
    (article,) = items(*printed)

    assert article.title == story[0]
    assert article.body.replace("\n", "") == "".join(story[1:]).replace(" ", "")
