"""Names are whole, however a byline sets them, and stand where they are said to."""

from __future__ import annotations

import pytest

from qa.text.names import is_usual_name, people

BYLINES = [
    ("记者 王 佳 丽", ["王佳丽"]),
    ("记者 王 勇 李 强", ["王勇", "李强"]),
    ("记者 王 勇 李晓明", ["王勇", "李晓明"]),
    ("记 者 张 文 彦 通 讯 员 李 雪", ["张文彦", "李雪"]),
    ("记者 张慧 宋小宇", ["张慧", "宋小宇"]),
    ("记者 王勇 通讯员 王琦", ["王勇", "王琦"]),
    ("记者张三、李四 通讯员王五", ["张三", "李四", "王五"]),
    ("通讯员李健\n鹏、吴美娟", ["李健鹏", "吴美娟"]),
    ("记者 石\n鹏一", ["石鹏一"]),
    ("记者 周源\n鸣 罗\n静英", ["周源鸣", "罗静英"]),
    ("本报记者 彭萍莉 马\n贞杰 摄", ["彭萍莉", "马贞杰"]),
    ("欧 阳 娜 娜", ["欧阳娜娜"]),
    ("记者 买买提·艾力", ["买买提·艾力"]),
    ("买买提·\n艾力", ["买买提·艾力"]),
    ("本报记者  张 三  李四光 文/图", ["张三", "李四光"]),
    ("文/图 记者 张三", ["张三"]),
    ("见习记者 张三 实习生 李四", ["张三", "李四"]),
    ("本组稿件由 李静、霍芮 采写", ["李静", "霍芮"]),
    ("新华社记者 李响 摄", ["李响"]),
    ("山西日报记者 王五", ["王五"]),
    ("本报记者 王五 摄影报道", ["王五"]),
    ("通讯员 太原市公安局", []),
    ("记者 张三、张三", ["张三"]),
    ("", []),
]


@pytest.mark.parametrize(("byline", "named"), BYLINES)
def test_a_byline_names_whole_people(byline: str, named: list[str]) -> None:
    assert [each.name for each in people(byline)] == named


@pytest.mark.parametrize("byline", [byline for byline, _ in BYLINES])
def test_a_name_stands_where_it_is_said_to(byline: str) -> None:
    for each in people(byline):
        assert "".join(byline[each.span.start : each.span.end].split()) == each.name


@pytest.mark.parametrize("word", ["王勇", "王佳丽", "欧阳娜娜", "买买提·艾力"])
def test_what_looks_like_a_name_by_itself(word: str) -> None:
    assert is_usual_name(word)


@pytest.mark.parametrize("word", ["资料图片", "全文", "下略", "新时代·面孔", "政策解读·聚焦", "王", "安全"])
def test_what_does_not(word: str) -> None:
    assert not is_usual_name(word)
