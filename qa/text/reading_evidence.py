"""All that speaks for each way to put the text blocks of a page in order, one row of evidence a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qa.text.language import TOPIC, pairs_of
from qa.text.reading_pairs import (
    SHARED,
    Manners,
    of_going_on,
    of_headings,
    of_lengths,
    of_manner,
    of_openings,
    of_places,
    of_print,
    of_topics,
    shared,
    unit,
)
from qa.text.reading_signs import Signs, Stretch, has_heading
from qa.text.strands import Floats, Held
from qa.text.weighing import ODDS, clipped
from qa.text.wording import Wording

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
    "begins", "begins_next", "ending", "ending_next", "title_next",
)  # fmt: skip
START_EVIDENCE = (
    "start", "start_first", "start_opens", "start_heading", "start_headline", "start_marked",
    "start_signed", "start_caption", "start_nothing", "start_claimed", "start_after_closed",
    "start_opening",
    "start_mixed", "start_long_page",
    "start_begins", "start_title", "start_begins_titled", "start_ending_above", "start_ended_above",
)  # fmt: skip
NAMES = PAIR_EVIDENCE + START_EVIDENCE
"""The columns of the evidence, in the order in which they are weighed."""

SECOND = (
    "certain", "chosen", "run_topic", "run_shared", "run_sizes", "run_topic_ended", "run_shared_ended",
    "start_run_topic", "start_next_topic",
)  # fmt: skip
"""The columns that a first reading adds; the first two tell of both, the last two of openings only."""


class Section:
    """Some text blocks of a page and all that speaks for each way to put them in order."""

    def __init__(self, stretches: Sequence[Stretch], wording: Wording) -> None:
        """Look at each block and at each two of them."""
        rows = wording.rows([each.text for each in stretches])
        texts = wording.points.chosen(rows)
        held = Held(pairs_of(texts.head(SHARED)))
        self._signs = Signs.of(stretches)
        self._sizes = np.minimum(texts.lengths, TOPIC).astype(np.float32)
        self._topics = wording.topics[rows]
        self._shared = shared(held, len(stretches))
        pairs = {
            **of_places(self._signs),
            **of_going_on(wording.ends[rows] @ wording.starts[rows].T, self._signs),
            **of_openings(wording.openings[rows], self._signs),
            **of_topics(self._topics, self._shared),
            **of_print(self._signs),
            **of_headings(stretches, held, self._topics, wording.language),
            **of_lengths(texts.lengths),
            **of_manner(manner_of(stretches, wording), self._signs),
        }
        self._found = columns(NAMES, pairs, of_starts(self._signs, pairs), count=len(stretches))

    def evidence(self) -> Floats:
        """Return what speaks for each reading of n text blocks, shape (n, n + 1, len(NAMES)).

        Row j, column i is for block j to follow block i; the last column is for it to open an article.
        """
        return self._found.transpose(2, 1, 0)

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
        others = np.where(np.eye(count, dtype=bool), -1.0 if count > 1 else 0.0, likeness)
        ended = self._signs.broken[:, None] == 0
        certain = np.maximum(certain, -12)
        pairs = {
            "certain": certain[:, :count].T,
            "chosen": picked[:, :count].T,
            "run_topic": likeness,
            "run_shared": together,
            "run_sizes": sizes / 5,
            "run_topic_ended": likeness * ended,
            "run_shared_ended": together * ended,
        }
        starts = {
            "certain": certain[:, count],
            "chosen": picked[:, count],
            "start_run_topic": others.max(axis=0),
            "start_next_topic": np.concatenate([[0.0], np.diagonal(likeness, 1)]),
        }
        added = columns(SECOND, pairs, starts, count=count)
        return np.concatenate([self._found, added]).transpose(2, 1, 0)


def columns(
    names: Sequence[str], pairs: Mapping[str, Floats], starts: Mapping[str, Floats], *, count: int
) -> Floats:
    """Return named evidence in one array, shape (names, count + 1, count); none is zero.

    :param pairs: For block j to follow block i, shape (count, count) or one that goes up to it.
    :param starts: For each block to open an article, shape (count,); stands in the last row.
    """
    assert pairs.keys() | starts.keys() >= set(names)
    found = np.empty((len(names), count + 1, count), dtype=np.float32)
    for at, name in enumerate(names):
        found[at, :count] = pairs.get(name, 0.0)
        found[at, count] = starts.get(name, 0.0)
    return found


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


def of_starts(signs: Signs, pairs: Mapping[str, Floats]) -> dict[str, Floats]:
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
        "start_begins": pairs["begins"][0],
        "start_title": above(np.diagonal(pairs["title_next"], 1)),
        "start_begins_titled": pairs["begins"][0] * has_heading(signs),
        "start_ending_above": above(pairs["ending"][:-1, 0]),
        "start_ended_above": above(1 - signs.broken[:-1]),
    }


def above(values: Floats) -> Floats:
    """Return what is told of all blocks but the last as told to the block right below each of them."""
    return np.concatenate([[0.0], values]).astype(np.float32)


def manner_of(stretches: Sequence[Stretch], wording: Wording) -> Manners:
    """Return how the texts of some blocks and the headings above them read."""
    rows, headlines = wording.rows([each.text for each in stretches]), wording.headlines
    titles = [headlines[wording.rows(each.titles)].max(initial=-ODDS) for each in stretches]
    return Manners(
        begins=clipped(wording.beginnings[rows]),
        ending=clipped(wording.endings[rows]),
        title=np.where([bool(each.titles) for each in stretches], clipped(np.array(titles)), 0.0),
    )
