"""Measures of one outcome against the accepted answers, and of many."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10


def folded(text: str) -> str:
    """Return a copy for comparing: width and case folded, white space and punctuation dropped.

    A point between digits stays, and so do ``%`` and ``+``.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())
    return "".join(c for at, c in enumerate(plain) if counts(c) or is_decimal_point(plain, at))


def counts(character: str) -> bool:
    """Tell whether a character is no punctuation and no symbol."""
    return character in "%+" or unicodedata.category(character)[0] not in "PS"


def is_decimal_point(text: str, at: int) -> bool:
    """Tell whether a point stands between two digits."""
    return text[at] == "." and text[max(at - 1, 0)].isdigit() and text[at + 1 : at + 2].isdigit()


def exact(answer: str, accepted: Sequence[str]) -> float:
    """Return 1 when the answer is one of the accepted, else 0."""
    return float(folded(answer) in {folded(each) for each in accepted})


def bag_f1(answer: str, accepted: Sequence[str]) -> float:
    """Return the best F1 over the characters of an answer and an accepted one, in [0, 1]."""

    def score(guess: str, truth: str) -> float:
        common = (Counter(guess) & Counter(truth)).total()
        return 2 * common / (len(guess) + len(truth)) if common else 0.0

    return max((score(folded(answer), folded(each)) for each in accepted), default=0.0)


def is_correct(answer: str, accepted: Sequence[str]) -> bool:
    """Tell whether an answer holds an accepted one, not inside a longer number, and is not much longer.

    At most three times as long plus eight characters, so that a paragraph is no answer.
    """
    guess = folded(answer)
    truths = [truth for truth in map(folded, accepted) if truth]
    return any(holds(guess, truth) and len(guess) <= 3 * len(truth) + 8 for truth in truths)


def holds(text: str, answer: str) -> bool:
    """Tell whether folded text holds a folded answer that is not part of a longer number."""
    before = r"(?<![\d.])" if answer[0].isdigit() else ""
    behind = r"(?![\d.])" if answer[-1].isdigit() else ""
    return re.search(before + re.escape(answer) + behind, text) is not None


def area_under_risk_coverage(certain: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the mean risk over all coverages when the surest answers come first; lower is better.

    Geifman and El-Yaniv (2017); equal certainties in the order given.
    """
    if not certain:
        return None
    order = np.argsort(-np.asarray(certain), kind="stable")
    wrong: NDArray[np.float64] = 1.0 - np.asarray(right, dtype=float)[order]
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


def expected_calibration_error(certain: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the mean distance of certainty from accuracy over ten bins of equal width, weighted by size."""
    if not certain:
        return None
    confidence, correct = np.asarray(certain), np.asarray(right, dtype=float)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    members = [bins == number for number in range(BINS) if (bins == number).any()]
    return float(sum(abs(confidence[m].mean() - correct[m].mean()) * m.mean() for m in members))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Return the chance that a positive scores above a negative, ties half; None without both."""
    values, labels = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)
    above, below = values[labels], values[~labels]
    if not len(above) or not len(below):
        return None
    ordered = np.sort(below)
    lower, not_higher = (np.searchsorted(ordered, above, side=side).mean() for side in ("left", "right"))
    return float((lower + not_higher) / 2 / len(below))


def at(depth: int) -> Callable[[int | None], float]:
    """Return recall at ``depth`` as a function of the first relevant rank (from 1; None for never)."""
    return lambda rank: float(rank is not None and rank <= depth)


RETRIEVAL: dict[str, Callable[[int | None], float]] = {
    "R@1": at(1),
    "R@5": at(5),
    "R@10": at(10),
    "MRR@10": lambda rank: 1 / rank if rank is not None and rank <= 10 else 0.0,
    "nDCG@10": lambda rank: 1 / math.log2(rank + 1) if rank is not None and rank <= 10 else 0.0,
}
"""Measures of the rank of the first passage that holds an accepted answer."""
