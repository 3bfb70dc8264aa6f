"""The copy that rules look at is in simplified script and as long as its text."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.simplified import Simplified
from qa.store.tokens import Tokens

SIMPLIFIED = Simplified(Tokens())


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("投資三十六億元，參觀八萬人，館長說。", "投资三十六亿元，参观八万人，馆长说。"),
        ("市委书记刘星", "市委书记刘星"),
        ("ＮＢＡ 20．2 A", "ＮＢＡ 20．2 A"),
        ("", ""),
    ],
)
def test_traditional_characters_are_read_as_simplified_and_nothing_else(text: str, copy: str) -> None:
    assert SIMPLIFIED.of(text) == copy


@given(st.text())
def test_places_hold_in_the_copy(text: str) -> None:
    assert len(SIMPLIFIED.of(text)) == len(text)
