"""Spans are half-open, never run backwards, and join where they touch."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.domain.spans import SourceSpan, Span, merge_adjacent
from qa.errors import IndexDamaged, OffsetMismatch


def place(source: str, start: int, end: int) -> SourceSpan:
    return SourceSpan(source_id=source, span=Span(start, end))


def test_a_span_is_as_long_as_what_it_covers() -> None:
    assert len(Span(3, 7)) == 4
    assert "大会在京开幕"[2:4] == "大会在京开幕"[Span(2, 4).start : Span(2, 4).end] == "在京"


def test_an_empty_span_is_allowed_and_is_false() -> None:
    assert not Span(5, 5)
    assert Span(5, 6)


@pytest.mark.parametrize(("start", "end"), [(5, 4), (-1, 3), (-2, -1)])
def test_a_span_that_runs_backwards_or_before_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(OffsetMismatch, match=rf"\[{start}, {end}\) 不成立"):
        Span(start, end)


def test_a_mismatch_of_offsets_is_damage() -> None:
    assert issubclass(OffsetMismatch, IndexDamaged)


def test_a_shifted_span_is_as_long_as_before() -> None:
    assert Span(2, 6).shift(10) == Span(12, 16)
    assert Span(12, 16).shift(-10) == Span(2, 6)


def test_spans_are_ordered_by_start_then_end() -> None:
    assert sorted([Span(4, 5), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(4, 5)]


def test_places_that_touch_become_one() -> None:
    assert merge_adjacent([place("甲", 0, 2), place("甲", 2, 5), place("甲", 5, 6)]) == (place("甲", 0, 6),)


def test_places_of_two_sources_stay_apart() -> None:
    places = (place("甲", 0, 2), place("乙", 2, 5))

    assert merge_adjacent(places) == places


def test_places_keep_their_order_even_when_it_is_not_that_of_the_page() -> None:
    places = (place("甲", 8, 9), place("甲", 0, 2))

    assert merge_adjacent(places) == places


def test_empty_places_do_not_keep_their_neighbours_apart() -> None:
    assert merge_adjacent([place("甲", 0, 2), place("甲", 9, 9), place("甲", 2, 3)]) == (place("甲", 0, 3),)


@given(st.lists(st.builds(place, st.sampled_from("甲乙"), st.just(0), st.integers(0, 3)), max_size=8))
def test_merging_places_keeps_every_character_in_order(places: list[SourceSpan]) -> None:
    def spelled(each: tuple[SourceSpan, ...] | list[SourceSpan]) -> list[tuple[str, int]]:
        return [(p.source_id, at) for p in each for at in range(p.span.start, p.span.end)]

    assert spelled(merge_adjacent(places)) == spelled(places)
