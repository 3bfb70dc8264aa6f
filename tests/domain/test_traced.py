"""Traced text can be cut, sliced and joined, and every character stays where it was printed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.domain.passages import Passage
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.errors import OffsetMismatch

PAPER = "\ufeff大会昨日\r\n在京开幕，\n由𠮷某主持。"

# What trips offsets up: characters beyond 16 bits, combining marks, line ends, byte-order marks.
papers = st.text(alphabet="一二。 𠮷🀄e\u0301\r\n\ufeff\u200b", max_size=40)


def printed(traced: TracedText, sources: Mapping[str, str]) -> str:
    return "".join(sources[p.source_id][p.span.start : p.span.end] for p in traced.origin)


def some_spans(data: st.DataObject, length: int) -> list[Span]:
    ends = st.integers(0, length)
    drawn = data.draw(st.lists(st.tuples(ends, ends), max_size=6))
    return [Span(min(pair), max(pair)) for pair in drawn]


def test_a_whole_text_has_one_place() -> None:
    traced = TracedText.whole("大会", source_id="甲")

    assert traced.origin == (SourceSpan(source_id="甲", span=Span(0, 2)),)


def test_an_empty_text_has_no_place() -> None:
    assert TracedText.whole("", source_id="甲").origin == ()


def test_text_without_an_origin_is_refused() -> None:
    with pytest.raises(OffsetMismatch, match="正文 3 字，有出处的 0 字"):
        TracedText(text="无出处", origin=())


def test_an_origin_longer_than_the_text_is_refused() -> None:
    with pytest.raises(OffsetMismatch, match="正文 1 字，有出处的 2 字"):
        TracedText(text="短", origin=(SourceSpan(source_id="甲", span=Span(0, 2)),))


def test_a_slice_over_a_line_break_that_was_cut_has_two_places() -> None:
    line_ends = [Span(0, 1), Span(5, 7), Span(12, 13)]
    traced = TracedText.whole(PAPER, source_id="甲").cut(line_ends)

    assert traced.text == "大会昨日在京开幕，由𠮷某主持。"
    sliced = traced.slice(Span(2, 6))
    assert sliced.text == "昨日在京"
    assert [(p.span.start, p.span.end) for p in sliced.origin] == [(3, 5), (7, 9)]
    assert [PAPER[p.span.start : p.span.end] for p in sliced.origin] == ["昨日", "在京"]


def test_a_character_beyond_the_first_plane_counts_as_one() -> None:
    traced = TracedText.whole(PAPER, source_id="甲").slice(Span(14, 16))

    assert traced.text == "𠮷某"
    assert traced.origin == (SourceSpan(source_id="甲", span=Span(14, 16)),)


def test_cutting_everything_leaves_nothing() -> None:
    assert TracedText.whole("大会", source_id="甲").cut([Span(0, 2)]) == TracedText(text="", origin=())


def test_cutting_nothing_leaves_everything() -> None:
    traced = TracedText.whole("大会", source_id="甲")

    assert traced.cut([]) == traced
    assert traced.cut([Span(1, 1)]) == traced


def test_joined_pieces_have_nothing_between_them() -> None:
    page_one = TracedText.whole("大会在京", source_id="甲")
    page_four = TracedText.whole("开幕。", source_id="乙")

    joined = TracedText.joined([page_one, page_four])

    assert joined.text == "大会在京开幕。"
    assert [p.source_id for p in joined.origin] == ["甲", "乙"]


def test_neighbours_that_are_joined_again_have_one_place() -> None:
    traced = TracedText.whole("大会在京", source_id="甲")

    assert TracedText.joined([traced.slice(Span(0, 2)), traced.slice(Span(2, 4))]) == traced


def test_pieces_come_in_the_order_of_their_spans_and_may_be_empty() -> None:
    traced = TracedText.whole("大会在京开幕", source_id="甲").cut([Span(2, 4)])

    found = list(traced.pieces([Span(0, 1), Span(1, 1), Span(1, 3), Span(3, 4), Span(4, 4)]))

    assert [piece.text for piece in found] == ["大", "", "会开", "幕", ""]
    assert [(p.span.start, p.span.end) for p in found[2].origin] == [(1, 2), (4, 5)]


def test_a_passage_locates_a_quote_over_the_turn_of_a_page() -> None:
    joined = TracedText.joined(
        [TracedText.whole("大会在京", source_id="一版"), TracedText.whole("开幕。", source_id="四版")]
    )
    passage = Passage(id="a", article_id="x", traced=joined)

    assert passage.text == "大会在京开幕。"
    assert [(p.source_id, p.span.start, p.span.end) for p in passage.locate(Span(2, 6))] == [
        ("一版", 2, 4),
        ("四版", 0, 2),
    ]


@given(paper=papers, data=st.data())
def test_every_slice_of_every_cut_text_is_found_verbatim(paper: str, data: st.DataObject) -> None:
    traced = TracedText.whole(paper, source_id="甲").cut(some_spans(data, len(paper)))
    start = data.draw(st.integers(0, len(traced.text)))
    end = data.draw(st.integers(start, len(traced.text)))

    sliced = traced.slice(Span(start, end))

    assert printed(sliced, {"甲": paper}) == sliced.text == traced.text[start:end]


@given(paper=papers, data=st.data())
def test_cutting_takes_exactly_the_characters_of_the_spans(paper: str, data: st.DataObject) -> None:
    spans = some_spans(data, len(paper))

    traced = TracedText.whole(paper, source_id="甲").cut(spans)

    gone = {at for span in spans for at in range(span.start, span.end)}
    kept = [at for at in range(len(paper)) if at not in gone]
    assert traced.text == "".join(paper[at] for at in kept)
    assert [at for place in traced.origin for at in range(place.span.start, place.span.end)] == kept


@given(paper=papers, data=st.data())
def test_cutting_twice_is_still_traced_to_the_paper(paper: str, data: st.DataObject) -> None:
    once = TracedText.whole(paper, source_id="甲").cut(some_spans(data, len(paper)))
    twice = once.cut(some_spans(data, len(once.text)))

    assert printed(twice, {"甲": paper}) == twice.text


@given(first=papers, second=papers, data=st.data())
def test_joined_cut_texts_are_traced_to_both_papers(first: str, second: str, data: st.DataObject) -> None:
    sources = {"甲": first, "乙": second}
    pieces = [
        TracedText.whole(text, source_id=source).cut(some_spans(data, len(text)))
        for source, text in sources.items()
    ]

    joined = TracedText.joined(pieces)

    assert joined.text == pieces[0].text + pieces[1].text
    assert printed(joined, sources) == joined.text


@given(paper=papers, data=st.data())
def test_pieces_in_one_sweep_are_the_slices_one_by_one(paper: str, data: st.DataObject) -> None:
    traced = TracedText.whole(paper, source_id="甲").cut(some_spans(data, len(paper)))
    ends = sorted(data.draw(st.lists(st.integers(0, len(traced.text)), max_size=8)))
    spans = [Span(start, end) for start, end in itertools.pairwise(ends)]

    assert list(traced.pieces(spans)) == [traced.slice(span) for span in spans]
