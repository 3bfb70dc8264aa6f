"""Evidence on two text blocks: what speaks for the one to follow the other.

Each function returns some columns of ``reading_evidence.PAIR_EVIDENCE`` by name, shape (n, n) or one that
goes up to it: in row i, column j stands what is said of block j to follow block i.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike

from qa.text.language import Language, folded_points, pairs_of
from qa.text.reading_signs import Signs, Stretch, has_heading, steps
from qa.text.strands import MISSING, Floats, Held, Numbers
from qa.text.weighing import NEVER, highest_of_others, log_sum


def of_places(signs: Signs) -> dict[str, Floats]:
    """Return the evidence of where two blocks stand."""
    step = steps(len(signs.opens))
    return {
        "next": step == 1,
        "soon": (step == 2) | (step == 3),
        "second": step == 2,
        "later": (step > 3) & (step <= 8),
        "before": (step < 0) & (step >= -4),
        "long_before": (step < -4) | (step > 8),
        "distance": np.minimum(np.abs(step), 20) / 10,
        "long_page": np.full((1, 1), len(step) / 50, dtype=np.float32),
    }


def of_going_on(going_on: Floats, signs: Signs) -> dict[str, Floats]:
    """Return the evidence of how well one text goes on in another."""
    np.fill_diagonal(going_on, NEVER)
    successor = np.clip(going_on - log_sum(going_on, axis=1), -30, 0)
    predecessor = np.clip(going_on - log_sum(going_on, axis=0), -30, 0)
    broken, ended = signs.broken[:, None], 1 - signs.broken[:, None]
    claim = np.exp(successor + predecessor) * broken
    step = steps(len(going_on))
    mixed = share_mixed(np.exp(np.diagonal(successor, 1)), signs.broken[:-1])
    raw = np.clip(going_on, -30, 30) / 10
    return {
        "goes_on": raw,
        "goes_on_broken": raw * broken,
        "goes_on_ended": raw * ended,
        "successor_broken": successor * broken,
        "successor_ended": successor * ended,
        "predecessor_broken": predecessor * broken,
        "predecessor_ended": predecessor * ended,
        "broken": broken,
        "next_broken": (step == 1) * broken,
        "next_ended_alone": (step == 1) * ended * (1 - has_heading(signs)[None, :]),
        "claim": claim,
        "claimed_elsewhere": highest_of_others(claim.T).T,
        "claims_elsewhere": highest_of_others(claim),
        "mixed": np.full((1, 1), mixed, dtype=np.float32),
        "mixed_next": (step == 1) * mixed,
        "mixed_soon": ((step == 2) | (step == 3)) * mixed,
    }


def of_openings(odds: Floats, signs: Signs) -> dict[str, Floats]:
    """Return the evidence of whether a sentence begins where a block does."""
    odds = np.clip(odds, -8, 8).astype(np.float32) / np.float32(4)
    broken = signs.broken[:, None]
    step = steps(len(odds))
    return {
        "opening_broken": odds[None, :] * broken,
        "opening_ended": odds[None, :] * (1 - broken),
        "opening_next": odds[None, :] * (1 - broken) * (step == 1),
        "opening": odds[None, :],
    }


def share_mixed(goes_on_next: Floats, broken: Floats) -> float:
    """Return how often a text that breaks off does not go on in the next block, as in mixed columns."""
    if not broken.any():
        return UNKNOWN_MIXED
    return float((goes_on_next[broken > 0] < UNLIKELY).mean())


UNLIKELY, UNKNOWN_MIXED = 0.2, 0.3


def of_topics(topics: Floats, together: Floats) -> dict[str, Floats]:
    """Return the evidence of what two blocks speak of."""
    apart = unit(topics - topics.mean(axis=0))
    likeness = topics @ topics.T
    return {
        "topic": likeness,
        "topic_of_page": apart @ apart.T,
        "topic_next": likeness * (steps(len(topics)) == 1),
        "shared": together,
    }


def of_print(signs: Signs) -> dict[str, Floats]:
    """Return the evidence of how two blocks are printed, and of what stands between them."""
    ahead = steps(len(signs.opens)) == 1
    known = (signs.width[:, None] > 0) & (signs.width[None, :] > 0)
    alike = np.abs(signs.width[:, None] - signs.width[None, :]) <= 1
    return {
        "opens": signs.opens[None, :],
        "closed": signs.closed[:, None],
        "caption_above": signs.caption[:, None],
        "caption_below": signs.caption[None, :],
        "marked": signs.marked[None, :],
        "announced": signs.announces[None, :],
        "heading_next": ahead * has_heading(signs)[None, :],
        "headline_next": ahead * signs.headline[None, :],
        "heading_apart": ~ahead * has_heading(signs)[None, :],
        "signed_next": ahead * signs.signed[None, :],
        "same_width": alike & known,
        "other_width": ~alike & known,
    }


def of_headings(
    stretches: Sequence[Stretch], held: Held, topics: Floats, language: Language
) -> dict[str, Floats]:
    """Return the evidence of the headings between a block and the next: how long, whose words they use.

    :param held: The pairs of characters that each block holds.
    :param topics: What each block speaks of, shape (n, depth).
    """
    count = len(stretches)
    at = np.array([each for each in range(1, count) if stretches[each].heading], dtype=np.int64)
    headings = folded_points([stretches[each].heading for each in at])
    pairs = Held(pairs_of(headings))
    number, own = pairs.owners, language.of(headings)
    kinds = np.maximum(np.bincount(number, minlength=len(at)), 1)
    here, there = (
        np.bincount(number, held.tell(pairs.numbers, blocks[number]), minlength=len(at)) / kinds
        for blocks in (at, at - 1)
    )
    values = {
        "heading_length_next": np.minimum(headings.lengths / 30, 2.0),
        "headings_next": np.minimum([stretches[each].headings for each in at], 4) / 2,
        "heading_here": here,
        "heading_there": there,
        "heading_topic": (own * (topics[at] - topics[at - 1])).sum(axis=1),
    }
    return {name: between(at, each, count=count) for name, each in values.items()}


def of_lengths(lengths: Numbers) -> dict[str, Floats]:
    """Return the evidence of how long two blocks are."""
    at = np.arange(1, len(lengths))
    return {"short_next": between(at, lengths[:-1] < SHORT, count=len(lengths))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How some blocks read, shape (n,) each: like a beginning, like an end, their headings like headlines."""

    begins: Floats
    ending: Floats
    title: Floats


def of_manner(manners: Manners, signs: Signs) -> dict[str, Floats]:
    """Return the evidence of how two blocks read, and the headings between them."""
    ahead = steps(len(signs.opens)) == 1
    ending = manners.ending[:, None] * (1 - signs.broken[:, None])
    return {
        "begins": manners.begins[None, :],
        "begins_next": manners.begins[None, :] * ahead,
        "ending": ending,
        "ending_next": ending * ahead,
        "title_next": manners.title[None, :] * ahead,
    }


def between(at: Numbers, values: ArrayLike, *, count: int) -> Floats:
    """Return evidence for blocks with these numbers to follow the one right above them, none for all else."""
    found = np.zeros((count, count), dtype=np.float32)
    found[at - 1, at] = values
    return found


SHORT = 80
"""Characters below which a block tells little of what it speaks of."""


def shared(held: Held, count: int) -> Floats:
    """Return how many character pairs that few blocks of the page hold each two of them share.

    A name or a term that stands in two or three blocks only says that they belong together.

    :param held: The pairs of characters that each of ``count`` blocks holds.
    """
    together = np.zeros(count * count)
    numbers, blocks = held.numbers, held.owners
    first = np.flatnonzero(np.diff(numbers, prepend=MISSING))
    times = np.diff(first, append=len(numbers))
    for few in (2, 3):
        groups = blocks[first[times == few][:, None] + np.arange(few)]
        for one, other in permutations(range(few), 2):
            keys = groups[:, one] * count + groups[:, other]
            together += np.bincount(keys, minlength=count * count) / (few - 1)
    sizes = np.sqrt(np.maximum(np.bincount(blocks, minlength=count), 1))
    relative: Floats = (together.reshape(count, count) / np.outer(sizes, sizes) * 10).astype(np.float32)
    return relative


SHARED = 1000
"""Characters of a block whose pairs are compared with those of the others."""


def unit(rows: Floats) -> Floats:
    """Return rows of length one; zero rows stay zero."""
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    scaled: Floats = rows / lengths
    return scaled
