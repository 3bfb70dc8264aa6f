"""The headings of a page where they stand, and what each of them may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise

import numpy as np

from qa.domain.spans import Span
from qa.text.blocks import Block, Role
from qa.text.places import Page
from qa.text.strands import Floats, Numbers


class Part(StrEnum):
    """What a heading is in its article; in the order of the first columns of the evidence."""

    HEADLINE = "headline"
    INSIDE = "inside"
    TAIL = "tail"
    LEAD = "lead"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a heading may be.

    :param article: Number of the article; None for nothing.
    """

    part: Part
    article: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading where it stands.

    :param gap: Number of the text block that follows it on the page.
    :param position: Among the headings of its gap, from the top.
    :param among: How many headings its gap has.
    :param signed: A byline follows it at once.
    """

    block: Block
    gap: int
    position: int
    among: int
    signed: bool


def headings_of(page: Page) -> Iterator[Heading]:
    """Yield the headings of a page in print order."""
    for gap, between in enumerate([*(place.above for place in page.places), page.below]):
        at = [number for number, block in enumerate(between) if block.role is Role.HEADING]
        for position, number in enumerate(at):
            after = between[number + 1] if number + 1 < len(between) else None
            yield Heading(
                block=between[number],
                gap=gap,
                position=position,
                among=len(at),
                signed=after is not None and after.role is Role.BYLINE,
            )


MOST = 10**6
"""Text blocks times headings that are compared at once: a thousand of each, far more than any page prints."""


def parts_of(page: Page) -> list[Span]:
    """Return the stretches of text blocks whose headings are looked at together: mostly one."""
    starts, headings = [0], 0
    between = [place.above for place in page.places]
    # Those below the last text are looked at with it.
    between[-1:] = [(*each, *page.below) for each in between[-1:]]
    for at, blocks in enumerate(between):
        own = sum(block.role is Role.HEADING for block in blocks)
        headings += own
        if at > starts[-1] and (at + 1 - starts[-1]) * headings > MOST:
            starts.append(at)
            headings = own
    return [Span(*each) for each in pairwise([*starts, len(page.places)])]


PARTS = tuple(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options of all headings of a page, one behind the other.

    :param starts: Where the options of each heading start, shape (headings,); each has at least one.
    :param heading: The number of the heading of each option, shape (options,).
    :param part: The position of its part in ``PARTS``, likewise.
    :param article: The number of its article, likewise; ``NO_ARTICLE`` for nothing.
    """

    options: tuple[Option, ...]
    starts: Numbers
    heading: Numbers
    part: Numbers
    article: Numbers

    @classmethod
    def of(cls, options: Sequence[Sequence[Option]]) -> Choices:
        """Return the options of each heading as one list."""
        counts = np.array([len(each) for each in options], dtype=np.int64)
        listed = tuple(chain.from_iterable(options))
        articles = [NO_ARTICLE if each.article is None else each.article for each in listed]
        return cls(
            options=listed,
            starts=np.cumsum(counts) - counts,
            heading=np.repeat(np.arange(len(options)), counts),
            part=np.array([PARTS.index(each.part) for each in listed], dtype=np.int64),
            article=np.array(articles, dtype=np.int64),
        )

    def apart(self, rows: Floats) -> list[Floats]:
        """Return rows, one an option, heading by heading."""
        return np.split(rows, self.starts[1:])

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probability of each option of its heading."""
        raised = np.exp(scores - np.maximum.reduceat(scores, self.starts)[self.heading])
        result: Floats = (raised / np.add.reduceat(raised, self.starts)[self.heading]).astype(np.float32)
        return result


NO_ARTICLE = -1
