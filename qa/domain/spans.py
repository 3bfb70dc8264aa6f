"""Spans: where something stands, half-open, in Unicode code points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.errors import OffsetMismatch


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch ``[start, end)`` of some text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a stretch that runs backwards."""
        if not 0 <= self.start <= self.end:
            raise OffsetMismatch(f"区间 [{self.start}, {self.end}) 不成立")

    def __len__(self) -> int:
        """Return the number of code points covered."""
        return self.end - self.start

    def shift(self, offset: int) -> Span:
        """Return the same stretch, ``offset`` further on."""
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """A stretch of the verbatim text of one source (来源)."""

    source_id: str
    span: Span


def merge_adjacent(places: Iterable[SourceSpan]) -> tuple[SourceSpan, ...]:
    """Join places that touch, in the order given; drop empty ones."""
    merged: list[SourceSpan] = []
    source, at = "", -1
    for place in places:
        span = place.span
        if span.start == span.end:
            continue
        if span.start == at and place.source_id == source:
            joined = Span(merged[-1].span.start, span.end)
            merged[-1] = SourceSpan(source_id=source, span=joined)
        else:
            merged.append(place)
        source, at = place.source_id, span.end
    return tuple(merged)
