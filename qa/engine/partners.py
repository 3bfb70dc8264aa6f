"""Which sources that are held share articles with those that change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from qa.domain.articles import Part
from qa.domain.ports import Writer
from qa.engine.articles import SegmentedSource
from qa.text.partners import linked


def partners(writer: Writer, *, put: Sequence[SegmentedSource], remove: Collection[str]) -> set[str]:
    """Return the names of the sources that must be cut again with those that change.

    Those that share an article with one of them as it is held, or may share one with it as it will
    be, and so on from page to page. Only what is held of their days is looked at.
    """
    changed = {*remove, *(each.source.name for each in put)}
    new = [part for each in put for part in each.parts]
    known = [*new, *writer.parts(sources=changed)]
    reached = set(changed)
    while True:
        around = writer.parts(days=days_of(known, reached))
        found = linked([*known, *around], sources=reached)
        if found == reached:
            return reached - changed
        # A source may hold papers of other days as well.
        known += writer.parts(sources=found - reached)
        reached = found


def days_of(parts: Collection[Part], sources: Collection[str]) -> set[date]:
    """Return the days of the papers that some sources hold."""
    return {part.published for part in parts if part.published and part.source in sources}
