"""Folded text and the way back to what was printed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.text.folded import fold

PRINTED = st.text(alphabet=st.sampled_from("会１2：: \u3000\n*#>\u200b"), max_size=30)


@given(PRINTED)
def test_each_character_of_folded_text_is_found_where_it_was_printed(printed: str) -> None:
    folded = fold(printed)
    for at, character in enumerate(folded.text):
        place = folded.span(at, at + 1)
        assert fold(printed[place.start : place.end]).text in (character, "")  # a lone blank folds to nothing
        assert folded.before(place.start) == at
        assert folded.before(place.end) == at + 1


@given(PRINTED)
def test_all_that_was_kept_stands_before_the_end(printed: str) -> None:
    assert fold(printed).before(len(printed)) == len(fold(printed).text)


def test_a_stretch_of_folded_text_stands_from_its_first_character_to_its_last() -> None:
    folded = fold("通 知\n**指 出")

    assert folded.text == "通知指出"
    assert (folded.span(1, 3).start, folded.span(1, 3).end) == (2, 7)
    assert folded.before(4) == 2
