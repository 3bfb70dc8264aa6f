"""What is printed, and where: runs of words, lines and blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SET_IN = "\u3000\u3000"
"""What a paragraph of Chinese print begins with; drawn as a distance, so written out here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where something is printed."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Return how high it is, which is the size of the print for a line."""
        return self.bottom - self.top

    def beside(self, other: Box) -> float:
        """Return how much of the height both share."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def above(self, other: Box) -> float:
        """Return how much of the width both share."""
        return min(self.right, other.right) - max(self.left, other.left)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of ``boxes``, of which there is at least one."""
    held = tuple(boxes)
    return Box(
        left=min(box.left for box in held),
        top=min(box.top for box in held),
        right=max(box.right for box in held),
        bottom=max(box.bottom for box in held),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words printed next to each other; ``size`` is the height of the print."""

    text: str
    box: Box
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines below one another that belong together."""

    lines: tuple[Line, ...]
    box: Box
    size: float

    @property
    def text(self) -> str:
        """Return the block as printed, a line a line, with two spaces where a paragraph is set in."""
        return "\n".join(self._set_in(at) + line.text for at, line in enumerate(self.lines))

    def _set_in(self, at: int) -> str:
        """Return the white space before a line; only left-aligned print has any."""
        neighbours = self.lines[max(at - 1, 0) : at] + self.lines[at + 1 : at + 2]
        depth = (self.lines[at].box.left - self.box.left) / self.size
        beside = any(line.box.left - self.box.left < 0.5 * self.size for line in neighbours)
        return SET_IN if beside and 1.2 <= depth <= 2.8 else ""
