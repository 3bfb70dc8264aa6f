"""Years (年份): in which year a page was printed that prints its own date nowhere.

What is told as past says it: a year that is set against 今年, the figures of a whole year, its awards,
a month that has not come yet this year. Each kind of evidence errs now and then, two kinds that agree
hardly ever do.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from qa.domain.spans import Span
from qa.text.folded import fold

BLANKS = r"[\s*]*"
YEAR = r"(?=[12])(?<![\d.])((?:1\s?9|2\s?0)\s?\d\s?\d)"
"""It looks ahead first: a text has few digits, and to look back from every character takes long."""

UNIT = "年多余名个元人户家吨亩米公平万亿件次场台套"
TOLD_YEAR = re.compile(rf"{YEAR}(?=\s*年(?!\s*[前代])|[\u4e00-\u9fff](?<![{UNIT}]))")
NUMBER = r"\d\s?\d|\d"
BARE_DAY = rf"(?=\d)(?<![\d年])(?<!\d\s)(?P<month>{NUMBER}){BLANKS}月{BLANKS}(?P<day>{NUMBER}){BLANKS}日"
DAY = re.compile(rf"(?=\d)(?:{YEAR}{BLANKS}年{BLANKS}\d|{BARE_DAY})")

BEFORE = 8
"""Characters before a year that are looked at."""

AFTER = 240
"""Characters behind a year, blanks among them, that are looked at."""

MOST = 2000
"""Years, and days, of a page at most that are looked at."""

ENOUGH = 2
"""Kinds of evidence that must agree, where nothing says the year outright."""

AWARDS_UNTIL = 3
"""Month until which the awards of a year are news of the next one."""

LEAP_YEAR = 2000

JANUARY, DECEMBER = 1, 12
"""In December the figures of a year are told already, and it is looked back on."""

PLANS = 5
"""Plans end in years that this divides: they tell nothing of today."""


class Evidence(StrEnum):
    """What says in which year a page was printed."""

    THIS_YEAR = "this_year"  # 今年（2023年）
    LAST_YEAR = "last_year"  # 去年（2022年）
    CONTRAST = "contrast"  # 2022年，……建成通车。今年，
    FIGURES = "figures"  # 2022年，……比上年增长
    YEAR_END = "year_end"  # 截至2022年底
    AWARD = "award"  # 2022年度……典型案例, told early in a year
    MONTH_TO_COME = "month_to_come"  # 2022年4月, on a page of January


OUTRIGHT = frozenset({Evidence.THIS_YEAR, Evidence.LAST_YEAR})
EXACT = OUTRIGHT | {Evidence.FIGURES, Evidence.YEAR_END, Evidence.AWARD}
"""What is said of the year just past and hardly of one before it."""

# Matched on folded text, with what stands before a year and behind it.
TELLING = r"(?!(?:19|20)\d\d|今年|去年|明年|前年)"
AIM = re.compile(r"(?:到|(?<!截)至|[—\-~～])$")
NO_TIME = re.compile(r"[到至—\-~～年月在自从]$")
NO_MONTH = re.compile(r"[到至—\-~～\d自起]$")
AS_OF = re.compile(r"截[至止]$")
CONTRAST = re.compile(rf"年,(?:{TELLING}[^。!！?？]){{0,120}}[。;；](?:{TELLING}[^。!！?？]){{0,6}}今年")
FIGURES = re.compile(rf"年(?:度|全年)?,(?:{TELLING}(?!预计|将)[^。!！?？;；]){{0,60}}(?:比上年|同比)")
YEAR_END = re.compile(r"年(?:年?底|末|12月)")
AWARD = re.compile(r"年度[^。,;；]{0,30}(?:奖|表彰|人物|典型|案例|先进|十大|榜)")
PLANNED = (
    r"(?:\d{1,2}日)?(?:[前起]|底前|至|[^。;；,]{0,20}将|[^。;；,]{0,12}(?:举行|举办|召开|生效|实施|开幕))"
)
MONTH = re.compile(rf"年(\d{{1,2}})月(?!起|底?前)(?!{PLANNED})")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownYear:
    """The year in which a page was printed.

    :param span: Where it was read: the year that it, or the one after it, is told by.
    :param days: Those of the month that most days without a year are of, in order.
    """

    year: int
    span: Span
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A year as it is told, with what stands beside it, folded."""

    year: int
    span: Span
    before: str
    after: str


def year_of(text: str) -> KnownYear | None:
    """Return the year in which a page was printed; None where what tells it is thin or disagrees."""
    days = list(bare_days(text))
    months = Counter(day.month for day in days)
    if not months or {JANUARY, DECEMBER} <= months.keys():
        return None
    month = months.most_common(1)[0][0]
    told = list(told_years(text))
    found = agreed(evidence(told, month=month), latest=latest(told))
    if found is None:
        return None
    year, span = found
    of_month = {day.replace(year=year) for day in days if day.month == month and is_day(day, year)}
    return KnownYear(year=year, span=span, days=tuple(sorted(of_month)))


def bare_days(text: str) -> Iterator[date]:
    """Yield the days that name no year, as days of a leap year."""
    for match in islice(DAY.finditer(text), MOST):
        if match["month"]:
            try:
                yield date(LEAP_YEAR, *(int("".join(each.split())) for each in match.group("month", "day")))
            except ValueError:
                continue


def is_day(day: date, year: int) -> bool:
    """Tell whether a day of a leap year is one of another year as well."""
    return (day.month, day.day) != (2, 29) or isleap(year)


def told_years(text: str) -> Iterator[Told]:
    """Yield the years that a text names, but those in which a plan or a range ends."""
    for match in islice(TOLD_YEAR.finditer(text), MOST):
        start = max(match.start() - BEFORE, 0)
        folded = fold(text[start : match.end() + AFTER])
        begin, end = folded.before(match.start() - start), folded.before(match.end() - start)
        if not AIM.search(folded.text[:begin]):
            year = int("".join(match.group(1).split()))
            span = Span(*match.span(1))
            yield Told(year=year, span=span, before=folded.text[:begin], after=folded.text[end:])


def latest(told: list[Told]) -> int:
    """Return the latest year that is told of and not planned for; 0 for none."""
    return max((each.year for each in told if each.year % PLANS), default=0)


def evidence(told: list[Told], *, month: int) -> dict[int, dict[Evidence, Span]]:
    """Return what says in which year the page was printed, by that year, each kind where it is read first."""
    found: dict[int, dict[Evidence, Span]] = defaultdict(dict)
    for each in told:
        for kind in kinds(each, month=month):
            year = each.year + (kind is not Evidence.THIS_YEAR)
            found[year].setdefault(kind, each.span)
    return found


def kinds(told: Told, *, month: int) -> Iterator[Evidence]:
    """Yield what a year says of the one in which it is told.

    :param month: In which the page was printed.
    """
    before, after = told.before, told.after
    if before.endswith("今年("):
        yield Evidence.THIS_YEAR
    if before.endswith("去年("):
        yield Evidence.LAST_YEAR
    if month < DECEMBER and not NO_TIME.search(before) and CONTRAST.match(after):
        yield Evidence.CONTRAST
    if month < DECEMBER and FIGURES.match(after):
        yield Evidence.FIGURES
    if AS_OF.search(before) and YEAR_END.match(after):
        yield Evidence.YEAR_END
    if month <= AWARDS_UNTIL and AWARD.match(after):
        yield Evidence.AWARD
    named = MONTH.match(after)
    if named and not NO_MONTH.search(before) and int(named.group(1)) > month:
        yield Evidence.MONTH_TO_COME


def agreed(found: Mapping[int, Mapping[Evidence, Span]], *, latest: int) -> tuple[int, Span] | None:
    """Return the one year that enough says, and the first place that says it; None where it disagrees.

    A page that tells of a later year was not printed in an earlier one.
    """
    possible = {year: said for year, said in found.items() if year >= latest}
    enough = [
        year for year, said in possible.items() if said.keys() & OUTRIGHT or len({*said.values()}) >= ENOUGH
    ]
    exact = {year for year, said in possible.items() if said.keys() & EXACT}
    if len(enough) != 1 or exact - set(enough):
        return None
    return enough[0], min(possible[enough[0]].values())
