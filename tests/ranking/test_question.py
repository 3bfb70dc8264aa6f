from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from qa.ranking.question import fold, terms


def test_question_words_and_particles_are_no_terms() -> None:
    assert terms("晋中市委书记是谁？") == ("晋中", "中市", "市委", "委书", "书记")


def test_numbers_and_latin_words_are_terms_as_a_whole() -> None:
    assert terms("2023年GDP是多少") == ("2023", "年", "gdp")


def test_a_question_without_words_has_no_terms() -> None:
    assert terms("？？？") == ()


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_full_width_forms_fold_to_narrow_ones() -> None:
    assert fold("Ａ１％") == "a1%"
