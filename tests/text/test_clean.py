"""Cleaning only cuts, and cuts what no reader sees or wants."""

from __future__ import annotations

import sys
import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from qa.domain.traced import TracedText
from qa.text.clean import clean, clean_title, on_one_line

printed = st.text(alphabet="一省。，（2a *#->　\t\r\n\ufeff\u200b\x00𠮷", max_size=60)


def cleaned(text: str) -> str:
    return clean(TracedText.whole(text, source_id="甲")).text


def titled(text: str) -> str:
    return clean_title(TracedText.whole(text, source_id="甲")).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("省 委 常 委 会", "省委常委会"),
        ("大会在京\n开幕", "大会在京开幕"),
        ("大会在京\r\n开幕", "大会在京开幕"),
        ("　　大会在京开幕。　", "大会在京开幕。"),
        ("一类 1980 元、二类 1880 元。", "一类1980元、二类1880元。"),
        ("“四个 深入” 要求", "“四个深入”要求"),
        ("《2023 年 计划》", "《2023年计划》"),
    ],
)
def test_letter_spaced_and_broken_lines_are_closed_up(before: str, after: str) -> None:
    assert cleaned(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "COVID 19",
        "5G network 2023 2024",
        "inter-\nnational",
        "New York Times",
        "GDP growth",
        "Intel Core i7 9700",
        "3 4 5",
        "CN14 - 0028",
        "2023-02-23 10:30",
    ],
)
def test_latin_words_and_numbers_keep_their_space(text: str) -> None:
    assert cleaned(text) == text


def test_a_latin_word_between_han_loses_the_space_around_but_not_within() -> None:
    assert cleaned("采用 Wi Fi 技术") == "采用Wi Fi技术"


def test_a_number_broken_by_a_column_is_one_number() -> None:
    assert cleaned("投资20\n23万元") == "投资2023万元"
    assert cleaned("投资 20 \r\n 23 万元") == "投资2023万元"


def test_a_latin_word_broken_over_lines_keeps_its_line_end() -> None:
    assert cleaned("New\nYork") == "New\nYork"


@pytest.mark.parametrize("stars", ["1523536****", "****1234", "138****1234"])
def test_stars_that_hide_digits_stay(stars: str) -> None:
    assert cleaned(f"电话{stars}。") == f"电话{stars}。"


@pytest.mark.parametrize(
    "text",
    [
        "李**、王**均已到案。",
        "李**和王**被罚款500元。",
        "被告人张**（男，35岁）、欧阳**（女）上诉。",
        "李**",
        "当事人赵**被抓获。",
    ],
)
def test_stars_that_hide_a_given_name_stay(text: str) -> None:
    assert cleaned(text) == titled(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**通报** 李**、王**均已到案。", "通报李**、王**均已到案。"),
        ("王**被罚款。**通报**要求整改。", "王被罚款。通报要求整改。"),
        ("要**提高**质量，**万众一心**。", "要提高质量，万众一心。"),
        ("为了**加强**管理，对**高**标准", "为了加强管理，对高标准"),
        ("**李某**：大会开幕。", "李某：大会开幕。"),
        ("大会开幕**", "大会开幕"),
    ],
)
def test_emphasis_beside_a_surname_is_cut(before: str, after: str) -> None:
    assert cleaned(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**本报讯** 9月21日", "本报讯9月21日"),
        ("## 声明", "声明"),
        ("> 第一行", "第一行"),
        ("- 1.接访时间", "1.接访时间"),
        ("* 一项\n* 二项", "一项二项"),
        ("大会开幕。\n---\n次日闭幕。", "大会开幕。次日闭幕。"),
        ("大会\n====\n", "大会"),
        ("见[省政府](https://a.cn/x)通知", "见省政府通知"),
        ("![图](a.png)大会", "大会"),
        ("| 姓名 | 职务 |\n|---|:--|\n| 张三 | 市长 |", "姓名|职务张三|市长"),
    ],
)
def test_markdown_marks_are_cut(before: str, after: str) -> None:
    assert cleaned(before) == after


@pytest.mark.parametrize(
    "text", ["5*3=15", "零下-3度", "a-b", "1>0", "编号#12", "[注](一)", "甲|乙", "晋政发[2023](3)号"]
)
def test_marks_inside_a_line_stay(text: str) -> None:
    assert cleaned(text) == text


def test_invisible_characters_are_cut() -> None:
    assert cleaned("\ufeff大\u200b会\u00ad在\x00京\u202e") == "大会在京"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "　\t\r\n", "** **"])
def test_what_prints_nothing_is_cut_to_nothing(text: str) -> None:
    assert cleaned(text) == ""


@settings(max_examples=300)
@given(printed)
def test_cleaning_is_idempotent(text: str) -> None:
    once = clean(TracedText.whole(text, source_id="甲"))

    assert clean(once) == once


@settings(max_examples=300)
@given(st.one_of(printed, st.text(max_size=60)))
def test_cleaning_only_cuts(text: str) -> None:
    traced = clean(TracedText.whole(text, source_id="甲"))

    assert "".join(text[p.span.start : p.span.end] for p in traced.origin) == traced.text
    starts = [place.span.start for place in traced.origin]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("特色谋发展特色谋发展 集聚集聚 能量能量镇镇", "特色谋发展集聚能量镇"),
        ("走进园区，\n特色谋发展特色谋发展\n机器轰鸣。", "走进园区，特色谋发展机器轰鸣。"),
    ],
)
def test_a_line_that_was_doubled_for_decoration_is_cut_once(before: str, after: str) -> None:
    assert cleaned(before) == after


@pytest.mark.parametrize(
    "text", ["高高兴兴", "人人", "研究研究", "哈哈哈哈哈哈哈哈", "要多调查研究多调查研究，再下结论"]
)
def test_words_that_speech_doubles_stay(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize("text", ["高高兴兴", "人人", "好好学习"])
def test_words_that_speech_doubles_stay_in_a_headline(text: str) -> None:
    assert titled(text) == text


MEGABYTE = 1.0 if sys.gettrace() is None else 10.0


@pytest.mark.parametrize("unit", ["一", "（", " ", "7", "|", "[", "-", "*", "　"])
def test_a_megabyte_of_one_character_is_cleaned_in_a_second(unit: str) -> None:
    page = unit * 10**6
    begun = time.process_time()

    cleaned(page)
    titled(page)

    assert time.process_time() - begun < MEGABYTE


def test_a_rule_with_a_windows_line_end_is_cut_as_any_other() -> None:
    assert cleaned("大会开幕。\r\n---\r\n次日闭幕。") == "大会开幕。次日闭幕。"
    table = "| 姓名 | 职务 |\r\n|---|:--|\r\n| 张三 | 市长 |"
    assert cleaned(table) == "姓名|职务张三|市长"


@pytest.mark.parametrize("text", ["![" * 5000 + "](c)" * 5000, "[" * 5000 + "大" + "](/c)" * 5000])
def test_marks_around_marks_are_cleaned_in_a_second(text: str) -> None:
    begun = time.process_time()

    cleaned(text)

    assert time.process_time() - begun < MEGABYTE


def test_a_picture_that_is_a_link_is_cut_with_its_link() -> None:
    assert cleaned("[![图](a.png)详情](https://a.cn/x)大会") == "详情大会"


@given(printed)
def test_cleaning_cuts_no_han_and_no_digit(text: str) -> None:
    def kept(each: str) -> str:
        return "".join(character for character in each if character in "一省2a𠮷。，（")

    assert kept(cleaned(text)) == kept(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("通 知", "通 知"),
        ("招 标 公 告", "招标公告"),
        ("攻坚践初心 破难出政绩", "攻坚践初心 破难出政绩"),
        ("# 特色专业镇成为“山西实践样板”\n", "特色专业镇成为“山西实践样板”"),
        ("学习贯彻总书记在\n常务委员会会议", "学习贯彻总书记在常务委员会会议"),
        ("**做好「土特产」文章**", "做好「土特产」文章"),
        (" 省委书记主持会议\r\n", "省委书记主持会议"),
        ("集聚集聚", "集聚"),
        ("特色谋发展特色谋发展 集聚集聚 能量能量镇镇", "特色谋发展 集聚 能量镇"),
        ("好好学习", "好好学习"),
    ],
)
def test_a_headline_reads_as_printed(before: str, after: str) -> None:
    assert titled(before) == after


@given(st.one_of(printed, st.text(max_size=60)))
def test_a_headline_is_only_cut_as_well(text: str) -> None:
    traced = clean_title(TracedText.whole(text, source_id="甲"))

    assert "".join(text[p.span.start : p.span.end] for p in traced.origin) == traced.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Silk\nRoad", "Silk Road"),
        ("Silk \r\n  Road\n", "Silk Road"),
        ("**Silk**\n**Road**", "Silk Road"),
        ("The Road,\nAgain", "The Road, Again"),
        ("Vision\n2030", "Vision 2030"),
        ("Café\nÉtoile", "Café Étoile"),
        ("mid-\nterm", "mid-term"),
        ("20\n30", "2030"),
        ("丝绸\nSilk", "丝绸Silk"),
        ("Silk\n丝绸", "Silk丝绸"),
        ("丝绸\n之路", "丝绸之路"),
    ],
)
def test_a_headline_over_two_lines_keeps_latin_words_apart(before: str, after: str) -> None:
    traced = clean_title(TracedText.whole(before, source_id="甲"))

    assert on_one_line(traced.text) == after
    assert "".join(before[p.span.start : p.span.end] for p in traced.origin) == traced.text
