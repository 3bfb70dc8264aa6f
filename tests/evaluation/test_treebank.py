"""English as the Penn Treebank cuts it, as NLTK's word tokenizer was seen to."""

from __future__ import annotations

import pytest

from qa.evaluation.treebank import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good muffins cost $3.88", "good muffins cost $ 3.88"),
        ("(roughly 3,36 euros)", "( roughly 3,36 euros )"),
        ("they'll don't can't it's", "they 'll do n't ca n't it 's"),
        ('"hello," she said', "`` hello , '' she said"),
        ("the dogs' bones", "the dogs ' bones"),
        ("'tis gonna rain", "' tis gon na rain"),
        ("i wanna go", "i wan na go"),
        ("gimme more'n that", "gim me more 'n that"),
        ("u.s. in the u.s.", "u.s. in the u.s ."),
        ("end of it. ", "end of it ."),
        ("well...", "well ..."),
        ("5% & 3#", "5 % & 3 #"),
        ("", ""),
    ],
)
def test_english_is_cut_into_words(text: str, expected: str) -> None:
    assert words(text) == expected.split()
