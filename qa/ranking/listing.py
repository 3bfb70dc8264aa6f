"""Lists come whole, as printed: a reader that took a part of one is meant to take all of it.

Only the span moves. Two forms are known: items between ``、``, and items that are counted (``一是…；二是…``,
``第一，…``, ``（一）…``, ``1.…``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain.spans import Span

ITEM = r"[^、，。；：！？,;:!?\n]{1,24}"
"""What stands between two ``、``."""

BEHIND = re.compile(rf"(?:、{ITEM}(?=、))*(?:、{ITEM}(?=[，。；：！？,;:!?\n]|$))?")
BEFORE = re.compile(rf"(?:(?<=[，。；：！？,;:!?\n“”（])|^){ITEM}(?:、{ITEM})*、$")
DIGITS = "一二三四五六七八九十"
COUNTED = (
    re.compile(rf"(?P<number>[{DIGITS}])(?:是|要|为)"),
    re.compile(rf"第(?P<number>[{DIGITS}])[，、,]"),
    re.compile(rf"[（(](?P<number>[{DIGITS}])[）)]"),
    re.compile(r"(?<!\d)(?P<number>[1-9])[.．、](?!\d)"),
    re.compile(r"[（(](?P<number>[1-9])[）)]"),
)
"""What an item is counted with; the number says which it is."""

ANNOUNCING = "：:"
"""What stands between the words that announce a list and its first item."""

ITEM_END = re.compile(r"[。；;！？!?\n]|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an item is counted with: where it begins, and which item it is, from 1."""

    start: int
    number: int


def whole_list(passage: str, span: Span) -> Span:
    """Return the whole of the list that a span is a part of; the span itself where it is of none."""
    counted = whole_count(passage, span)
    return counted if counted != span else whole_enumeration(passage, span)


def whole_count(passage: str, span: Span) -> Span:
    """Return the run of counted items, from the first on, that a span takes more than the words of one of.

    Within an item there may be a list of its own: the words of one alone do not mean the others.
    """
    for pattern in COUNTED:
        for run in runs(marks(passage, pattern)):
            if not any(span.start <= mark.start < span.end for mark in run):
                continue
            end = ITEM_END.search(passage, run[-1].start)
            printed = Span(run[0].start, end.start() if end else len(passage))
            if printed.start <= span.start < printed.end:
                return Span(printed.start, max(printed.end, span.end))
            if span.start < printed.start < span.end and passage[printed.start - 1] in ANNOUNCING:
                return printed
    return span


def marks(passage: str, pattern: re.Pattern[str]) -> list[Mark]:
    """Return what counts items in a passage, in order."""
    return [Mark(start=match.start(), number=which(match["number"])) for match in pattern.finditer(passage)]


def which(number: str) -> int:
    """Return the value of a digit."""
    return DIGITS.index(number) + 1 if number in DIGITS else int(number)


def runs(found: Sequence[Mark]) -> list[list[Mark]]:
    """Return the runs of marks that count from 1 on, of at least two items."""
    made: list[list[Mark]] = []
    for mark in found:
        if mark.number == 1:
            made.append([mark])
        elif made and mark.number == made[-1][-1].number + 1:
            made[-1].append(mark)
    return [run for run in made if len(run) > 1]


def whole_enumeration(passage: str, span: Span) -> Span:
    """Return the items between ``、`` that a span takes several of.

    What follows the last item up to the next mark would come with it, so the last one is taken only where
    a mark follows.
    """
    if "、" not in passage[span.start : span.end]:
        return span
    behind = BEHIND.match(passage, span.end)
    before = BEFORE.search(passage[: span.start])
    return Span(before.start() if before else span.start, behind.end() if behind else span.end)
