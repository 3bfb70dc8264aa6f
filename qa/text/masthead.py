"""Mastheads (报头): which paper, day, issue and page the furniture of a page says that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.dates import KnownDate, Places, day_of
from qa.text.folded import fold
from qa.text.furniture import PAPER, PageFacts, pieces

NEWSPAPER = re.compile(rf"^(?:.*(?:机关报|主管|主办))?({PAPER})(?=社|[^{HAN}]|第|$)")
SET_APART = re.compile(rf"(?:[{HAN}][ \t\u3000]+){{2,}}[{HAN}](?![{HAN}])|[^\s#*>]+")
LINE = re.compile(r"[^\r\n]+")
ISSUE = re.compile(r"第(\d{1,6})期")
NOT_HOW_MANY = r"(?<!今日)(?<!今天)(?<!共)(?<![\dA-D])"
PAGE = re.compile(rf"{NOT_HOW_MANY}(?:第?([A-D]?\d{{1,2}})版(?!权|面|式)|版([A-D]?\d{{1,2}})(?!\d))")
BARE_PAGE = re.compile(r"^(?:0(\d{1,2})|([A-D]\d{1,2}))$")
FULL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:年(\d{1,2})月(\d{1,2})日|([.\-/])(\d{1,2})\4(\d{1,2})(?!\d))"
)
MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(?!\d)")
WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
OF_PAPER = frozenset({"paper", "weekday", "lunar", "issue", "site", "page"})
"""Pieces of a masthead that say that a date beside them is the paper's own."""


MOST = 400
"""Furniture blocks of a page at most that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, with where."""

    value: str
    places: Places


def masthead_of(furniture: Sequence[TracedText]) -> PageFacts:
    """Return what the furniture blocks of one page say of it; of each fact what is said first."""
    furniture = furniture[:MOST]
    read = {
        "newspaper": next(papers(furniture), None),
        "issue": next(readings(furniture, ISSUE), None),
        "page": next(readings(furniture, PAGE), None) or bare_page(furniture),
    }
    values = {name: reading.value if reading else None for name, reading in read.items()}
    places = {name: reading.places for name, reading in read.items() if reading}
    published = published_day(furniture)
    if published:
        places["published"] = published.places
    return PageFacts(
        **values,
        published=published.day if published else None,
        days=(published,) if published else tuple(months(furniture)),
        read_at=places,
    )


def matches(block: TracedText, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Places]]:
    """Yield where a pattern is found in a block folded, with the place of what it matches."""
    for line in LINE.finditer(block.text):
        folded = fold(line.group())
        for match in pattern.finditer(folded.text):
            place = folded.span(*match.span()).shift(line.start())
            yield match, block.slice(place).origin


def readings(furniture: Sequence[TracedText], pattern: re.Pattern[str]) -> Iterator[Reading]:
    """Yield what the first group of a pattern that took part holds, wherever it is found."""
    for block in furniture:
        for match, places in matches(block, pattern):
            yield Reading(value=next(filter(None, match.groups())), places=places)


def papers(furniture: Sequence[TracedText]) -> Iterator[Reading]:
    """Yield the names of newspapers: each a piece of its line, though it be set apart as in 青 阳 日 报."""
    for block in furniture:
        for piece in SET_APART.finditer(block.text):
            for match, _ in matches(block.slice(Span(*piece.span())), NEWSPAPER):
                folded = fold(piece.group())
                place = folded.span(*match.span(1)).shift(piece.start())
                yield Reading(value=match.group(1), places=block.slice(place).origin)


def bare_page(furniture: Sequence[TracedText]) -> Reading | None:
    """Return the page number that stands without a word beside it, 08 or A3; None where several stand so."""
    found: dict[str, Reading] = {}
    for block in furniture:
        for piece in SET_APART.finditer(block.text):
            match = BARE_PAGE.match(piece.group())
            if match:
                place = block.slice(Span(*piece.span())).origin
                value = next(filter(None, match.groups()))
                found.setdefault(value, Reading(value=value, places=place))
    return next(iter(found.values())) if len(found) == 1 else None


def published_day(furniture: Sequence[TracedText]) -> KnownDate | None:
    """Return the day on which the paper came out; None where the furniture names none, or several.

    A date without anything else of a masthead on the page is not taken for the paper's.
    """
    found: dict[bool, dict[KnownDate, None]] = {True: {}, False: {}}
    held: set[str] = set()
    for block in furniture:
        beside = pieces(block.text)
        held |= beside
        for match, places in matches(block, FULL_DATE):
            day = day_of(*filter(None, (match.group(1), *match.group(2, 3), *match.group(5, 6))))
            if day:
                found[bool(beside & OF_PAPER)].setdefault(KnownDate(day=day, places=places))
    weekdays = {match.group(1) for block in furniture for match in WEEKDAY.finditer(fold(block.text).text)}
    for dates in (found[True], found[False] if held & OF_PAPER else {}):
        fitting = [each for each in dates if not weekdays or falls_on(each, weekdays)]
        if len({each.day for each in fitting}) == 1:
            return fitting[0]
    return None


def falls_on(known: KnownDate, weekdays: set[str]) -> bool:
    """Tell whether a day is one of the days of the week that the page names."""
    return WEEKDAYS[known.day.weekday()] in {each.replace("天", "日") for each in weekdays}


def months(furniture: Sequence[TracedText]) -> Iterator[KnownDate]:
    """Yield the middles of the months that the furniture names without a day."""
    for block in furniture:
        for match, places in matches(block, MONTH):
            day = day_of(match.group(1), match.group(2), "15")
            if day:
                yield KnownDate(day=day, places=places)
