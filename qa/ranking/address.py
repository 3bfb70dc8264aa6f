"""An address (地址) whole: a street or a house with the numbers that are printed behind it."""

from __future__ import annotations

import re

from qa.domain.spans import Span

NUMBERED = re.compile(r"(?:\d+(?:[-—－]\d+)*(?:号院|号楼|号|栋|幢|座|单元|层|楼|室|房|弄|巷)){1,6}")
FIGURE_END = re.compile(r"\d+$")


def with_its_numbers(passage: str, span: Span) -> Span:
    """Return a place with the house, floor and room that stand right behind it (``…紫台3号楼2306室``)."""
    cut = FIGURE_END.search(passage, span.start, span.end)
    numbers = NUMBERED.match(passage, cut.start() if cut else span.end)
    return Span(span.start, max(span.end, numbers.end())) if numbers else span
