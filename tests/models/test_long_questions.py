"""What is asked stands at the end of a long question, and is what a reader is given."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given as examples_of

from qa.models.long_questions import LONGEST_QUESTION, given
from qa.models.span_tokens import Pieces


def pieces_of(question: str) -> Pieces:
    """Return a question cut into its characters, each numbered by its place."""
    places = list(range(len(question)))
    return Pieces(ids=places, starts=places, ends=[place + 1 for place in places])


def kept(question: str) -> str:
    return "".join(question[place] for place in given(question, pieces_of(question)))


SENTENCE = "我在报上读到一条消息。"
PREFACE = SENTENCE * 8
CLAUSE = "我在报上读到一条消息，"
BEHIND = "请只说数字，不要解释。" * 8
ASKED = "左权县的乳胶项目总投资多少？"
NAMED = "《谁动了我的奶酪？》的作者"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (ASKED, ASKED),
        (f"{PREFACE}{ASKED}", f"{SENTENCE * 4}{ASKED}"),
        (f"{PREFACE}{ASKED[:-1]}", f"{SENTENCE * 4}{ASKED[:-1]}"),
        (f"{PREFACE}{ASKED}{BEHIND}", f"{SENTENCE * 4}{ASKED}"),
        (f"{ASKED}{BEHIND}", f"{ASKED}{BEHIND}"[:LONGEST_QUESTION]),
        (f"{PREFACE}{NAMED}", f"{SENTENCE * 4}{NAMED}"),
    ],
)
def test_a_long_question_keeps_its_last_sentences_up_to_the_question_mark(question: str, first: str) -> None:
    assert kept(question) == first


@pytest.mark.parametrize("end", [ASKED, f"{NAMED}是谁", "消息。那是多少？"])
def test_of_a_sentence_that_is_too_long_the_beginning_and_the_end_are_kept(end: str) -> None:
    question = CLAUSE * 8 + end

    assert kept(question) == question[:20] + question[-44:]


@examples_of(st.text(alphabet="甲？。》”，\n", max_size=200))
def test_never_more_is_given_than_the_reader_was_trained_with(question: str) -> None:
    places = given(question, pieces_of(question))

    assert len(places) <= LONGEST_QUESTION
    assert places == sorted(set(places))
    assert bool(places) == bool(question)
