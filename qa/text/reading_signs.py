"""What the print of a text block says of its place in an article, and where blocks stand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from qa.text.strands import Floats


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
    :param titles: The text of each of them.
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
    titles: tuple[str, ...] = ()


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


def has_heading(signs: Signs) -> Floats:
    """Return whether a heading stands above each block."""
    return np.minimum(signs.headings, 1.0)


def steps(count: int) -> Floats:
    """Return how many blocks on the column's block stands from the row's."""
    numbers = np.arange(count, dtype=np.float32)
    return numbers[None, :] - numbers[:, None]
