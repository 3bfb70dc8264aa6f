"""Joints (拼合): one article made of its parts, with nothing added and only the gap between them cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from qa.domain.articles import Facts
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.continuation import JUMP_FROM, JUMP_TO
from qa.text.seam import breaks_off
from qa.text.segment import Draft

TAKEN_OVER = (
    "title",
    "authors",
    "dateline",
    "date",
    "published",
    "newspaper",
    "issue",
    "jump_to",
    "jump_from",
)
"""Facts that a later part may know where the first does not; its page is always that of the first."""

GAP_BEFORE = re.compile(rf"(?<!\s)\s+(?:(?={JUMP_TO.pattern}\s*$)|$)")
GAP_BEHIND = re.compile(rf"^(\s*)(?:{JUMP_FROM.pattern}(\s*))?")


def whole(parts: Sequence[Draft]) -> Draft:
    """Return one article of its parts, in reading order; there is at least one."""
    return reduce(joined, parts)


def joined(first: Draft, second: Draft) -> Draft:
    """Return one article of two parts; what both know is as the first says."""
    headings = tuple(each for each in second.headings if each not in first.headings and not is_mark(each))
    return replace(
        first,
        facts=facts_of_both(first.facts, second.facts),
        headings=(*first.headings, *headings),
        body=body_of_both(first.body, second.body),
    )


def facts_of_both(first: Facts, second: Facts) -> Facts:
    """Return what is known of an article of two parts, each fact with the places it was read at."""
    taken = [name for name in TAKEN_OVER if not getattr(first, name) and getattr(second, name)]
    if second.title and is_mark(second.title):
        taken = [name for name in taken if name != "title"]
    read_at = {**first.read_at, **{name: second.read_at[name] for name in taken if name in second.read_at}}
    return replace(first, read_at=read_at, **{name: getattr(second, name) for name in taken})


def body_of_both(first: TracedText, second: TracedText) -> TracedText:
    """Return one body; where a sentence runs over the jump, no line break divides it any more.

    The marks themselves stay, as they are printed.
    """
    if breaks_off(first.text):
        first = first.cut(Span(*gap.span()) for gap in GAP_BEFORE.finditer(first.text))
        second = second.cut(gaps_behind(second.text))
    return TracedText.joined((first, second))


def gaps_behind(text: str) -> list[Span]:
    """Return the white space around the mark at the head of a second part."""
    match = GAP_BEHIND.match(text)
    groups = (1, match.re.groups) if match else ()
    return [Span(*match.span(group)) for group in groups if match and match.group(group)]


def is_mark(heading: str) -> bool:
    """Tell whether a line says only where an article began."""
    return not JUMP_FROM.sub("", heading).strip()
