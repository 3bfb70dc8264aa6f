"""What is asked stands at the end of a long question, and is what a reader is given."""

from __future__ import annotations

import pytest

from qa.models.long_questions import LONGEST_QUESTION, given
from qa.models.span_tokens import Pieces


def pieces_of(question: str) -> Pieces:
    """Return a question cut into its characters, each numbered by its place."""
    places = list(range(len(question)))
    return Pieces(ids=places, starts=places, ends=[place + 1 for place in places])


PREFACE = "我在报上读到一条消息。" * 8
BEHIND = "请只说数字，不要解释。" * 8


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("总投资多少？", 0),
        (f"{PREFACE}总投资多少？", len(PREFACE) + 6 - LONGEST_QUESTION),
        (f"{PREFACE}总投资多少", len(PREFACE) + 5 - LONGEST_QUESTION),
        (f"总投资多少？{BEHIND}", 0),
        (f"{PREFACE}总投资多少？{BEHIND}", len(PREFACE) + 6 - LONGEST_QUESTION),
        (f"{PREFACE}《谁动了我的奶酪？》的作者", len(PREFACE) + 13 - LONGEST_QUESTION),
    ],
)
def test_a_long_question_keeps_what_stands_up_to_its_last_question_mark(question: str, first: int) -> None:
    kept = given(question, pieces_of(question))

    assert kept == list(range(first, min(len(question), first + LONGEST_QUESTION)))
