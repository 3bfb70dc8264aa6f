"""Reading order (阅读顺序): which block of text goes on in which, however the page was extracted.

Every text block either opens an article or follows one other block. What speaks for each of its
possible predecessors is put into a row of evidence, which is weighed as was learnt on made pages
(``training/page_reading.py``; a conditional logit after McFadden 1974 with one hidden layer), and the
best reading of the whole page, in which no block is followed by two, is an assignment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from qa.text.reading_evidence import NAMES, Section
from qa.text.strands import Floats
from qa.text.weighing import NEVER, Weighing, log_sum

SECTION = 160
"""Text blocks that are compared with each other at most; longer texts are read a section at a time."""


def predecessors(section: Section, first: Weighing, second: Weighing) -> list[int | None]:
    """Return for each block which one it follows; None where it opens an article.

    No block is followed by two, and none follows itself by way of others.
    """
    certain = certainties(section.evidence(), first)
    again = section.second_evidence(best_reading(certain), certain)
    return best_reading(certainties(again, second, among=certain > RULED_OUT))


Told = NDArray[np.bool_]

RULED_OUT = -9.0
"""Log probability after the first look up to which nothing is looked at again: one in eight thousand."""

UNTOLD = 1.0
"""By what the score is lessened that a text opens an article though nothing in its print says so.

On made pages more articles have lost their headlines than in print.
"""


def certainties(found: Floats, weighing: Weighing, *, among: Told | None = None) -> Floats:
    """Return log probabilities, shape (n, n + 1): to follow each block, and last to open an article.

    :param among: What is weighed at all, shape (n, n + 1); to open an article always is. None for everything.
    """
    count = len(found)
    if among is None:
        scores = weighing.scores(found)
    else:
        among = among | (np.arange(count + 1) == count)
        scores = np.full(among.shape, NEVER, dtype=np.float32)
        # Turned round, so that each column of the evidence is read as it lies in memory.
        scores.T[among.T] = weighing.scores(found.T[:, among.T].T)
    scores[np.arange(count), np.arange(count)] = NEVER
    untold = found[:, count, NAMES.index("start_nothing")]
    scores[:, count] -= UNTOLD * (untold > 0)
    # Below （上接第1版） nothing of this page goes on.
    scores[found[:, -1, NAMES.index("start_marked")] > 0, :count] = NEVER
    certain: Floats = scores - log_sum(scores, axis=1)
    return certain


def best_reading(certain: Floats) -> list[int | None]:
    """Return the most probable predecessors of which no two are the same and none lead in a circle."""
    count = len(certain)
    chosen: list[int] = [int(each) for each in certain.argmax(axis=1)]
    followed = [each for each in chosen if each < count]
    if len(set(followed)) < len(followed):
        alone = np.full((count, count), 2 * NEVER)
        np.fill_diagonal(alone, certain[:, count])
        _, assigned = linear_sum_assignment(-np.concatenate([certain[:, :count], alone], axis=1))
        chosen = [int(each) for each in assigned]
    return without_circles([each if each < count else None for each in chosen], certain)


def without_circles(chosen: list[int | None], certain: Floats) -> list[int | None]:
    """Return predecessors in which every circle is opened at its least certain link."""
    done: set[int] = set()
    for begin in range(len(chosen)):
        path: list[int] = []
        at: int | None = begin
        while at is not None and at not in done:
            done.add(at)
            path.append(at)
            at = chosen[at]
        if at is not None and at in path:
            circle = path[path.index(at) :]
            weakest = min(circle, key=lambda each: (link_gain(chosen, certain, each), each))
            chosen[weakest] = None
    return chosen


def link_gain(chosen: Sequence[int | None], certain: Floats, at: int) -> float:
    """Return how much more certain a block's predecessor is than that it opens an article."""
    return float(certain[at, chosen[at]] - certain[at, -1])
