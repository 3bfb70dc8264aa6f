"""Reading order (阅读顺序): which block of text goes on in which, however the page was extracted.

Every text block either opens an article or follows one other block. What speaks for each of its
possible predecessors is put into a row of evidence, which is weighed as was learnt on made pages
(``training/page_reading.py``; a conditional logit after McFadden 1974 with one hidden layer), and the
best reading of the whole page, in which no block is followed by two, is an assignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import linear_sum_assignment

from qa.text.language import PAIRS, TOPIC, Floats, Language, Numbers, folded_points, pair_rows
from qa.text.weighing import Weighing, log_sum

SECTION = 160
"""Text blocks that are compared with each other at most; longer texts are read a section at a time."""

NEVER = -1e6
"""Score of what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A text block with what its print says of its place in an article.

    :param opens: It begins with a dateline.
    :param closed: It ends with a credit, a signature or a jump, after which nothing follows.
    :param broken_off: It does not end where a sentence does.
    :param caption: It stands under a picture.
    :param marked: ``（上接第1版）`` stands above it.
    :param signed: A byline stands above it.
    :param headings: Headings printed between the text block before it and it.
    :param headline: They are set like a headline and not like a subheading.
    :param heading: Their text.
    :param announces: One of them is the name of a notice, such as 公告.
    :param leaves: It ends with a jump to another page, such as （下转第4版）.
    :param width: Characters of a full line; 0 where the text was not set in a column.
    """

    text: str
    opens: bool
    closed: bool
    broken_off: bool
    caption: bool
    marked: bool
    signed: bool
    headings: int
    headline: bool
    heading: str
    announces: bool
    width: float
    leaves: bool = False


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


READ_FROM = {"broken": "broken_off"}
"""What a sign is called in ``Stretch``, where it has another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is told of each text block, as columns of zeros and ones."""

    opens: Floats
    closed: Floats
    broken: Floats
    caption: Floats
    marked: Floats
    signed: Floats
    headings: Floats
    headline: Floats
    announces: Floats
    width: Floats

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> Signs:
        """Return the signs of a section."""
        names = tuple(each.name for each in fields(cls))
        rows = [
            [float(getattr(stretch, READ_FROM.get(name, name))) for name in names] for stretch in stretches
        ]
        columns = np.array(rows, dtype=np.float32).reshape(len(stretches), len(names)).T
        return cls(**dict(zip(names, columns, strict=True)))


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


def has_heading(signs: Signs) -> Floats:
    """Return whether a heading stands above each block."""
    return np.minimum(signs.headings, 1.0)


def steps(count: int) -> Floats:
    """Return how many blocks on the column's block stands from the row's."""
    numbers = np.arange(count, dtype=np.float32)
    return numbers[None, :] - numbers[:, None]


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


def highest_of_others(values: Floats) -> Floats:
    """Return for each value the highest other one of its row."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    two = np.partition(values, -2, axis=1)[:, -2:]
    return np.where(values == two[:, 1:], two[:, :1], two[:, 1:])


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


def predecessors(section: Section, first: Weighing, second: Weighing) -> list[int | None]:
    """Return for each block which one it follows; None where it opens an article.

    No block is followed by two, and none follows itself by way of others.
    """
    certain = certainties(section.evidence(), first)
    again = certainties(section.second_evidence(best_reading(certain), certain), second)
    return best_reading(again)


TOLD = 0.5
"""By what the score is raised that a text opens an article where its print says so.

One article too many is better than two mixed.
"""

UNTOLD = 1.5
"""By what the score is lessened that a text opens an article though nothing in its print says so.

On made pages more articles have lost their headlines than in print.
"""


def certainties(found: Floats, weighing: Weighing) -> Floats:
    """Return log probabilities, shape (n, n + 1): to follow each block, and last to open an article."""
    count = len(found)
    scores = weighing.scores(found)
    scores[np.arange(count), np.arange(count)] = NEVER
    untold = found[:, count, NAMES.index("start_nothing")]
    scores[:, count] += np.where(untold > 0, -UNTOLD, TOLD)
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
