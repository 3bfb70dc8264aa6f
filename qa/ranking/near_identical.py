"""Passages that are one text: what an agency wrote (通稿), printed by two papers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher

LENGTH = 4
"""Characters of a shingle: a word and its neighbour."""

ALIKE = 0.9
"""Share of the longer text that both have in one run: what differs stands at the ends, as datelines do."""

SHORTEST = 40
"""Characters; what is shorter is alike by chance or by form."""

APART = 3
"""Days between two prints of a text at most; what is said again later is another report."""

NUMBER = re.compile(r"\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿]+")


def near_identical(texts: Sequence[str], *, days: Sequence[date | None]) -> list[list[int]]:
    """Return the positions of texts in groups that are one text, each group and all in order.

    Blanks do not count. Two texts that differ in a name or a number in their midst are two, however long
    what they share: a notice is often printed again for another county.

    :param days: On which each was printed, where that is known.
    """
    closed = ["".join(text.split()) for text in texts]
    found = [shingles(text) for text in closed]
    groups: list[list[int]] = []
    for at in range(len(texts)):
        same = (
            group
            for group in groups
            if together(days[at], days[group[0]])
            and resembles(found[at], found[group[0]])
            and is_one(closed[at], closed[group[0]])
        )
        first = next(same, None)
        if first is None:
            groups.append([at])
        else:
            first.append(at)
    return groups


def together(day: date | None, other: date | None) -> bool:
    """Tell whether two days may be of one report."""
    return day is None or other is None or abs((day - other).days) <= APART


def shingles(text: str) -> frozenset[str]:
    """Return every run of four characters; a shorter text is one itself."""
    return frozenset(text[at : at + LENGTH] for at in range(max(len(text) - LENGTH + 1, 1)))


def resembles(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell quickly whether two texts may be one.

    Broder (1997), *On the resemblance and containment of documents*.
    """
    common = len(one & other)
    return common >= (ALIKE - 0.2) * (len(one) + len(other) - common)


def is_one(one: str, other: str) -> bool:
    """Tell whether two texts share one long run, and neither has a number of its own."""
    if min(len(one), len(other)) < SHORTEST:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.find_longest_match().size < ALIKE * max(len(one), len(other)):
        return False
    numbers, others = frozenset(NUMBER.findall(one)), frozenset(NUMBER.findall(other))
    return numbers <= others or others <= numbers


def same_place(text: str, quote: str, *, near: int) -> int | None:
    """Return where another print of a text has a quote: of several places the one nearest to ``near``."""
    places = [match.start() for match in re.finditer(f"(?={re.escape(quote)})", text)] if quote else []
    return min(places, key=lambda place: (abs(place - near), place), default=None)
