"""Words of what is not Han, cut as the Penn Treebank cuts English: so has CMRC 2018's official script them.

The rules are those of NLTK's word tokenizer (Bird, Klein and Loper 2009, after MacIntyre's script for the
Treebank), for text in small letters from which that script's marks are gone. Sentences are not told
apart first, which NLTK does with a model that was learnt: within an answer there is one.
"""

from __future__ import annotations

import re

TOGETHER = ("can not", "d 'ye", "gim me", "gon na", "got ta", "lem me", "more 'n")
"""Two words that are written as one."""

STEPS = [
    (re.compile(pattern), put)
    for pattern, put in (
        # Quotes that open.
        (r"[«‘„]", r" \g<0> "),
        (r'^"', r" `` "),
        (r"([ (\[{<])(?:\"|'')", r"\1 `` "),
        (r"(?<!\w)'(?!(?:re|ve|ll|[mtsdn])\b)(?=\w)", r"' "),
        # The last point of all ends the sentence; others belong to their words.
        (r"([^.])\.([\])}>\"'» ]*)\s*$", r"\1 . \2 "),
        # A comma belongs to the number that it stands in.
        (r",(\D)", r" , \1"),
        (r",$", r" , "),
        (r"\.{2,}|[;@#$%&\u2012-\u2015?!]", r" \g<0> "),
        (r"([^'])' ", r"\1 ' "),
        (r"[\[\](){}<>]", r" \g<0> "),
        (r"^|$", r" "),
        # Quotes that close, and what is written together behind an apostrophe.
        (r"»", r" » "),
        (r"''|\"", r" '' "),
        (r"\s+", r" "),
        (r"([^' ])('[smd]?) ", r"\1 \2 "),
        (r"([^' ])('ll|'re|'ve|n't) ", r"\1 \2 "),
        *((rf"\b({first})({second})\b", r" \1 \2 ") for first, second in map(str.split, TOGETHER)),
        (r"\b(wan)(na)(?=\s)", r" \1 \2 "),
        # Only behind one of those: elsewhere the apostrophe has been set apart.
        (r" ('t)(is|was)\b", r" \1 \2 "),
    )
]


def words(text: str) -> list[str]:
    """Return the words of a text in small letters; marks that stand apart are words as well."""
    for pattern, put in STEPS:
        text = pattern.sub(put, text)
    return text.split()
