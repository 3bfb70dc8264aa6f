"""The one place where the benchmark calls the program that it measures."""

from __future__ import annotations

from qa.domain.sources import Source
from qa.text.segment import Draft, segment


def cut_page(source: Source) -> list[Draft]:
    """Return the articles that the program finds in a source."""
    return segment(source)
