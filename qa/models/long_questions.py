"""What a reader is given of a question that is longer than those it was trained on."""

from __future__ import annotations

import re
from bisect import bisect_right

from qa.models.span_tokens import Pieces

LONGEST_QUESTION = 64
"""Pieces of a question that the reader was trained with at most; never more."""

# Not in the title of a work: 《谁动了我的奶酪？》.
ASKED = re.compile(r"[？?](?![》〉])")


def given(question: str, pieces: Pieces) -> list[int]:
    """Return the pieces of a question that the reader is given.

    A long question is a preface before what is asked, or tells behind it how to answer. So it keeps what
    stands up to its last question mark, or its end where it has none, and as much before that as there is
    room for; all that fits from its beginning where the mark stands early.
    """
    marks = [match.end() for match in ASKED.finditer(question)]
    end = bisect_right(pieces.ends, marks[-1]) if marks else len(pieces)
    last = min(max(end, LONGEST_QUESTION), len(pieces))
    return pieces.ids[max(0, last - LONGEST_QUESTION) : last]
