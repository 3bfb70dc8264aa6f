"""The value of a number in Han or Arabic digits, and a number written in Han: 一亿五千万, 1.5亿, 3万5千."""

from __future__ import annotations

import re
from decimal import Context, Decimal

EXACT = Context(prec=80)
"""No number that is read is so long that a digit of it is lost."""

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{"○": 0, "两": 2, "兩": 2},
}
DIGIT = f"[{''.join(DIGITS)}]"
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"亿": 10**8, "億": 10**8, "万": 10**4, "萬": 10**4}
"""The larger first: 一万亿 is ten thousand times 亿."""
SPOKEN = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))

ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.\d{1,18})?"
SCALED = re.compile(rf"({ARABIC})([{''.join(SMALL)}]?)")
SECTION = re.compile(
    rf"[零〇]?(?:({DIGIT})[千仟])?[零〇]?(?:({DIGIT})[百佰])?[零〇]?(?:({DIGIT}?)([十拾]))?[零〇]?({DIGIT}?)"
    rf"(?:点({DIGIT}{{1,18}}))?"
)
SPELT = re.compile(rf"{DIGIT}{{3,18}}")
LONGEST = 60
"""Characters of the longest number that is read."""


def value_of(written: str) -> Decimal | None:
    """Return the value of a number; None for what is none, as 三四百, or 百万 alone."""
    if len(written) > LONGEST:
        return None
    for mark, scale in LARGE.items():
        head, found, tail = written.rpartition(mark)
        if found:
            return scaled(value_of(head), scale=scale, rest=rest_of(tail, scale=scale))
    readings = (read(written) for read in (arabic, spelt, section))
    return next((value for value in readings if value is not None), None)


def scaled(times: Decimal | None, *, scale: int, rest: Decimal | None) -> Decimal | None:
    """Return so many times a scale and the rest; None where either is no number."""
    if times is None or rest is None:
        return None
    return EXACT.add(EXACT.multiply(times, Decimal(scale)), rest)


def rest_of(written: str, *, scale: int) -> Decimal | None:
    """Return the value of what stands behind 万 or 亿; 一万五 is fifteen thousand."""
    if not written:
        return Decimal(0)
    if DIGITS.get(written):
        return Decimal(DIGITS[written] * scale // 10)
    value = value_of(written)
    return value if value is not None and value < scale else None


def arabic(written: str) -> Decimal | None:
    """Return the value of Arabic digits with at most one of 十百千 behind them."""
    match = SCALED.fullmatch(written)
    if match is None:
        return None
    return EXACT.multiply(Decimal(match.group(1).replace(",", "")), Decimal(SMALL.get(match.group(2), 1)))


def spelt(written: str) -> Decimal | None:
    """Return the value of Han digits read one by one, as years are: 二〇二三.

    Three of them only with a nought among them: 一二三产业 are three branches.
    """
    noughts = any(DIGITS.get(each) == 0 for each in written[1:])
    if not SPELT.fullmatch(written) or not (noughts or len(written) > 3):
        return None
    return Decimal("".join(str(DIGITS[each]) for each in written))


def section(written: str) -> Decimal | None:
    """Return the value of a Han number below ten thousand, which may have decimals: 三百零五, 十二点五."""
    whole = written.partition("点")[0]
    match = SECTION.fullmatch(written)
    if match is None or not whole:
        return None
    thousands, hundreds, tens, ten, ones, decimals = match.groups()
    value = 1000 * DIGITS.get(thousands, 0) + 100 * DIGITS.get(hundreds, 0)
    value += 10 * DIGITS.get(tens, 1) if ten else 0
    # The last digit counts tenths of what stands before it: 三百五 is 350, 三百零五 is 305.
    value += DIGITS.get(ones, 0) * (SMALL.get(whole[-2:-1], 10) // 10)
    return Decimal(f"{value}.{''.join(str(DIGITS[each]) for each in decimals or '')}")


def in_han(value: int) -> str:
    """Return a number in Han as it is printed: 150000000 is 一亿五千万.

    :param value: From 0 to 10**16, exclusive.
    """
    return "零" if not value else re.sub("^一十", "十", spelt_out(value))


def spelt_out(value: int) -> str:
    """Return a number above 0 in Han; ten is 一十 here, as it is inside a longer number."""
    for mark, scale in SPOKEN:
        if value < scale:
            continue
        count, rest = divmod(value, scale)
        nought = "零" if 0 < rest < scale // 10 else ""
        return spelt_out(count) + mark + nought + (spelt_out(rest) if rest else "")
    return "零一二三四五六七八九"[value]
