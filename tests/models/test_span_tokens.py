"""How a reader cuts text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.assemble import shipped_model
from qa.models.span_tokens import SpanTokens, character_tokenizer, simplified_characters


@pytest.fixture(scope="module")
def tokens() -> SpanTokens:
    return SpanTokens(character_tokenizer(shipped_model("encoder")))


def printed(tokens: SpanTokens, text: str) -> list[str]:
    pieces = tokens.cut([text])[0]
    return [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]


def test_every_han_character_and_every_mark_is_a_piece_of_its_own(tokens: SpanTokens) -> None:
    assert printed(tokens, "记者王佳丽：“好。”") == ["记", "者", "王", "佳", "丽", "：", "“", "好", "。", "”"]


def test_an_answer_can_begin_and_end_at_any_character_of_a_number_with_its_unit(tokens: SpanTokens) -> None:
    cut = printed(tokens, "总投资36.5亿元的项目")

    assert "".join(cut) == "总投资36.5亿元的项目"
    assert cut[-5:] == ["亿", "元", "的", "项", "目"]
    assert cut[:3] == ["总", "投", "资"]


def test_traditional_print_is_read_as_simplified_in_its_own_places(tokens: SpanTokens) -> None:
    traditional, simplified = tokens.cut(["錄影回放技術與國際賽", "录影回放技术与国际赛"])

    assert traditional == simplified


def test_one_character_stands_for_one(tokens: SpanTokens) -> None:
    table = simplified_characters()

    assert table[ord("國")] == "国"
    assert ord("国") not in table
    assert all(len(simplified) == 1 for simplified in table.values())


@given(st.text(max_size=60))
def test_pieces_lie_in_the_text_in_order(text: str) -> None:
    pieces = SpanTokens(character_tokenizer(shipped_model("encoder"))).cut([text])[0]

    assert len(pieces.ids) == len(pieces.starts) == len(pieces.ends)
    assert all(0 <= start <= end <= len(text) for start, end in zip(pieces.starts, pieces.ends, strict=True))
    assert pieces.starts == sorted(pieces.starts)
