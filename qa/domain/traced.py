"""Traced text: text that knows, for every character, where it was printed.

Everything between the file and the citation is done to traced text, and the
only operations are cutting, slicing and joining. None of them can add or change a
character, which is how the promise that quotes are verbatim is kept: not by
checking afterwards, but because nothing else can be written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from qa.domain.spans import SourceSpan, Span, merge_adjacent
from qa.errors import OffsetMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedText:
    """Characters of one or more sources, in reading order.

    :param origin: Where each stretch of ``text`` was printed; as long as the text.
    """

    text: str
    origin: tuple[SourceSpan, ...]

    def __post_init__(self) -> None:
        """Hold text and origin to the same length."""
        covered = sum([place.span.end - place.span.start for place in self.origin])
        if covered != len(self.text):
            raise OffsetMismatch(f"正文 {len(self.text)} 字，有出处的 {covered} 字")

    @classmethod
    def whole(cls, text: str, *, source_id: str) -> TracedText:
        """Return the verbatim text of a source."""
        place = SourceSpan(source_id=source_id, span=Span(0, len(text)))
        return cls(text=text, origin=(place,) if text else ())

    @classmethod
    def joined(cls, pieces: Iterable[TracedText]) -> TracedText:
        """Return the pieces one after the other, with nothing put between them."""
        pieces = tuple(pieces)
        places = (place for piece in pieces for place in piece.origin)
        return cls(text="".join(piece.text for piece in pieces), origin=merge_adjacent(places))

    def pieces(self, spans: Iterable[Span]) -> Iterator[TracedText]:
        """Yield the stretches ``spans``, which must be sorted and not overlap."""
        spans = tuple(spans)
        places = self._places((span.start, span.end) for span in spans)
        for span, printed in zip(spans, places, strict=True):
            yield TracedText(text=self.text[span.start : span.end], origin=merged(printed))

    def slice(self, span: Span) -> TracedText:
        """Return one stretch."""
        return next(self.pieces((span,)))

    def cut(self, spans: Iterable[Span]) -> TracedText:
        """Return the text without ``spans``, in any order."""
        cuts = sorted((span.start, span.end) for span in spans if span.start < span.end)
        if not cuts:
            return self
        kept: list[tuple[int, int]] = []
        position = 0
        for start, end in cuts:
            if start > position:
                kept.append((position, start))
            position = max(position, end)
        if position < len(self.text):
            kept.append((position, len(self.text)))
        text = "".join([self.text[start:end] for start, end in kept])
        return TracedText(text=text, origin=merged(chain.from_iterable(self._places(kept))))

    def _places(self, stretches: Iterable[tuple[int, int]]) -> Iterator[list[Printed]]:
        """Yield where each of some stretches was printed.

        One sweep over the origin serves all of them, so that cutting a page of
        a million lines stays linear.
        """
        index = offset = 0
        for first, last in stretches:
            places: list[Printed] = []
            while index < len(self.origin):
                place = self.origin[index]
                shift = place.span.start - offset
                after = place.span.end - shift
                start, end = max(first, offset), min(last, after)
                if start < end:
                    places.append((place.source_id, start + shift, end + shift))
                if after > last:
                    break
                index, offset = index + 1, after
            yield places


Printed = tuple[str, int, int]
"""Source, start and end: a place before it is made a value, which costs more than all else about it."""


def merged(places: Iterable[Printed]) -> tuple[SourceSpan, ...]:
    """Return places that are not empty as values, those that touch joined, in the order given."""
    joined: list[Printed] = []
    for place in places:
        if joined and joined[-1][2] == place[1] and joined[-1][0] == place[0]:
            joined[-1] = (place[0], joined[-1][1], place[2])
        else:
            joined.append(place)
    return tuple([SourceSpan(source_id=source, span=Span(start, end)) for source, start, end in joined])
