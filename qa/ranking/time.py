"""The time that a question names (所问时间).

``近日``, ``日前`` and ``最近`` name no days. A day without its month is not read either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.domain.spans import Span
from qa.ranking.calendar import (
    PARTS,
    TENTHS,
    DayRange,
    day_of,
    latest_year,
    months_of,
    tenth_of,
)
from qa.ranking.han_numbers import value_of
from qa.ranking.question import fold
from qa.ranking.relative_times import RELATIVE_TIME, days_told

NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
YEAR = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})"
NAMED_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年度": 0, "明年": 1}
POINT = rf"""(?P<month>{NUMBER})(?:月份?|(?=[-—–~至到]{NUMBER}月))
    (?:(?P<day>{NUMBER})[日号]|(?P<tenth>{"|".join(TENTHS)}))?"""
END = rf"""[-—–~至到](?:(?P<end_year>{YEAR})年)?(?:(?P<end_month>{NUMBER})月份?)?
    (?:(?P<end_day>{NUMBER})[日号])?"""
TIME = re.compile(
    rf"""(?<!\d)(?:{RELATIVE_TIME}|
      (?P<figures>\d{{4}}(?P<mark>[-/.])\d{{1,2}}(?P=mark)\d{{1,2}})(?![\d./-])|
      (?:(?:(?P<from_year>{YEAR})年?[-—–~至到])?(?P<year>{YEAR})年(?!代|级|来|轻)度?
       |(?P<named>{"|".join(NAMED_YEARS)}))?
      (?:的?(?:{POINT})(?:{END})?|的?第?(?P<part>{"|".join(PARTS)}|(?<=年)[初底末]))?
    )(?P<since>以来|以后|之后|至今|起)?(?P<before>以前|之前)?""",
    re.VERBOSE,
)
LAG = 3
"""Days after an event in which it is still news."""

LONGEST_NEWS = 31
"""Days of a range beyond which what happened in it is told later as well, and summed up."""

SUMMED_UP = 92
"""Days after it in which a long range is summed up: a year's figures come in the quarter after it."""

PRINT = re.compile(r"报道|新闻|消息|快讯|文章|刊登|登载|刊发|见报|头版")
"""Words of questions about what was printed, rather than what was so, at a time."""

BONUS = 3.0
"""Standard deviations that a hit of the asked time is raised by; measured, see docs/adr/0011."""

SUPPOSED, TOLD_LATER = 0.75, 2 / 3
"""Parts of it where the year is not told, and where the range is long and what is asked may be told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTime:
    """A time that a question names.

    :param span: Where it stands in the question.
    :param days: The days it means; None when there is no such day: 2月30日.
    :param year_told: Whether the question says of which year; otherwise the latest is taken that is
        not after the reference date, or soon after it.
    :param of_print: Whether the question asks for what was printed.
    """

    span: Span
    days: DayRange | None
    year_told: bool
    of_print: bool

    @property
    def bonus(self) -> float:
        """Return what a hit of that time is raised by, in standard deviations."""
        supposed = 1.0 if self.year_told else SUPPOSED
        return BONUS * supposed * (TOLD_LATER if self.is_long and not self.of_print else 1.0)

    @property
    def is_long(self) -> bool:
        """Tell whether it is too long for what happened then to be news of then alone."""
        return self.days is not None and self.days.length > LONGEST_NEWS

    @property
    def told(self) -> DayRange | None:
        """Return the days on which what happened then is printed: some more than it took."""
        return self.days.widened(days=SUMMED_UP if self.is_long else LAG) if self.days else None


def asked_times(question: str, *, reference: date) -> Iterator[AskedTime]:
    """Yield the times that a question names, in order.

    :param reference: The day on which 昨天 is the day before.
    """
    of_print = bool(PRINT.search(question))
    for match in TIME.finditer(fold(question)):
        if named(match):
            days = days_of(match, reference=reference)
            yield AskedTime(
                span=Span(*match.span()),
                days=open_ended(match, days, reference=reference) if days else None,
                year_told=any(match[group] for group in ("relative", "figures", "year", "named")),
                of_print=of_print,
            )


def names_time(question: str) -> bool:
    """Tell whether a question names a time, of whichever days."""
    return any(named(match) for match in TIME.finditer(fold(question)))


def named(match: re.Match[str]) -> bool:
    """Tell whether anything of the calendar was named."""
    return any(match[group] for group in ("relative", "figures", "year", "named", "month", "part"))


def days_of(match: re.Match[str], *, reference: date) -> DayRange | None:
    """Return the days of a time, from its first point to its last; None when one of them does not exist."""
    if match["relative"]:
        return days_told(match, reference=reference)
    if match["figures"]:
        year, month, day = map(int, match["figures"].split(match["mark"]))
        return day_of(year, month=month, day=day)
    point = Point.of(match)
    year = year_of(match, point, reference=reference)
    first = point.in_year(year if match["from_year"] is None else number(match["from_year"]))
    last = point.ending(match).in_year(number(match["end_year"]) if match["end_year"] else year)
    if first and last and last.last < first.first and not match["end_year"]:
        last = point.ending(match).in_year(year + 1)
    return (
        DayRange(first=first.first, last=last.last) if first and last and first.first <= last.last else None
    )


def year_of(match: re.Match[str], point: Point, *, reference: date) -> int:
    """Return the year that is told, or the latest that the point may be of."""
    if match["year"]:
        return number(match["year"])
    if match["named"]:
        return reference.year + NAMED_YEARS[match["named"]]
    month = point.month or (PARTS[point.part][0] if point.part else 1)
    return latest_year(month, day=point.day or 1, reference=reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A day, a month or a part of a year, without the year; all of it where nothing is said."""

    month: int | None
    day: int | None
    tenth: str | None
    part: str | None

    @classmethod
    def of(cls, match: re.Match[str]) -> Point:
        """Return the point that a time begins with."""
        part = match["part"]
        return cls(
            month=number(match["month"]) if match["month"] else None,
            day=number(match["day"]) if match["day"] else None,
            tenth=match["tenth"],
            part=f"年{part}" if part and len(part) == 1 else part,
        )

    def ending(self, match: re.Match[str]) -> Point:
        """Return the point that it ends with, itself where no other is named."""
        if not (match["end_month"] or match["end_day"]):
            return self
        month = number(match["end_month"]) if match["end_month"] else self.month
        return replace(self, month=month, day=number(match["end_day"]) if match["end_day"] else None)

    def in_year(self, year: int) -> DayRange | None:
        """Return its days in a year; None when there are none."""
        if self.month is None:
            first, last = PARTS.get(self.part or "", (1, 12))
            return months_of(year, first=first, last=last)
        if self.day is not None:
            return day_of(year, month=self.month, day=self.day)
        if self.tenth:
            return tenth_of(year, month=self.month, tenth=self.tenth)
        return months_of(year, first=self.month, last=self.month)


def open_ended(match: re.Match[str], days: DayRange, *, reference: date) -> DayRange | None:
    """Return the days since then or before then, where the question says so."""
    if match["since"]:
        return DayRange(first=days.first, last=max(days.last, reference))
    if match["before"]:
        return (
            DayRange(first=date.min, last=days.first - timedelta(days=1)) if days.first > date.min else None
        )
    return days


def number(written: str) -> int:
    """Return a number of the calendar; Han years are read digit by digit; 99 for what is none."""
    value = value_of(written)
    return int(value) if value is not None else 99
