"""Dates (日期): the full dates that say when a page was printed, and the year of a day without one.

A page tells of the past and of plans as well as of its own day, so a full date far from the latest ones is
not known to be of the page's time. Years are never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.text.folded import in_half_width
from qa.text.years import BLANKS, YEAR, KnownYear, year_of

Places = tuple[SourceSpan, ...]

FULL_DATE = re.compile(rf"{YEAR}{BLANKS}年{BLANKS}(\d\s?\d|\d){BLANKS}月(?:{BLANKS}(\d\s?\d|\d){BLANKS}日)?")
BARE_YEAR = re.compile(
    r"(?=2)(?<![\d.—\-–~～到至])(20\d\d)(?:\s*年(?!\s*[\d底前代远])|(?=[\u4e00-\u9fff])(?![年多余名个元人户家吨亩米公平万亿件次场台套]))"
)
PLANNED = re.compile(r"(?:到|(?<!截)至)\s*$")
BEFORE_THEN = re.compile(r"\s*底?\s*之?前")

FAR = 62
"""Days; beyond two months a date is of something else."""

NEW_YEAR = 31
"""Days up to which a date may be of the year beside that of a known one."""

OLD = 120
"""Days before the latest date of another year, from which on a date is of the past."""

MOST = 2000
"""Different full dates of a page at most that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDate:
    """A day of the page's own time, with where it is printed."""

    day: date
    places: Places


def known_dates(page: TracedText) -> tuple[KnownDate, ...]:
    """Return the days of a page that are known to be of its own time, in order.

    They are its full dates and days of the year that it says is its own. A month that is named with its year
    alone tells more often of a year before.
    """
    full = full_dates(page)
    year = year_of(in_half_width(page.text))
    days = days_of(year, page) if year and not contradicted(year, full) else ()
    return tuple(sorted((*days, *full), key=lambda each: each.day))


def days_of(year: KnownYear, page: TracedText) -> tuple[KnownDate, ...]:
    """Return the days of a year, with where the year was read."""
    places = page.slice(year.span).origin
    return tuple(KnownDate(day=day, places=places) for day in year.days)


def contradicted(year: KnownYear, full: Sequence[KnownDate]) -> bool:
    """Tell whether full dates say another year: a later one, or the one before at the same time of it."""
    years = {each.day.year for each in full}
    before = {each.day.month for each in full if each.day.year == year.year - 1}
    months = {day.month for day in year.days}
    return max(years, default=0) > year.year or (year.year not in years and bool(before & months))


def full_dates(page: TracedText) -> tuple[KnownDate, ...]:
    """Return the full dates of a page that are of its own time."""
    found: dict[date, Span] = {}
    months: set[date] = set()
    text = in_half_width(page.text)
    for match in FULL_DATE.finditer(text):
        day = day_of(match.group(1), match.group(2), match.group(3) or "1")
        if not day or len(found) >= MOST or is_planned(text, match):
            continue
        if match.group(3):
            found.setdefault(day, Span(*match.span()))
        months.add(day)
    latest = max((*months, *years_alone(text)), default=None)
    spans = sorted((span, day) for day, span in found.items() if latest and is_recent(day, latest))
    pieces = page.pieces(span for span, _ in spans)
    dated = zip(spans, pieces, strict=True)
    return tuple(KnownDate(day=day, places=piece.origin) for (_, day), piece in dated)


def is_planned(text: str, match: re.Match[str]) -> bool:
    """Tell whether a date is one by which something is to be done."""
    return bool(PLANNED.search(text[max(match.start() - 3, 0) : match.start()])) or bool(
        BEFORE_THEN.match(text, match.end(), match.end() + 6)
    )


def years_alone(text: str) -> Iterator[date]:
    """Yield the first days of years that are named without a month; those in which plans end are left out."""
    years = {int(match.group(1)) for match in BARE_YEAR.finditer(text)}
    return (date(year, 1, 1) for year in years if year % 5)


def is_recent(day: date, latest: date) -> bool:
    """Tell whether a day is of the time of the latest one that a page names."""
    return day.year == latest.year or (latest - day).days <= OLD


def day_of(year: str, month: str, day: str) -> date | None:
    """Return a date whose numbers may be letter-spaced; None for a day that does not exist."""
    try:
        return date(*(int("".join(number.split())) for number in (year, month, day)))
    except ValueError:
        return None


DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
}


def in_digits(number: str) -> str:
    """Return a Han number up to 99, or a year digit by digit, in Arabic digits: 二十三, 廿三, 二〇二三."""
    number = number.replace("廿", "二十")
    if "十" not in number:
        return "".join(DIGITS[each] for each in number)
    tens, _, ones = number.partition("十")
    return str(10 * int(DIGITS.get(tens, "1")) + int(DIGITS.get(ones, "0")))


def nearest(month: str, day: str, *, known: Sequence[KnownDate]) -> KnownDate | None:
    """Return a day in the year that puts it nearest to a date of the page's time, and where that was read.

    None when that is more than two months off: the dates are then of something else,
    a plan or a memory, and nothing is guessed.
    """
    found: list[tuple[int, KnownDate]] = []
    for year in sorted({each.day.year + step for each in known for step in (-1, 0, 1)}):
        named = day_of(str(year), month, day)
        closest = named and closest_to(named, known)
        if named and closest:
            off = abs((named - closest.day).days)
            if off <= (FAR if closest.day.year == year else NEW_YEAR):
                found.append((off, KnownDate(day=named, places=closest.places)))
    return min(found, key=lambda each: each[0])[1] if found else None


def closest_to(day: date, known: Sequence[KnownDate]) -> KnownDate:
    """Return the known date nearest to a day; they are in order."""
    at = bisect_left(known, day, key=lambda each: each.day)
    return min(known[max(at - 1, 0) : at + 1], key=lambda each: abs((each.day - day).days))


def days_before(published: date, day: str) -> date | None:
    """Return the latest day with that number in its month that is not after the paper's own."""
    for back in range(LATELY):
        named = published - timedelta(days=back)
        if named.day == int(day):
            return named
    return None


LATELY = 11
"""Days, the paper's own among them, in which a day without its month is looked for."""
