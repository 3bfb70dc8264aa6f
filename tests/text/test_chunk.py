"""Passages are whole sentences, cover the article and are never above the maximum."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.text.chunk import MAXIMUM_LENGTH, TARGET_LENGTH, chunk
from qa.text.sentences import sentences

sentence = st.integers(1, 300).map(lambda length: "一" * (length - 1) + "。")
articles = st.one_of(
    st.lists(sentence, max_size=12).map("".join),
    st.text(alphabet="一，。\n", max_size=900),
    st.integers(0, 1500).map(lambda length: "中" * length),
)


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in chunk(text)]


def test_short_sentences_go_together_up_to_the_target() -> None:
    text = ("一" * 49 + "。") * 5

    assert [len(passage) for passage in cut(text)] == [200, 50]


def test_a_sentence_that_would_pass_the_target_begins_a_passage() -> None:
    text = "一" * 149 + "。" + "二" * 59 + "。"

    assert cut(text) == ["一" * 149 + "。", "二" * 59 + "。"]


def test_a_sentence_beyond_the_target_stays_whole() -> None:
    text = "一" * 350 + "。"

    assert cut(text) == [text]


def test_a_sentence_beyond_the_maximum_is_divided_after_the_last_pause_that_fits() -> None:
    text = "一" * 100 + "，" + "二" * 250 + "，" + "三" * 100 + "。"

    assert [len(passage) for passage in cut(text)] == [352, 101]
    assert cut(text)[0].endswith("，")


def test_without_a_pause_it_is_divided_at_the_maximum() -> None:
    assert [len(passage) for passage in cut("中" * 1000)] == [400, 400, 200]


@pytest.mark.parametrize("number", ["1,234,567", "10:30", "1,234"])
def test_a_mark_inside_a_number_is_no_pause(number: str) -> None:
    for before in range(MAXIMUM_LENGTH - len(number) - 2, MAXIMUM_LENGTH):
        text = "一" * 100 + "，" + "二" * (before - 101) + number + "三" * 60 + "。"

        assert any(number in passage for passage in cut(text))


def test_a_narrow_mark_beside_a_word_is_a_pause() -> None:
    assert cut("一" * 300 + "7," + "二" * 200) == ["一" * 300 + "7,", "二" * 200]


def test_no_text_makes_no_passages() -> None:
    assert chunk("") == []


@given(articles)
def test_passages_cover_the_article(text: str) -> None:
    assert "".join(cut(text)) == text
    assert all(cut(text))


@given(articles)
def test_no_passage_is_above_the_maximum(text: str) -> None:
    assert all(len(passage) <= MAXIMUM_LENGTH for passage in cut(text))


@given(articles)
def test_a_passage_ends_with_a_sentence_unless_the_sentence_was_too_long(text: str) -> None:
    ends = {span.end for span in sentences(text)}
    long = [span for span in sentences(text) if len(span) > MAXIMUM_LENGTH]

    for passage in chunk(text):
        assert passage.end in ends or any(span.start < passage.end < span.end for span in long)


@given(st.lists(sentence, min_size=2, max_size=12).map("".join))
def test_two_neighbours_would_not_fit_into_one_passage(text: str) -> None:
    passages = chunk(text)

    for one, other in itertools.pairwise(passages):
        first = next(span for span in sentences(text) if span.start == other.start)
        assert len(one) + len(first) > TARGET_LENGTH
