"""The one place where the benchmark calls the program that it measures."""

from __future__ import annotations

from functools import cache

from qa.assemble import make_page_model
from qa.domain.sources import Source
from qa.text.page_model import PageModel
from qa.text.segment import Draft, segment


@cache
def page_model() -> PageModel:
    """Return what ships with the program, read once a process."""
    return make_page_model()


def cut_page(source: Source) -> list[Draft]:
    """Return the articles that the program finds in a source."""
    return segment(source, page_model())
