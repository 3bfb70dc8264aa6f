"""Dify's conditions on metadata as filters, as far as they are filters at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain.answers import Filters
from qa.errors import ConditionInvalid
from qa.web.dify_schemas import ConditionBody, Joining, MetadataCondition
from qa.web.schemas import LONGEST_NAME

DAY = timedelta(days=1)
MOST_SOURCES = 100
"""Globs of one search: each is held against every source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days from one to another, either end open."""

    first: date | None = None
    last: date | None = None


DAYS_BY: Mapping[str, Callable[[date], Days]] = {
    **dict.fromkeys(("=", "is"), lambda day: Days(first=day, last=day)),
    "≥": lambda day: Days(first=day),
    "≤": lambda day: Days(last=day),
    **dict.fromkeys((">", "after"), lambda day: Days(first=day + DAY)),
    **dict.fromkeys(("<", "before"), lambda day: Days(last=day - DAY)),
}
GLOB_BY: Mapping[str, str] = {
    "is": "{}",
    "=": "{}",
    "in": "{}",
    "contains": "*{}*",
    "start with": "{}*",
    "end with": "*{}",
}


def filters_of(condition: MetadataCondition | None) -> Filters:
    """Return the filters that a condition amounts to.

    :raises ConditionInvalid: When no filter does; it is never left out, for then passages would come
        that were ruled out.
    """
    conditions = condition.conditions if condition else []
    by_name: dict[str, list[ConditionBody]] = {"date": [], "source": []}
    for each in conditions:
        by_name.setdefault(name_of(each), []).append(each)
    if unknown := [name for name in by_name if name not in ("date", "source")]:
        raise ConditionInvalid(f"不能按 {'、'.join(map(repr, unknown))} 筛选；可用 date 与 source")
    dates, sources = by_name["date"], by_name["source"]
    require_joined(condition, dates=dates, sources=sources)
    days = [days_of(each) for each in dates]
    globs = tuple(glob for each in sources for glob in globs_of(each))
    if len(globs) > MOST_SOURCES or any(len(glob) > LONGEST_NAME for glob in globs):
        raise ConditionInvalid(f"source 的条件至多 {MOST_SOURCES} 个值，每个至多 {LONGEST_NAME} 字")
    return Filters(
        sources=globs,
        first=max((each.first for each in days if each.first), default=None),
        last=min((each.last for each in days if each.last), default=None),
    )


def require_joined(
    condition: MetadataCondition | None, *, dates: Sequence[ConditionBody], sources: Sequence[ConditionBody]
) -> None:
    """Take conditions that are joined as filters are: days all at once, sources either.

    :raises ConditionInvalid: For others.
    """
    either = condition is not None and condition.logical_operator is Joining.OR
    if either and dates and len(dates) + len(sources) > 1:
        raise ConditionInvalid("or 只能连接对 source 的条件")
    if not either and len(sources) > 1:
        raise ConditionInvalid("几个对 source 的条件只能用 or 连接，或写成一个 in")


def name_of(condition: ConditionBody) -> str:
    """Return the one field that a condition is about.

    :raises ConditionInvalid: When it is about none or several.
    """
    names = [condition.name] if isinstance(condition.name, str) else condition.name
    if len(names) != 1:
        raise ConditionInvalid("一个条件只能对一个字段")
    return names[0]


def days_of(condition: ConditionBody) -> Days:
    """Return the days that a condition on the date leaves.

    :raises ConditionInvalid: When it is no comparison with a day.
    """
    compare = DAYS_BY.get(condition.comparison_operator)
    if compare is None:
        raise ConditionInvalid(f"对 date 只能用 {'、'.join(DAYS_BY)}")
    try:
        return compare(date.fromisoformat(str(condition.value)[:10]))
    except (ValueError, OverflowError) as error:
        raise ConditionInvalid("date 的值应为 YYYY-MM-DD 形式的日期") from error


def globs_of(condition: ConditionBody) -> Iterable[str]:
    """Return the globs that a condition on the source's name amounts to.

    :raises ConditionInvalid: When it amounts to none.
    """
    glob, value = GLOB_BY.get(condition.comparison_operator), condition.value
    if glob is None:
        raise ConditionInvalid(f"对 source 只能用 {'、'.join(GLOB_BY)}")
    listed = value if isinstance(value, list) and condition.comparison_operator == "in" else [value]
    if not listed or not all(isinstance(each, str) and each for each in listed):
        raise ConditionInvalid("source 的值应为文字；in 的值应为文字的列表")
    return [glob.format(escaped(each)) for each in listed]


def escaped(name: str) -> str:
    """Return a glob that stands for these very characters."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
