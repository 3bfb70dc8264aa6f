"""Evidence on two text blocks: what speaks for the one to follow the other.

Each function returns some columns of ``reading_evidence.PAIR_EVIDENCE``; in row i, column j of each stands
what is said of block j to follow block i.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.text.language import PAIRS, Floats, Language, Numbers, folded_points, pair_rows
from qa.text.reading_signs import Signs, Stretch, has_heading, steps
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
        "long_page": np.full_like(step, len(step) / 50),
    }


def of_going_on(going_on: Floats, signs: Signs) -> dict[str, Floats]:
    """Return the evidence of how well one text goes on in another."""
    count = len(going_on)
    np.fill_diagonal(going_on, NEVER)
    successor = np.clip(going_on - log_sum(going_on, axis=1), -30, 0)
    predecessor = np.clip(going_on - log_sum(going_on, axis=0), -30, 0)
    broken, ended = signs.broken[:, None], 1 - signs.broken[:, None]
    claim = np.exp(successor + predecessor) * broken
    step = steps(count)
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
        "broken": np.broadcast_to(broken, (count, count)),
        "next_broken": (step == 1) * broken,
        "next_ended_alone": (step == 1) * ended * (1 - has_heading(signs)[None, :]),
        "claim": claim,
        "claimed_elsewhere": highest_of_others(claim.T).T,
        "claims_elsewhere": highest_of_others(claim),
        "mixed": np.full_like(step, mixed),
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
        "opening": np.broadcast_to(odds[None, :], step.shape),
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
    shape = (len(signs.opens), len(signs.opens))
    ahead = steps(len(signs.opens)) == 1
    known = (signs.width[:, None] > 0) & (signs.width[None, :] > 0)
    alike = np.abs(signs.width[:, None] - signs.width[None, :]) <= 1
    return {
        "opens": np.broadcast_to(signs.opens[None, :], shape),
        "closed": np.broadcast_to(signs.closed[:, None], shape),
        "caption_above": np.broadcast_to(signs.caption[:, None], shape),
        "caption_below": np.broadcast_to(signs.caption[None, :], shape),
        "marked": np.broadcast_to(signs.marked[None, :], shape),
        "announced": np.broadcast_to(signs.announces[None, :], shape),
        "heading_next": ahead * has_heading(signs)[None, :],
        "headline_next": ahead * signs.headline[None, :],
        "heading_apart": ~ahead * has_heading(signs)[None, :],
        "signed_next": ahead * signs.signed[None, :],
        "same_width": alike & known,
        "other_width": ~alike & known,
    }


def of_headings(
    stretches: Sequence[Stretch], texts: Sequence[Numbers], language: Language
) -> dict[str, Floats]:
    """Return the evidence of the headings between a block and the next: how long, whose words they use."""
    count = len(stretches)
    found = {name: np.zeros((count, count), dtype=np.float32) for name in OF_HEADINGS}
    for at in range(1, count):
        found["short_next"][at - 1, at] = len(texts[at - 1]) < SHORT
        if not stretches[at].heading:
            continue
        heading = folded_points(stretches[at].heading)
        topics = language.of([heading, texts[at], texts[at - 1]])
        pairs = np.unique(pair_rows(heading))
        found["heading_length_next"][at - 1, at] = min(len(heading) / 30, 2.0)
        found["headings_next"][at - 1, at] = min(stretches[at].headings, 4) / 2
        found["heading_here"][at - 1, at] = share_held(pairs, texts[at])
        found["heading_there"][at - 1, at] = share_held(pairs, texts[at - 1])
        found["heading_topic"][at - 1, at] = float(topics[0] @ topics[1] - topics[0] @ topics[2])
    return found


OF_HEADINGS = (
    "heading_length_next", "headings_next", "heading_here", "heading_there", "heading_topic", "short_next",
)  # fmt: skip


def share_held(pairs: Numbers, text: Numbers) -> float:
    """Return the share of some character pairs that a text holds."""
    held = np.zeros(PAIRS, dtype=bool)
    held[pair_rows(text[:SHARED])] = True
    return float(held[pairs].mean()) if len(pairs) else 0.0


SHORT = 80
"""Characters below which a block tells little of what it speaks of."""


def shared(texts: Sequence[Numbers]) -> Floats:
    """Return how many character pairs that few blocks of the page hold each two of them share.

    A name or a term that stands in two or three blocks only says that they belong together.
    """
    held = [np.unique(pair_rows(points[:SHARED])) for points in texts]
    together = np.zeros((len(texts), len(texts)), dtype=np.float32)
    if len(texts) < 2:
        return together
    rows = np.concatenate(held)
    blocks = np.repeat(np.arange(len(texts)), [len(each) for each in held])
    order = np.argsort(rows, kind="stable")
    _, first, times = np.unique(rows[order], return_index=True, return_counts=True)
    for few in (2, 3):
        groups = blocks[order][first[times == few][:, None] + np.arange(few)]
        for one in range(few):
            for other in range(few):
                if one != other:
                    np.add.at(together, (groups[:, one], groups[:, other]), 1.0 / (few - 1))
    sizes = np.sqrt(np.array([max(len(each), 1) for each in held], dtype=np.float32))
    relative: Floats = (together / sizes[:, None] / sizes[None, :] * 10).astype(np.float32)
    return relative


SHARED = 1000
"""Characters of a block whose pairs are compared with those of the others."""


def unit(rows: Floats) -> Floats:
    """Return rows of length one; zero rows stay zero."""
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    scaled: Floats = rows / lengths
    return scaled
