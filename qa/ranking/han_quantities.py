"""Numbers in Han numerals with their units where a passage prints them, and the answers that cut one.

The same characters begin and end ordinary words (万一, 百姓, 十分, 统一), so that only what is a well-formed
number counts, and of that only what an answer shows to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.domain.spans import Span
from qa.ranking.han_numbers import value_of
from qa.ranking.quantities import IS_UNIT, UNITS

NOUGHT = "零〇○"
ONES = "一二三四五六七八九两"
SCALES = "十百千万亿"
RUN = rf"[{NOUGHT}{ONES}{SCALES}]+"
SOME = rf"(?:(?<![人总倍户岁次])数|几)(?=[{SCALES}])"
"""What counts a scale roughly: 数十万, 几百; not 人数百万."""

# 点 only where no time of day is meant: 三点五亿, 百分之二点三.
PRINTED = re.compile(
    rf"[百千]分之(?P<share>{RUN}(?:点[{NOUGHT}{ONES}]+)?)|"
    rf"(?P<some>{SOME})?(?P<count>{RUN}(?:点[{NOUGHT}{ONES}]+[万亿]+)?)"
)
SPOKEN_END = re.compile(rf"(?<=[百千万亿])[{ONES}]$")
"""A digit that may count the next smaller scale, or begin a word: 三万五, 三万一次性发放."""

OTHER_WORD = (
    r"(?!人[民大口员才士工均]|名[单称]|家[庭长属电具园]|座谈|户[籍口]|件套|条[例件约]|场[所地馆]|项目|批[准评]|"
    r"处[理罚置长]|站[点台]|所[有属]|次[日数要]|年[代度]|票数|席位|种[植子]|类[别似]|组[织成长]|间接|层[次级]|套[餐路]|"
    r"台[湾阶]|版[面本]|期[间限货]|款项|部[门分队委]|支[持出付援]|只[有要是能]|头部|度[假过]|升[级高至])"
)
"""Stands before a unit that is none where it begins one of the words that often stand behind numbers."""

UNIT = re.compile(rf"[余多]?[万亿]*[余多]?{IS_UNIT}{OTHER_WORD}{UNITS}")
COUNTER = re.compile(rf"(?=[个名人座家项次条份天届所处户件]){IS_UNIT}{OTHER_WORD}{UNITS}")
"""What may follow a single digit: other units are words with it (一度, 三种人)."""

FAR = 24
"""Characters beside an answer in which a number that it cuts begins or ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HanQuantity:
    """A number as it is printed.

    :param number: Where it stands, with its 百分之.
    :param end: Where its unit ends; its own end where it has none.
    """

    number: Span
    end: int

    def goes_on_behind(self, passage: str, span: Span) -> bool:
        """Tell whether an answer ends inside it, and shows in what it holds that it means the number.

        One digit at the end of other words shows nothing: 统一, 周三, 高三.
        """
        if not self.number.start < span.end < self.end:
            return False
        held = passage[self.number.start : span.end]
        return span.start >= self.number.start or len(held) > 1 or held == "十"

    def began_before(self, span: Span) -> bool:
        """Tell whether an answer begins inside the number, and not with another word (百姓, 十分)."""
        if not self.number.start < span.start < self.number.end:
            return False
        return span.end <= self.end or self.number.end - span.start > 1


def with_whole_numbers(passage: str, span: Span) -> Span:
    """Return a span that begins and ends inside no number in Han numerals, nor before its unit."""
    near = list(quantities(passage, first=max(0, span.start - FAR), last=span.end + FAR))
    start = next((each.number.start for each in near if each.began_before(span)), span.start)
    whole = Span(start, span.end)
    return Span(start, next((each.end for each in near if each.goes_on_behind(passage, whole)), span.end))


def is_quantity(passage: str, span: Span) -> bool:
    """Tell whether a span is a number in Han numerals, whole and with its unit."""
    found = quantities(passage, first=max(0, span.start - FAR), last=span.end + FAR)
    return any(each.number.start == span.start and each.end == span.end for each in found)


def quantities(passage: str, *, first: int, last: int) -> Iterator[HanQuantity]:
    """Yield the numbers of a stretch of a passage, in order; what is none is passed over."""
    for match in PRINTED.finditer(passage, first, last):
        share, count = match["share"], SPOKEN_END.sub("", match["count"] or "")
        if share and is_number(share):
            yield HanQuantity(number=Span(*match.span()), end=match.end())
        elif count and is_number(f"两{count}" if match["some"] else count):
            number = Span(match.start(), match.start("count") + len(count))
            yield HanQuantity(number=number, end=end_of_unit(passage, number))


def is_number(run: str) -> bool:
    """Tell whether a run of numerals is a number as it is printed: not 三百零 of 三百零售店, nor 一十五."""
    cut_off = run[-1] in NOUGHT and any(scale in run for scale in SCALES)
    return not cut_off and not run.startswith("一十") and value_of(run) is not None


def end_of_unit(passage: str, number: Span) -> int:
    """Return where the unit behind a number ends; the number's own end where it has none."""
    one = len(number) == 1
    if one and passage[number.start] == "一":
        return number.end
    unit = (COUNTER if one else UNIT).match(passage, number.end)
    return unit.end() if unit else number.end
