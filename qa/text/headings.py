"""Headings: which of the lines over an article is its headline (标题), and whose lines they are."""

from __future__ import annotations

from collections.abc import Sequence

from qa.domain.traced import TracedText
from qa.text.blocks import Block
from qa.text.clean import clean_title

LONGEST = 200
"""Characters of headings that are compared with an article."""

TITLES = 12
"""Headings of one article at most that are compared for being its headline."""


def printed(text: str) -> str:
    """Return a text without white space and marks."""
    return "".join(text.split()).replace("#", "").replace("*", "")


def overlap(title: str, body: str) -> float:
    """Return the share of the character pairs of ``title`` that ``body`` holds."""
    squeezed, within = (printed(text) for text in (title[:LONGEST], body))
    pairs = {squeezed[i : i + 2] for i in range(len(squeezed) - 1)}
    return sum(pair in within for pair in pairs) / len(pairs) if pairs else 0.0


def ranked_headings(headings: Sequence[Block], body: str) -> tuple[TracedText, ...]:
    """Return headings as they read, the headline first.

    It is of the highest Markdown level, else what the body repeats most. The others follow in print order;
    nothing where nothing stands over the body.
    """
    titles = cleaned(headings)
    if not titles:
        return ()
    first = foremost(titles, body)
    return (first, *(title for _, title in titles if title != first))


def foremost(titles: Sequence[tuple[Block, TracedText]], body: str) -> TracedText:
    """Return which of some headings, given as they read beside their blocks, is the headline."""
    if len(titles) == 1:
        return titles[0][1]
    return max(titles, key=lambda each: title_rank(each[1].text, level=each[0].level, body=body))[1]


def cleaned(headings: Sequence[Block]) -> list[tuple[Block, TracedText]]:
    """Return headings as they read, those that print nothing left out."""
    titles = ((block, clean_title(block.traced)) for block in headings[:TITLES])
    return [(block, title) for block, title in titles if title.text]


def title_rank(title: str, *, level: int | None, body: str) -> tuple[int, bool, float]:
    """Return what orders the headings of one article; a line after a dash is a subtitle."""
    return -(level or 7), not title.startswith(("—", "-", "－")), overlap(title, body) * len(title)
