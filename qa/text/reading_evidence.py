"""All that speaks for each way to put the text blocks of a page in order, one row of evidence a choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.text.language import TOPIC, Floats, Language, folded_points
from qa.text.reading_pairs import (
    of_going_on,
    of_headings,
    of_openings,
    of_places,
    of_print,
    of_topics,
    shared,
    unit,
)
from qa.text.reading_signs import Signs, Stretch, has_heading

PAIR_EVIDENCE = (
    "next", "soon", "second", "later", "before", "long_before", "distance", "long_page",
    "goes_on", "goes_on_broken", "goes_on_ended", "successor_broken", "successor_ended",
    "predecessor_broken", "predecessor_ended", "broken", "next_broken", "next_ended_alone",
    "opening_broken", "opening_ended", "opening_next",
    "claim", "claimed_elsewhere", "claims_elsewhere", "mixed", "mixed_next", "mixed_soon",
    "topic", "topic_of_page", "topic_next", "shared",
    "opens", "closed", "caption_above", "caption_below", "marked",
    "heading_next", "headline_next", "heading_apart", "signed_next", "same_width", "other_width",
    "heading_length_next", "headings_next", "heading_here", "heading_there", "heading_topic", "short_next",
    "announced",
)  # fmt: skip
START_EVIDENCE = (
    "start", "start_first", "start_opens", "start_heading", "start_headline", "start_marked",
    "start_signed", "start_caption", "start_nothing", "start_claimed", "start_after_closed",
    "start_opening",
    "start_mixed", "start_long_page",
)  # fmt: skip
NAMES = PAIR_EVIDENCE + START_EVIDENCE
"""The columns of the evidence, in the order in which they are weighed."""


class Section:
    """Some text blocks of a page and all that speaks for each way to put them in order."""

    def __init__(self, stretches: Sequence[Stretch], language: Language) -> None:
        """Look at each block and at each two of them."""
        self._signs = Signs.of(stretches)
        texts = [folded_points(each.text) for each in stretches]
        self._sizes = np.array([min(len(text), TOPIC) for text in texts], dtype=np.float32)
        self._topics = language.of(texts)
        self._shared = shared(texts)
        self._pairs = {
            **of_places(self._signs),
            **of_going_on(language.ends(texts) @ language.starts(texts).T, self._signs),
            **of_openings(language.openings(texts), self._signs),
            **of_topics(self._topics, self._shared),
            **of_print(self._signs),
            **of_headings(stretches, texts, language),
        }

    def evidence(self) -> Floats:
        """Return what speaks for each reading of n text blocks, shape (n, n + 1, len(NAMES)).

        Row j, column i is for block j to follow block i; the last column is for it to open an article.
        """
        count = len(self._sizes)
        starts = of_starts(self._signs, self._pairs)
        found = np.zeros((count, count + 1, len(NAMES)), dtype=np.float32)
        for at, name in enumerate(PAIR_EVIDENCE):
            found[:, :count, at] = self._pairs[name].T
        for at, name in enumerate(START_EVIDENCE, len(PAIR_EVIDENCE)):
            found[:, count, at] = starts[name]
        return found

    def second_evidence(self, chosen: Sequence[int | None], certain: Floats) -> Floats:
        """Return the evidence once more with what a first reading adds to it.

        With the text before one block and that after another put together, it is plainer what
        they speak of than from the two blocks alone.

        :param certain: Log probabilities of the first reading, shape (n, n + 1).
        """
        count = len(self._sizes)
        before, after = runs(chosen)
        topics = self._topics * self._sizes[:, None]
        middle = topics.sum(axis=0) / max(self._sizes.sum(), 1.0)
        heads, tails = (run @ (topics - self._sizes[:, None] * middle) for run in (before, after))
        likeness = unit(heads) @ unit(tails).T
        sizes = np.sqrt(np.outer(before @ self._sizes, after @ self._sizes)) / 100
        together = before @ (self._shared * np.sqrt(np.outer(self._sizes, self._sizes)) / 100) @ after.T
        together /= np.maximum(sizes, 0.1)
        picked = np.zeros((count, count + 1), dtype=np.float32)
        picked[np.arange(count), [count if each is None else each for each in chosen]] = 1.0
        added = np.zeros((count, count + 1, len(SECOND)), dtype=np.float32)
        added[..., 0] = np.maximum(certain, -12)
        added[..., 1] = picked
        added[:, :count, 2] = likeness.T
        added[:, :count, 3] = together.T
        added[:, :count, 4] = sizes.T / 5
        added[:, :count, 5] = (likeness * (self._signs.broken[:, None] == 0)).T
        added[:, :count, 6] = (together * (self._signs.broken[:, None] == 0)).T
        best = np.where(np.eye(count, dtype=bool), -1.0, likeness)
        added[:, count, 7] = best.max(axis=0) if count > 1 else 0.0
        np.fill_diagonal(likeness, 0.0)
        added[:, count, 8] = np.concatenate([[0.0], np.diagonal(likeness, 1)])
        return np.concatenate([self.evidence(), added], axis=2)


SECOND = (
    "certain", "chosen", "run_topic", "run_shared", "run_sizes", "run_topic_ended", "run_shared_ended",
    "start_run_topic", "start_next_topic",
)  # fmt: skip
RUN = 4
"""Blocks of a run at most."""


def runs(chosen: Sequence[int | None]) -> tuple[Floats, Floats]:
    """Return which blocks lie in the run that ends with each block, and in the run that starts with it."""
    count = len(chosen)
    before, after = np.eye(count, dtype=np.float32), np.eye(count, dtype=np.float32)
    for at in range(count):
        earlier = chosen[at]
        for _ in range(RUN - 1):
            if earlier is None:
                break
            before[at, earlier] = 1.0
            after[earlier, at] = 1.0
            earlier = chosen[earlier]
    return before, after


def of_starts(signs: Signs, pairs: dict[str, Floats]) -> dict[str, Floats]:
    """Return the evidence for each block to open an article."""
    count = len(signs.opens)
    told = np.maximum.reduce([signs.opens, has_heading(signs), signs.marked, signs.signed, signs.caption])
    return {
        "start": np.ones(count),
        "start_first": np.arange(count) == 0,
        "start_opens": signs.opens,
        "start_heading": has_heading(signs),
        "start_headline": signs.headline,
        "start_marked": signs.marked,
        "start_signed": signs.signed,
        "start_caption": signs.caption,
        "start_nothing": 1 - told,
        "start_claimed": pairs["claim"].max(axis=0),
        "start_opening": pairs["opening"][0],
        "start_after_closed": np.concatenate([[0.0], signs.closed[:-1]]),
        "start_mixed": pairs["mixed"][0],
        "start_long_page": pairs["long_page"][0],
    }
