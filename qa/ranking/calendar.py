"""Days and ranges of days that a question may name, beside a reference date that is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

AHEAD = 31
"""Days by which what is announced may lie after the reference date."""

PARTS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "前三季度": (1, 9),
    **{f"{mark}季度": (3 * at + 1, 3 * at + 3) for at in range(4) for mark in ("一二三四"[at], "1234"[at])},
    "年初": (1, 2),
    "年底": (12, 12),
    "年末": (12, 12),
}
"""First and last month of what a year is divided into."""
TENTHS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Days from the first to the last, both among them."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Hold that it has a day.

        :raises ValueError: When it has none.
        """
        if self.first > self.last:
            raise ValueError(f"range of days ends ({self.last}) before it begins ({self.first})")

    @property
    def length(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        """Tell whether a day is among them."""
        return self.first <= day <= self.last

    def widened(self, *, days: int) -> DayRange:
        """Return the range with so many days more at its end, as far as the calendar goes."""
        return DayRange(
            first=self.first, last=self.last + timedelta(days=min(days, (date.max - self.last).days))
        )


def months_of(year: int, *, first: int, last: int) -> DayRange | None:
    """Return the days of some months of a year; None for months or years that there are not."""
    if not (MINYEAR <= year < MAXYEAR and 1 <= first <= last <= 12):
        return None
    after = date(year + last // 12, last % 12 + 1, 1)
    return DayRange(first=date(year, first, 1), last=after - timedelta(days=1))


def day_of(year: int, *, month: int, day: int) -> DayRange | None:
    """Return one day; None for one that does not exist, as 2月30日."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return DayRange(first=found, last=found)


def tenth_of(year: int, *, month: int, tenth: str) -> DayRange | None:
    """Return the days of 上旬, 中旬, 下旬 of a month, or those about its beginning and its end."""
    whole = months_of(year, first=month, last=month)
    if whole is None:
        return None
    first, last = TENTHS[tenth]
    return DayRange(
        first=whole.first.replace(day=first), last=whole.first.replace(day=min(last, whole.last.day))
    )


def relative(word: str, *, reference: date) -> DayRange | None:
    """Return the days that 昨天, 上个月 or 本周 are on the reference date.

    :param word: One of ``RELATIVE``.
    :return: None where the calendar does not go so far.
    """
    if word in MONTHS:
        months = 12 * reference.year + reference.month - 1 + MONTHS[word]
        return months_of(months // 12, first=months % 12 + 1, last=months % 12 + 1)
    try:
        if word in DAYS:
            day = reference + timedelta(days=DAYS[word])
            return DayRange(first=day, last=day)
        monday = reference - timedelta(days=reference.weekday() + 7 * WEEKS[word])
        return DayRange(first=monday, last=monday + timedelta(days=6))
    except OverflowError:
        return None


def part_of(month: DayRange, *, first: int, last: int) -> DayRange | None:
    """Return some days of a month, by their numbers; None for days that it does not have."""
    if not 1 <= first <= last <= month.length:
        return None
    return DayRange(first=month.first.replace(day=first), last=month.first.replace(day=last))


def lately(count: int, unit: str, *, reference: date) -> DayRange | None:
    """Return so many days, weeks, months or years that end on the reference date.

    :param unit: One of ``LENGTHS``.
    :return: None for none of them, and where the calendar does not go so far.
    """
    months, days = LENGTHS[unit]
    before = months_before(reference, count * months)
    if before is None:
        return None
    try:
        return DayRange(first=before + timedelta(days=1 - count * days), last=reference)
    except (OverflowError, ValueError):
        return None


def months_before(day: date, months: int) -> date | None:
    """Return the same day so many months before, or the last one where that month is shorter."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    whole = months_of(year, first=month + 1, last=month + 1)
    return whole.first.replace(day=min(day.day, whole.last.day)) if whole else None


LENGTHS = {
    **{"年": (12, 0), "季度": (3, 0), "月": (1, 0)},
    **{"周": (0, 7), "星期": (0, 7), "天": (0, 1), "日": (0, 1)},
}
"""Months and days that a time is counted in."""

DAYS = {
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "大前天": -3,
    "前天": -2,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "大后天": 3,
    "后天": 2,
}
WEEKS = {
    **{"本周": 0, "这周": 0, "本星期": 0, "这星期": 0, "这个星期": 0},
    **{"上周": 1, "上星期": 1, "上个星期": 1},
    **{"下周": -1, "下星期": -1, "下个星期": -1},
}
"""How many weeks before that of the reference date."""
MONTHS = {"本月": 0, "这个月": 0, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1}
RELATIVE = (*DAYS, *WEEKS, *MONTHS)


def latest_year(month: int, *, day: int, reference: date) -> int:
    """Return the year of the latest such day that is not after the reference date, or soon after it."""
    soon = reference + timedelta(days=AHEAD) if reference < date.max - timedelta(days=AHEAD) else reference
    return soon.year if (month, day) <= (soon.month, soon.day) else soon.year - 1
