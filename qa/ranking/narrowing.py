"""Narrows an answer that holds more than was asked for: to an item of a row, a number or a day.

Only the span moves: the words stay those of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.domain.spans import Span
from qa.ranking.quantities import IS_UNIT, NUMBER, SCALE

LEAD = 6
"""Characters before a number that say what it counts, as the question does already."""

MEANS_MORE = re.compile(r"[每约最不超近逾几]")
"""What makes another number of it where it stands before: a rate, a bound, a rough figure."""

RANGE_OR_ORDINAL = re.compile(r"(?:第\s?|[\d%％][~～—–至到-]+)$")
LEAST = 5
"""Characters beside a number that are more than what it counts (``6个村``)."""

DAY_AND_VERB = re.compile(
    r"[于在]?(?P<day>[自从]?(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[上下中]午|凌晨|清晨|早晨|傍晚|晚上?|夜间?)?(?:[之以]?[前后]|起|左右)?)"
    r"[\u4e00-\u9fff]{0,3}"
)
LABELLED = re.compile(
    rf"(?P<label>[^\d，。；：！？、,;:!?\s]{{1,12}}?)(?:为|是|达)?(?P<value>{NUMBER.pattern})(?=[，。；、,;]|\Z)"
)
"""An item of a row: what is counted, and how much of it, up to the next mark (``二类20.2元``)."""

BETWEEN = re.compile(r"[、，；,;]")
"""What stands between two items of a row."""

EACH = re.compile(r"分别|哪几|各[自是为有]|和.{0,8}(?:多少|几)|多少.*多少|依次")
"""What asks for several numbers."""

COUNTED = re.compile(rf"(?:多少|几){SCALE}{IS_UNIT}(?P<unit>[\u4e00-\u9fff])")
"""What a question asks for the number of: the first character of its unit."""

UNIT = re.compile(r"[\d十百千万亿余多.,，\s](?P<unit>[^\d十百千万亿余多.,，\s%％])[^\d]*$")
"""The first character of a number's unit."""

SAME_UNIT = ("个名位人", "钱元", "座家所处")
"""Units that are asked with and printed with by turns."""

SHORTEST_LABEL = 2
"""Characters of a label that a question has to name; the words before it may belong to the sentence."""

CHANGED = re.compile(
    rf"(?:由|从)[^，。；,;]{{0,8}}?(?P<before>{NUMBER.pattern})[^，。；,;]{{0,6}}?"
    rf"(?:到|至|为|成)[^，。；,;\d]{{0,4}}(?P<after>{NUMBER.pattern})"
)
"""How much it was and how much it is (``由71平方米增加到1050平方米``)."""

STILL = re.compile(r"现|目前")
FORMERLY = re.compile(r"一开始|起初|最初|原来|原先|之前|此前|以前|过去|从前|当初")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a row: where it begins, what it is of and where its value stands."""

    start: int
    label: str
    value: Span


def number_asked_for(question: str, passage: str, span: Span) -> Span:
    """Return the number that a question asks for, of a span that holds it amid other words; else the span."""
    for narrowed in (
        labelled(question, passage, span),
        changed(question, passage, span),
        counted(question, passage, span),
        first_of_several(question, passage, span),
        number_alone(passage, span),
    ):
        if narrowed != span:
            return narrowed
    return span


def labelled(question: str, passage: str, span: Span) -> Span:
    """Return the value of the one item, in a row that a span takes more of, that a question names."""
    for row in rows(passage):
        taken = [item for item in row if span.start < item.value.end and item.value.start < span.end]
        if len(taken) > 1:
            named = [named_in(question, item.label) for item in row]
            best = max(named)
            return row[named.index(best)].value if best and named.count(best) == 1 else span
    return span


def named_in(question: str, label: str) -> int:
    """Return how many characters of a label, counted from its end, a question names; 0 for too few."""
    lengths = range(len(label), SHORTEST_LABEL - 1, -1)
    return next((length for length in lengths if label[-length:] in question), 0)


def rows(passage: str) -> Iterator[Sequence[Item]]:
    """Yield the runs of two or more items with a label and a number each, in order."""
    row: list[Item] = []
    for match in LABELLED.finditer(passage):
        item = Item(start=match.start(), label=match["label"], value=Span(*match.span("value")))
        if row and not BETWEEN.fullmatch(passage, row[-1].value.end, item.start):
            if len(row) > 1:
                yield row
            row = []
        row.append(item)
    if len(row) > 1:
        yield row


def changed(question: str, passage: str, span: Span) -> Span:
    """Return how much it is now, or was where that is asked for, of a span with either; else the span."""
    told = next((each for each in CHANGED.finditer(passage) if says_how_much(each, span)), None)
    return Span(*told.span("before" if FORMERLY.search(question) else "after")) if told else span


def says_how_much(told: re.Match[str], span: Span) -> bool:
    """Tell whether a span is, or holds, one of two numbers of one unit between which something changed.

    Not what has yet to change (从现在的…降至), nor from which year to which.
    """
    before, after = (last_unit(told[number]) for number in ("before", "after"))
    if before != after or before == "年" or STILL.search(told.group()[: told.start("before") - told.start()]):
        return False
    return any(
        span.start < told.end(number) and told.start(number) < span.end for number in ("before", "after")
    )


def last_unit(number: str) -> str:
    """Return the last character of a number's unit; empty where it has none."""
    return number.strip()[-1:].lstrip("0123456789")


def counted(question: str, passage: str, span: Span) -> Span:
    """Return the only number of a span that counts what is asked for (几天: ``7天``); else the span."""
    asked = COUNTED.search(question)
    if not asked:
        return span
    numbers = [match.span() for match in NUMBER.finditer(passage, span.start, span.end)]
    of_it = [Span(*number) for number in numbers if counts(passage[slice(*number)], asked["unit"])]
    narrowed = len(of_it) == 1 and len(span) - len(of_it[0]) >= LEAST and not is_part(passage, of_it[0])
    return of_it[0] if narrowed else span


def first_of_several(question: str, passage: str, span: Span) -> Span:
    """Return the number that a span begins with, of several in the unit that is asked for; else the span.

    ``6000元、平均每人每天不超过1000元`` says two things; what stands before it is what was asked.
    """
    asked = COUNTED.search(question)
    first = NUMBER.match(passage, span.start, span.end)
    if not asked or not first or EACH.search(question) or not BETWEEN.match(passage, first.end()):
        return span
    others = NUMBER.finditer(passage, first.end() + 1, span.end)
    units = [counts(number.group(), asked["unit"]) for number in (first, *others)]
    return Span(*first.span()) if units[0] and any(units[1:]) else span


def is_part(passage: str, number: Span) -> bool:
    """Tell whether a number is the end of a range, or says which one of several and not how many."""
    return bool(RANGE_OR_ORDINAL.search(passage, max(0, number.start - 3), number.start))


def counts(number: str, asked: str) -> bool:
    """Tell whether a number as printed counts in a unit that begins as ``asked`` does."""
    printed = UNIT.search(number)
    unit = printed["unit"] if printed else ""
    return unit == asked or any(unit in same and asked in same for same in SAME_UNIT if unit)


def number_alone(passage: str, span: Span) -> Span:
    """Return the number of a span that ends with its only number (``共有藏品321件``), else the span."""
    numbers = [Span(*match.span()) for match in NUMBER.finditer(passage, span.start, span.end)]
    if len(numbers) != 1 or numbers[0].end != span.end or is_part(passage, numbers[0]):
        return span
    lead = passage[span.start : numbers[0].start]
    return numbers[0] if len(lead) <= LEAD and not MEANS_MORE.search(lead) else span


def day_alone(passage: str, span: Span) -> Span:
    """Return the day of a span that is a day and a verb behind it (``6月29日召开``), else the span."""
    day = DAY_AND_VERB.fullmatch(passage, span.start, span.end)
    return Span(*day.span("day")) if day else span
