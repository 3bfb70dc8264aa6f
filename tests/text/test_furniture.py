"""Page furniture is told from articles."""

from __future__ import annotations

import pytest

from qa.text.furniture import LONGEST, furniture_among, is_furniture


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
        "青阳日报 7版 2023年2月3日 星期五",
        "清 源 晨 报",
        "018 2020 年 1 月 10 日 星期五 平川晚报 城事",
        "文化\n2023年2月3日 星期五\n平川晚报\n03",
        "总第1234期",
        "www.sxnews.cn",
        "本版编辑 冯慧 美编 邵建美 校对 彭轩强",
        "编辑：方凡晨 版式：江子海",
        "国内统一连续出版物号：CN 14 - 0028",
        "每份1.5元",
        "新闻热线：5433519",
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
        "经济",
        "咨询电话：0351-4422550",
        "晚报记者探访",
        "《山西日报》6月24日1版刊发",
        "三年",
        "小雪",
    ],
)
def test_articles_are_no_furniture(block: str) -> None:
    assert not is_furniture(block)


def test_a_paragraph_that_mentions_an_editor_is_no_furniture() -> None:
    assert not is_furniture("责任编辑" + "在" * LONGEST)


def test_the_name_of_a_section_is_furniture_beside_a_masthead_line() -> None:
    assert furniture_among(["综合", "平川晚报", "大会开幕。", "经济"]) == [True, True, False, False]
    assert furniture_among(["2023年2月3日 星期五", "要闻", "城事"]) == [True, True, True]


def test_the_date_below_a_signature_belongs_to_what_is_signed() -> None:
    blocks = ["特此公告", "太原市信访局", "2023年9月22日", "青阳日报", "2023年9月22日"]

    assert furniture_among(blocks) == [False, False, False, True, True]


def test_numbers_that_count_the_parts_of_an_article_are_no_pages() -> None:
    assert furniture_among(["01", "一", "02", "二", "03", "三"]) == [False] * 6
