"""The headings of a page where they stand, and what each of them may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.text.blocks import Block, Role
from qa.text.places import Page


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


def int_of(number: int | None) -> int:
    """Return a number that is known to be one."""
    return number or 0
