from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from qa.ranking.question import asked_about, fold


def test_question_words_are_not_what_is_asked_about() -> None:
    assert asked_about("太原打造了多少座博物馆？").split() == ["太原打造了", "博物馆？"]
    assert asked_about("晋中市委书记是谁？").split() == ["晋中市委书记是", "？"]


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_full_width_forms_fold_to_narrow_ones() -> None:
    assert fold("Ａ１％") == "a1%"
