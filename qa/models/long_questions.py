"""What a reader is given of a question that is longer than those it was trained on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from qa.domain.characters import CLOSING
from qa.models.span_tokens import Pieces
from qa.text.sentences import sentences

LONGEST_QUESTION = 64
"""Pieces of a question that the reader was trained with at most; never more."""

BEGINNING = 20
"""Pieces kept of the beginning where no whole sentences fit: what is asked about may stand there."""

LEAST = 12
"""Pieces of a question that may name what it asks about; fewer (``那是多少？``) hardly do."""

# Not in the title of a work: 《谁动了我的奶酪？》.
ASKED = re.compile(r"[？?](?![》〉])")


def given(question: str, pieces: Pieces) -> list[int]:
    """Return the pieces of a question that the reader is given: all of them, or as many as it may.

    A long question is a preface before what is asked, or tells behind it how to answer. So it keeps what
    stands up to its last question mark, or its end where it has none: the whole sentences before that which
    there is room for, since the rest of a preface leads the reader astray; where none fit, its beginning and
    its end. All that fits from its beginning where the mark stands early.
    """
    end = end_of_asking(question, pieces)
    if end <= LONGEST_QUESTION:
        return pieces.ids[:LONGEST_QUESTION]
    fitting = (at for at in beginnings(question, pieces) if end - LONGEST_QUESTION <= at <= end - LEAST)
    whole = next(fitting, None)
    if whole is not None:
        return pieces.ids[whole:end]
    return [*pieces.ids[:BEGINNING], *pieces.ids[end - LONGEST_QUESTION + BEGINNING : end]]


def end_of_asking(question: str, pieces: Pieces) -> int:
    """Return behind how many pieces the last question mark stands; all of them where there is none."""
    marks = [match.end() for match in ASKED.finditer(question)]
    return bisect_right(pieces.ends, marks[-1]) if marks else len(pieces)


def beginnings(question: str, pieces: Pieces) -> Iterator[int]:
    """Yield the pieces that sentences begin with, in order; a quote that ends in one goes on with it."""
    for span in sentences(question):
        if span.start == 0 or question[span.start - 1] not in CLOSING:
            yield bisect_right(pieces.ends, span.start)
