"""Times that are told from the day of asking (相对时间): 上周五, 本月23日, 上月底, 近三年, 昨天."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.ranking.calendar import (
    MONTHS,
    RELATIVE,
    TENTHS,
    WEEKS,
    DayRange,
    lately,
    part_of,
    relative,
    tenth_of,
)
from qa.ranking.han_numbers import value_of
from qa.ranking.quantities import CLASSIFIER

WEEKDAYS = "一二三四五六日天"
# Not 本周一直, 上周日均, 上周三十人, 上周五家企业.
WEEKDAY = (
    r"(?!一[直共些样般起年季月度旦定]|二手|三[国亚明门峡农]|四川|五一|六安|日[均本报常前程]|天[气津然])"
    rf"(?:[一二三四五六](?![十百千万亿个{CLASSIFIER}])|[日天])"
)
WITHIN_MONTH = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
# 号 also numbers what is no day: 3号线.
DAY_ENDS = r"(?:日(?![均本报常程])|号(?![线楼院机文令]))"
TENTH = "|".join(f"{tenth}(?![步中级期审赛])" if tenth == "初" else tenth for tenth in TENTHS)

COUNT = r"\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半]"
UNIT = r"年(?![级代轻龄])|季度|月(?![饼亮球])|星期|周(?![岁年期])|天(?![然津才文气])|日(?![本常元报均])"
# How long something took is no time: 历时近三年, 用了近三个月时间.
UP_TO_NOW = r"(?:最近|过去|(?<![附邻临将接靠了时期达经过历续用花])近)的?"
LATELY = rf"{UP_TO_NOW}(?P<count>{COUNT})个?(?P<unit>{UNIT})(?!后|的?时间|的?历史|之久)"
HALF = {"年": (6, "月"), "月": (15, "天")}
"""So many of which unit are a half: 近半年, 近半个月."""

ALONE = {
    # Not 今后天气, 后天性.
    "后天": "(?<![今以之最往然天雨])后天(?![性气晴津然空赋形因努培失])",
    # Not 天下周知.
    "下周": "(?<!天)下周(?![期转密])",
}
"""Words that stand within others, as they stand by themselves."""

RELATIVE_TIME = rf"""(?P<relative>{LATELY}
    |(?P<of_month>{"|".join(MONTHS)})的?
     (?:(?P<on>{WITHIN_MONTH}){DAY_ENDS}(?:[-—–~至到](?P<until>{WITHIN_MONTH}){DAY_ENDS})?|(?P<tenth_of>{TENTH}))
    |(?P<week>{"|".join(ALONE.get(week, week) for week in WEEKS)})(?P<weekday>{WEEKDAY})
    |{"|".join(ALONE.get(word, word) for word in RELATIVE)})"""
"""For a verbose pattern; ``relative`` is the whole of it."""


def days_told(match: re.Match[str], *, reference: date) -> DayRange | None:
    """Return the days of a relative time; None where there are none.

    :param match: Of a pattern with ``RELATIVE_TIME`` in it, which it matched.
    :param reference: The day on which it is told.
    """
    if match["count"]:
        return last_of(match["count"], match["unit"], reference=reference)
    if match["of_month"]:
        return within_month(match, relative(match["of_month"], reference=reference))
    if match["weekday"]:
        week = relative(match["week"], reference=reference)
        return weekday_of(week, match["weekday"]) if week else None
    return relative(match["relative"], reference=reference)


def last_of(count: str, unit: str, *, reference: date) -> DayRange | None:
    """Return so many days, weeks, months or years, up to the reference date."""
    if count == "半":
        return lately(*HALF[unit], reference=reference) if unit in HALF else None
    value = value_of(count)
    return lately(int(value), unit, reference=reference) if value is not None else None


def weekday_of(week: DayRange, weekday: str) -> DayRange:
    """Return a day of a week, which begins with Monday."""
    # 周日 and 周天 are the same day.
    day = week.first + timedelta(days=min(WEEKDAYS.index(weekday), 6))
    return DayRange(first=day, last=day)


def within_month(match: re.Match[str], month: DayRange | None) -> DayRange | None:
    """Return the days of a month that a time names by their numbers or its tenth."""
    if month is None:
        return None
    if match["tenth_of"]:
        return tenth_of(month.first.year, month=month.first.month, tenth=match["tenth_of"])
    on, until = (value_of(each) for each in (match["on"], match["until"] or match["on"]))
    return part_of(month, first=int(on), last=int(until)) if on and until else None
