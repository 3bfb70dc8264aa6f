"""Numbers in a text, in whichever digits, on a copy: to tell that answers are equal, and to search with.

``一亿五千万``, ``1.5亿``, ``15000万`` and ``150000000`` are one number; so are ``百分之五`` and ``5%``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qa.domain.spans import Span
from qa.ranking.han_numbers import ARABIC, DIGITS, LARGE, SMALL, in_han, value_of
from qa.ranking.question import fold

MARKS = "".join([*DIGITS, *SMALL, *LARGE, "点"])
# Never given back once taken: otherwise digits could be divided in more ways than can be tried.
RUN = rf"(?>(?:(?>{ARABIC})|[{MARKS}]){{1,40}})"
# No number: 3 of 2023.3.5 or of 0351, and 十 of 数十 and 几十.
NUMERAL = re.compile(
    rf"(?:(?P<share>[百千])分之)?(?<![\d.a-z几数{MARKS}])(?<!\d-)(?P<run>{RUN})(?![{MARKS}])"
    rf"(?P<more>[多余几](?P<scale>[{''.join(LARGE)}]{{0,2}}))?(?!\d|\.\d|-\d)(?P<percent>%|‰)?"
)
PADDED = re.compile(r"0\d+")
MONTH_OR_DAY = re.compile(r"0?\d(?=[月日号时分])")
SHARES = {"百": "%", "千": "‰"}
UNITS = (
    ("公斤", 1000, "克"),
    ("公里", 1000, "米"),
    ("平方公里", 1, "平方千米"),
    ("㎡", 1, "平方米"),
    ("块钱", 1, "元"),
    ("元人民币", 1, "元"),
)
"""What may stand behind a number, and how many of what it means; 三千米 is read as three thousand 米."""
NO_UNIT = ("", 1, "")

LARGEST = 10**16
LEAST_SEARCHED = 10
"""Below it a number is in too many words to search for it in other digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number as it is printed somewhere.

    :param span: Where it stands, with its 百分之 or %, without any other unit.
    :param more: Whether it is that and somewhat more: 两千多, 2000余.
    :param share: ``%`` or ``‰`` where it is a share, else empty.
    :param year: Whether 年 follows four digits.
    """

    span: Span
    value: Decimal
    more: bool
    share: str
    year: bool = False

    @property
    def written(self) -> str:
        """Return it in plain Arabic digits, with what belongs to it: 2000多, 5%."""
        return self.times(1)

    def times(self, factor: int) -> str:
        """Return so many times the number, written as ``written`` is."""
        return plain(self.value * factor) + ("多" if self.more else "") + self.share


def numerals(text: str) -> Iterator[Numeral]:
    """Yield the numbers of a text in print order; what is no well-formed number is passed over.

    A number with noughts in front stays what it is, a code or a telephone; signs are not read.
    """
    folded = fold(text)
    for match in NUMERAL.finditer(folded):
        value = counted(match)
        padded = PADDED.fullmatch(match["run"]) and not MONTH_OR_DAY.match(folded, match.start("run"))
        if value is not None and not padded:
            yield Numeral(
                span=Span(*match.span()),
                value=value,
                more=bool(match["more"]),
                share=SHARES.get(match["share"] or "", match["percent"] or ""),
                year=1000 <= value < 3000 and folded.startswith("年", match.end()),
            )


def counted(match: re.Match[str]) -> Decimal | None:
    """Return the value of a number that was found: 两千多万 are two thousand times 万, and more."""
    value = value_of(match["run"])
    for mark in match["scale"] or "":
        value = None if value is None else value * LARGE[mark]
    return value


def plain(value: Decimal) -> str:
    """Return a value in Arabic digits, without an exponent and without noughts that say nothing."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def canonical(answer: str) -> str:
    """Return a copy of an answer without blanks and with one form of numbers; equal answers have one copy.

    For comparing only; what is shown is always what is printed.
    """
    folded = "".join(fold(answer).split())
    pieces: list[str] = []
    at = 0
    for each in numerals(folded):
        unit, factor, name = next((row for row in UNITS if folded.startswith(row[0], each.span.end)), NO_UNIT)
        pieces += [folded[at : each.span.start], each.times(factor), name]
        at = each.span.end + len(unit)
    return "".join([*pieces, folded[at:]])


def other_writings(question: str) -> tuple[str, ...]:
    """Return the numbers of a question as they may be printed as well: 1.5亿 for 一亿五千万; each once."""
    found: dict[str, None] = {}
    for each in numerals(question):
        if each.share or each.value >= LEAST_SEARCHED:
            found.update(dict.fromkeys(writings(each)))
    folded = fold(question)
    return tuple(written for written in found if written not in folded)


def writings(numeral: Numeral) -> Iterator[str]:
    """Yield the ways a number is printed: by 万 and 亿, in Han, a year by its digits, a share by its mark."""
    value = numeral.value
    if numeral.share:
        yield plain(value) + numeral.share
        return
    yield plain(value)
    for mark in "万亿":
        if value >= LARGE[mark]:
            yield plain(value / LARGE[mark]) + mark
    if numeral.year:
        yield "".join("〇一二三四五六七八九"[int(digit)] for digit in plain(value))
    elif value == value.to_integral_value() and value < LARGEST:
        yield re.sub("^二(?=[千万亿])", "两", in_han(int(value)))
