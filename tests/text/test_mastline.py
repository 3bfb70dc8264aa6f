"""Datelines, bylines and credits are read."""

from __future__ import annotations

import pytest

from qa.text.mastline import (
    BYLINE,
    bylined,
    closed,
    closing,
    is_photographed,
    is_signed,
    opened,
    opening,
)


@pytest.mark.parametrize(
    ("block", "dateline", "people"),
    [
        ("本报太原2月23日讯 2月23日，省委", "本报太原2月23日讯", ()),
        ("本报太原2\n月 23 日讯（记\n者 王 佳 丽）\n2 月 20 日", "本报太原2月23日讯", ("王佳丽",)),
        ("本报讯(记者张文彦)6月25日,市委书记", "本报讯", ("张文彦",)),
        ("本报讯 (记者 付永文) 2月16 日", "本报讯", ("付永文",)),
        ("**本报讯** 9月21日,省政府", "本报讯", ()),
        ("新华社北京2月16日电 中共中央", "新华社北京2月16日电", ()),
        ("新华社北京2月16日电（记者 朱基钗、黄玥）会议", "新华社北京2月16日电", ("朱基钗", "黄玥")),
        ("据新华社电 大会", "据新华社电", ()),
        ("山西日报消息：大会", "山西日报消息", ()),
        ("本报讯（通讯员 李某某）大会", "本报讯", ("李某某",)),
        ("本报讯（下转第4版）大会", "本报讯", ()),
        ("本报通讯员张某来到现场。", None, ()),
        ("大会在京开幕。", None, ()),
        ("会议由本报讯", None, ()),
        ("据新华社北京2月16日电 （记者 李响）会议", "据新华社北京2月16日电", ("李响",)),
        (
            "本报北京、上海12月3日电（记者张三、李四 通讯员王五）",
            "本报北京、上海12月3日电",
            ("张三", "李四", "王五"),
        ),
        ("新华社联合国16日电 安理会", "新华社联合国16日电", ()),
        ("晨报讯（见习记者 王 勇）昨日", "晨报讯", ("王勇",)),
        ("本 报 晋 源 8 月 22 日\n电 （通讯员李健\n鹏、吴美娟）", "本报晋源8月22日电", ("李健鹏", "吴美娟")),
        ("本报讯 记者张三报道：大会", "本报讯", ("张三",)),
        ("本报讯（据新华社）大会", "本报讯", ()),
        ("本报通讯员讯", None, ()),
        ("本报电话已改。", None, ()),
        ("本报记者在电力公司了解到", None, ()),
        ("中国青年报电子版上线。", None, ()),
    ],
)
def test_a_dateline_opens_a_block(block: str, dateline: str | None, people: tuple[str, ...]) -> None:
    assert opening(block) == (dateline, people)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("记者 王 佳 丽", ("王佳丽",)),
        ("记者 张慧 宋小宇", ("张慧", "宋小宇")),
        ("记者 王勇 通讯员 王琦", ("王勇", "王琦")),
        ("本报记者 郝光明", ("郝光明",)),
        ("本报首席记者：李静、霍芮", ("李静", "霍芮")),
        ("本组稿件由 李静、霍芮 采写", ("李静", "霍芮")),
        ("张昊宇 武星星 摄", ("张昊宇", "武星星")),
        ("本报评论员", ("本报评论员",)),
        ("本报 评论员", ("本报评论员",)),
        ("记者 买买提·艾力", ("买买提·艾力",)),
        ("", ()),
    ],
)
def test_a_byline_names_people(text: str, people: tuple[str, ...]) -> None:
    assert tuple(each.name for each in bylined(text)) == people


@pytest.mark.parametrize(
    ("block", "people"),
    [
        ("平均每人每天不超过900元。(于健)", ("于健",)),
        ("推动工作。（记者 刘涛）", ("刘涛",)),
        ("一批新品上市。\n(本组稿件由 李静、霍芮 采写)", ("李静", "霍芮")),
        ("推动文物事业日益繁荣。” 记者 弓凤飞", ("弓凤飞",)),
        ("市民正在选购商品。牛利敏 摄", ("牛利敏",)),
        ("反诈意识。  \n张昊宇 武星星 摄", ("张昊宇", "武星星")),
        ("市民正在选购商品。本报通讯员 张耀宇 摄", ("张耀宇",)),
        ("普查现场。新华社记者 李响 摄", ("李响",)),
        ("普查现场。本报记者 彭萍莉 马\n贞杰 摄", ("彭萍莉", "马贞杰")),
        ("普查现场。（张三 摄）", ("张三",)),
        ("居全国前三。(于健)（下转第4版）", ("于健",)),
        ("推动工作。（本组稿件由 李静、霍芮 采写）（下转2版）", ("李静", "霍芮")),
        ("推动工作。（记者 周源\n鸣、罗\n静英）", ("周源鸣", "罗静英")),
        ("推动工作。（买买提·艾力）", ("买买提·艾力",)),
        ("正在现场拍摄", ()),
        ("（资料图片）", ()),
        ("新华社发。（全文）", ()),
        ("通过了决定。（二十一）", ()),
        ("（以下简称《通知》）", ()),
        ("大会在京开幕。", ()),
        ("（下转第4版）", ()),
    ],
)
def test_the_end_of_a_block_credits_people(block: str, people: tuple[str, ...]) -> None:
    assert closing(block) == people


@pytest.mark.parametrize(
    "line",
    [
        "本报记者 郝光明",
        "□ 本报记者 康桂芳",
        "■本报记者 石嘉欣",
        "本报记者 张 三  李四光 文/图",
        "文/图 记者 张三",
        "记者 张慧 宋小宇",
        "记 者 王 佳 丽",
        "记者张三",
        "见习记者 张三 实习生 李四",
        "本报评论员",
        "人民日报评论员",
        "山西日报记者 王五",
    ],
)
def test_a_line_that_only_names_who_wrote_is_a_byline(line: str) -> None:
    assert BYLINE.match(line)


@pytest.mark.parametrize(
    "line",
    ["记者 从市政府了解到", "记者采访了多位专家", "记者了解到，今年全市", "记者节的由来", "责任编辑 李某"],
)
def test_a_line_that_begins_with_a_reporter_may_be_none(line: str) -> None:
    assert not BYLINE.match(line)


def test_people_of_a_dateline_and_a_credit_stand_where_they_are_said_to() -> None:
    text = "本 报 讯（记者 石\n鹏一）大会开幕。（王 勇）\n"

    begun, ended = opened(text), closed(text)

    assert begun is not None
    assert ended is not None
    assert text[begun.span.start : begun.span.end] == "本 报 讯"
    assert [text[each.span.start : each.span.end] for each in begun.named] == ["石\n鹏一"]
    assert text[begun.end :].startswith("大会")
    assert [text[each.span.start : each.span.end] for each in ended.named] == ["王 勇"]
    assert not ended.photographed


@pytest.mark.parametrize(
    ("text", "signed", "photographed"),
    [
        ("青阳市民政局\n2023年2月3日\n", True, False),
        ("2023 年 2 月 3 日", True, False),
        ("2023年2月3日，大会在京开幕。", False, False),
        ("会期到3日", False, False),
        ("大会会场。张昊宇 摄", False, True),
        ("大会会场。张昊宇 摄影（资料图片）\n", False, True),
        ("摄影展在京开幕。", False, False),
    ],
)
def test_what_a_text_ends_with_is_told(text: str, signed: bool, photographed: bool) -> None:
    assert (is_signed(text), is_photographed(text)) == (signed, photographed)
