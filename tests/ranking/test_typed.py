"""Words change together with the copy that rules look at."""

from __future__ import annotations

import re

import pytest

from qa.domain.spans import Span
from qa.ranking.typed import Typed

WORDS = Typed(typed="博覽會，在哪裡舉行？", plain="博览会，在哪里举行？")


def test_a_stretch_is_that_of_both() -> None:
    assert WORDS.at(Span(0, 3)) == Typed(typed="博覽會", plain="博览会")
    assert len(WORDS) == 10


def test_others_take_the_place_of_a_stretch() -> None:
    changed = WORDS.with_instead(Span(0, 3), Typed.as_is("大会"))

    assert (changed.typed, changed.plain) == ("大会，在哪裡舉行？", "大会，在哪里举行？")


def test_what_is_found_in_the_copy_goes_from_both_and_marks_from_the_ends() -> None:
    rest = WORDS.without(re.compile("哪里")).strip("？，")

    assert (rest.typed, rest.plain) == ("博覽會，在舉行", "博览会，在举行")


def test_a_copy_of_another_length_is_none() -> None:
    with pytest.raises(ValueError, match="copy of 2 characters, 3 typed"):
        Typed(typed="博覽會", plain="会议")
