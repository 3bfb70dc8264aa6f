"""The classes of characters hold what they are named after, and each other's not."""

from __future__ import annotations

import re

import pytest

from qa.domain.characters import BLANK, CLOSING, HAN, PUNCTUATION, TERMINAL


@pytest.mark.parametrize("character", ["一", "龥", "㐀", "𠮷", "〇", "々", "豈"])
def test_han_characters_are_han(character: str) -> None:
    assert re.fullmatch(f"[{HAN}]", character)
    assert not re.fullmatch(f"[{PUNCTUATION}{BLANK}]", character)


@pytest.mark.parametrize("character", list("，。、；：？！…—“”《》（）％"))
def test_full_width_marks_are_punctuation(character: str) -> None:
    assert re.fullmatch(f"[{PUNCTUATION}]", character)
    assert not re.fullmatch(f"[{HAN}{BLANK}]", character)


@pytest.mark.parametrize(
    "character",
    [" ", "\t", "\n", "\r", "\u3000", "\xa0", "\ufeff", "\u200b", "\u00ad", "\x00", "\x7f", "\u202e"],
)
def test_what_prints_as_nothing_is_blank(character: str) -> None:
    assert re.fullmatch(f"[{BLANK}]", character)
    assert not re.fullmatch(f"[{HAN}{PUNCTUATION}]", character)


@pytest.mark.parametrize("character", list("aA1一，.-"))
def test_what_prints_is_not_blank(character: str) -> None:
    assert not re.fullmatch(f"[{BLANK}]", character)


def test_no_mark_both_ends_a_sentence_and_closes_a_bracket() -> None:
    assert not set(TERMINAL) & set(CLOSING)
