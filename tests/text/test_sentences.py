"""Sentences end where Chinese print ends them, and cover the text."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.text.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大会开幕。李某主持。", ["大会开幕。", "李某主持。"]),
        ("为什么？因为！好……", ["为什么？", "因为！", "好……"]),
        ("他说：“好。”会议结束。", ["他说：“好。”", "会议结束。"]),
        ("（以上略。）下面是：", ["（以上略。）", "下面是："]),
        ("真的吗？！是的", ["真的吗？！", "是的"]),
        ("第一段\n第二段", ["第一段\n", "第二段"]),
        ("第一句。\n\n第二句", ["第一句。\n\n", "第二句"]),
        ("价格20.2元。", ["价格20.2元。"]),
        ("没有句号", ["没有句号"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_do_in_print(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet="一。！？…”）\n\r 2", max_size=60))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    assert "".join(cut(text)) == text
    assert all(cut(text))


@given(st.text(alphabet="一二。！？，\n", max_size=60))
def test_nothing_follows_the_end_of_a_sentence_inside_it(text: str) -> None:
    assert not any("。" in sentence.rstrip("。！？\n") for sentence in cut(text))
