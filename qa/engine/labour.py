"""The labour of building that needs neither neighbours nor the writer, wherever it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from qa.domain.ports import Encoder, Vectors
from qa.domain.sources import Source
from qa.engine.articles import SegmentedSource, segmented
from qa.text.page_model import PageModel


class Labour(Protocol):
    """Segments pages and embeds passages; what comes out is in the order of what goes in."""

    @property
    def share(self) -> int:
        """Return how many times as much is published at once, so that whoever labours has enough to do."""
        ...

    def segmented(self, sources: Iterable[Source]) -> Iterator[SegmentedSource]:
        """Yield sources with what their pages hold, all of them.

        :raises SurroundingsFailed: When one cannot be done; nothing is left out.
        """
        ...

    def embedded(self, steps: Iterable[Sequence[str]]) -> Iterator[Vectors]:
        """Yield for each step one row a text.

        :raises SurroundingsFailed: When one cannot be done.
        """
        ...


class Alone:
    """Does it in this process, one thing after another."""

    share = 1

    def __init__(self, encoder: Encoder, pages: PageModel) -> None:
        """Embed with ``encoder``, segment with ``pages``."""
        self._encoder, self._pages = encoder, pages

    def segmented(self, sources: Iterable[Source]) -> Iterator[SegmentedSource]:
        """Yield sources with what their pages hold."""
        return (segmented(source, self._pages) for source in sources)

    def embedded(self, steps: Iterable[Sequence[str]]) -> Iterator[Vectors]:
        """Yield for each step one row a text."""
        return (self._encoder.embed_passages(step) for step in steps)
