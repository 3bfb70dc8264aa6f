"""A file that shows no sign of being a page is one article, left as it is."""

from __future__ import annotations

import pytest

from qa.domain.traced import TracedText
from qa.text.alone import alone
from qa.text.blocks import Role, blocks
from tests.text.pages import items

LEDE = "清河村在山脚下，全村三百多口人，多年来靠几亩薄田过日子。"
ROAD = "路修通以后，村里的核桃三天就能运到省城，价钱比从前高了一倍。"
SCHOOL = "学校里新添了两间教室，孩子们不用再走十里山路去镇上念书了。"


def is_one(*printed: str) -> bool:
    return alone(blocks(TracedText.whole("\n\n".join(printed) + "\n", source_id="篇"))) is not None


def test_paragraphs_and_single_subheadings_are_one_article() -> None:
    assert is_one("清河村的三件事", LEDE, "路通了", ROAD, "学校近了", SCHOOL)


def test_long_headings_below_each_other_are_of_several_articles() -> None:
    assert not is_one(
        LEDE,
        "清河村三年修通三十二公里盘山公路",
        "沿线八个村的核桃花椒当年就卖出一千二百多万元，比修路以前整整多了三倍",
        ROAD,
    )


@pytest.mark.parametrize(
    "line",
    [
        "这么一座大山，祖祖辈辈都没走出去的大山，就凭咱们几十个人，几年里真能把路修到山外头去？",
        "“支书，先修我家门口那一段吧！出工出料我们全家人都没有二话……”",
        "这一年，村里人出山赶集不用再趟河了，外面收核桃的车也开进来了！",
    ],
)
def test_a_short_paragraph_that_ends_as_a_sentence_is_no_headline(line: str) -> None:
    printed = ("清河村的三件事", LEDE, "路通了", line, ROAD, "学校近了", SCHOOL)

    assert blocks(TracedText.whole(line, source_id="行"))[0].role is Role.HEADING
    assert is_one(*printed)
    (article,) = items(*printed)
    assert article.title == "清河村的三件事"
    assert line in article.body


def test_a_saying_below_a_subheading_belongs_to_it() -> None:
    assert is_one(
        LEDE, "修路的办法——", "“一定要先问过村里的人，听一听他们要从哪里走，再去量，再去挖”", ROAD, SCHOOL
    )


def test_a_line_in_brackets_below_a_headline_is_no_second_headline() -> None:
    assert is_one(
        "县政府发布以下办法。",
        "清河县乡村道路养护办法（试行）",
        "（2023年2月9日清河县人民政府第三次会议讨论通过）",
        ROAD,
        SCHOOL,
    )


def test_where_a_saying_is_from_stands_after_a_dash_and_opens_nothing() -> None:
    assert is_one(
        ROAD,
        "——2022年11月4日，清河县县长在全县乡村道路养护工作会议上的讲话",
        "2021年",
        SCHOOL,
        "——2021年3月9日，清河县县长在清河村小学新教室落成时的讲话",
    )


@pytest.mark.parametrize("line", ["版式设计：康桂芳", "版 式 设 计：康桂芳", "制图：康桂芳"])
def test_who_set_the_page_stands_behind_the_credit_and_is_kept(line: str) -> None:
    printed = ("清河村的三件事", LEDE, ROAD, SCHOOL, "（作者为清河县交通局工程师）", line)

    assert is_one(*printed)
    (article,) = items(*printed)
    assert line.replace(" ", "") in article.body
    assert blocks(TracedText.whole(line, source_id="行"))[0].role is Role.FURNITURE


def test_a_credit_amid_the_text_closes_an_article() -> None:
    assert not is_one(LEDE, ROAD, "（作者为清河县交通局工程师）", SCHOOL, LEDE)
