"""Page furniture is told from articles, and says which paper and issue it is."""

from __future__ import annotations

import pytest

from qa.text.furniture import LONGEST, PageFacts, is_furniture, page_facts


@pytest.mark.parametrize(
    "block",
    [
        "中共吕梁市委机关报 吕梁日报社出版",
        "中共吕梁市委主管主办 邮发代号:21-28",
        "国内统一连续出版物号: CN14 - 0028",
        "> 第10906期 今日8版",
        "2023年2月",
        "2023年2月24日 星期五",
        "星期五",
        "农历癸卯年正月二十七",
        "本版组版: 李刚 责编:马龙 梁瑜 校对:孟柯妤",
        "责任编辑 李某",
        "要闻部邮箱:llrbywb@163.com",
        "新闻热线：0351-1234567",
        "A12版",
        "第 4 版",
        "— 3 —",
        "3",
    ],
)
def test_mastheads_and_imprints_are_furniture(block: str) -> None:
    assert is_furniture(block)


@pytest.mark.parametrize(
    "block",
    [
        "大会在京开幕",
        "本报讯 2月23日，省委召开会议。",
        "下转第4版的文章说得好",
        "太原市信访局\n2023年9月22日",
        "2023年2月的一天，他出发了。",
        "20.2元",
    ],
)
def test_articles_are_no_furniture(block: str) -> None:
    assert not is_furniture(block)


def test_a_paragraph_that_mentions_an_editor_is_no_furniture() -> None:
    assert not is_furniture("责任编辑" + "在" * LONGEST)


def test_the_page_is_named_by_its_furniture() -> None:
    facts = page_facts(["中共吕梁市委机关报 吕梁日报社出版", "> 第10906期 今日8版", "A4版"])

    assert facts == PageFacts(newspaper="吕梁日报", issue="10906", page="A4")


def test_what_the_furniture_does_not_say_is_none() -> None:
    assert page_facts(["星期五"]) == PageFacts(newspaper=None, issue=None, page=None)


def test_the_first_that_is_said_counts() -> None:
    assert page_facts(["第 12 期", "第 13 期"]).issue == "12"
