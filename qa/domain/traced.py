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
        return cls(text="".join([piece.text for piece in pieces]), origin=merge_adjacent(places))

    def pieces(self, spans: Iterable[Span]) -> Iterator[TracedText]:
        """Yield the stretches ``spans``, which must be sorted and not overlap."""
        spans = tuple(spans)
        places = self._places((span.start, span.end) for span in spans)
        for span, printed in zip(spans, places, strict=True):
            yield TracedText(text=self.text[span.start : span.end], origin=merge_adjacent(printed))

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
        if len(self.origin) == 1:
            return TracedText(text=text, origin=self._parts_of_one(kept))
        return TracedText(text=text, origin=merge_adjacent(chain.from_iterable(self._places(kept))))

    def _parts_of_one(self, kept: Iterable[tuple[int, int]]) -> tuple[SourceSpan, ...]:
        """Return where stretches were printed that do not touch, of a text printed in one place."""
        source, shift = self.origin[0].source_id, self.origin[0].span.start
        return tuple(
            [SourceSpan(source_id=source, span=Span(start + shift, end + shift)) for start, end in kept]
        )

    def _places(self, stretches: Iterable[tuple[int, int]]) -> Iterator[list[SourceSpan]]:
        """Yield where each of some stretches was printed.

        One sweep over the origin serves all of them, so that cutting a page of
        a million lines stays linear.
        """
        index = offset = 0
        for first, last in stretches:
            places: list[SourceSpan] = []
            while index < len(self.origin):
                place = self.origin[index]
                shift = place.span.start - offset
                after = place.span.end - shift
                start = first if first > offset else offset
                end = last if last < after else after
                if start == offset and end == after:
                    places.append(place)
                elif start < end:
                    printed = Span(start + shift, end + shift)
                    places.append(SourceSpan(source_id=place.source_id, span=printed))
                if after > last:
                    break
                index, offset = index + 1, after
            yield places
