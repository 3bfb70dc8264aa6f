"""EM and F1 of CMRC 2018, as its official script defines them.

Cui et al. (2019), *A Span-Extraction Dataset for Chinese Machine Reading
Comprehension*: Chinese is compared character by character, what stands between
by words; F1 is over the longest common run, not over a bag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.evaluation.treebank import words

MARKS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
"""What the official script drops before it compares; ``…`` is not among them."""

HAN = re.compile(r"[\u4e00-\u9fa5]")


def segments(text: str) -> list[str]:
    """Return the units that F1 counts: each Han character, and the words between, without marks."""
    found: list[str] = []
    between = ""
    for character in text.lower().strip():
        if character in MARKS:
            # The official script drops marks without ending the word before: 3:2 is one word, 32.
            continue
        if HAN.match(character):
            found += words(between)
            found.append(character)
            between = ""
        else:
            between += character
    return found + words(between)


def without_marks(text: str) -> str:
    """Return the text that EM compares."""
    return "".join(character for character in text.lower().strip() if character not in MARKS)


def exact(guess: str, truths: Sequence[str]) -> float:
    """Return 1 where the guess equals an accepted answer, else 0."""
    return float(any(without_marks(guess) == without_marks(truth) for truth in truths))


def overlap(guess: str, truths: Sequence[str]) -> float:
    """Return F1 over the longest common run of units, against the best accepted answer."""
    guessed = segments(guess)
    best = 0.0
    for truth in truths:
        accepted = segments(truth)
        common = longest_common_run(guessed, accepted)
        if common:
            best = max(best, 2 * common / (len(guessed) + len(accepted)))
    return best


def longest_common_run(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest run that stands in both."""
    longest = 0
    row = [0] * (len(right) + 1)
    for unit in left:
        new = [0]
        for at, other in enumerate(right):
            new.append(row[at] + 1 if unit == other else 0)
        longest, row = max(longest, *new), new
    return longest
