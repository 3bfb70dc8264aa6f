"""What a number measures: money, an area, a length, a mass, a time, a share, or how many there are.

A question for a sum of money is not answered by a number of companies, however near it stands.
"""

from __future__ import annotations

import re
from enum import StrEnum

from qa.ranking.quantities import CLASSIFIER, IS_UNIT, NUMBER, SCALE


class Dimension(StrEnum):
    """What a number is of."""

    MONEY = "money"
    AREA = "area"
    LENGTH = "length"
    MASS = "mass"
    TIME = "time"
    SHARE = "share"
    COUNT = "count"


UNITS: tuple[tuple[Dimension, re.Pattern[str]], ...] = (
    (Dimension.MONEY, re.compile(r"(?:美|欧|日|港)?元|英镑|人民币|钱|块|款项")),
    (Dimension.AREA, re.compile(r"平方|公顷|亩")),
    (Dimension.LENGTH, re.compile(r"公里|千米|公分|厘米|毫米|米|英[里尺寸]|光年|里(?!面)")),
    (Dimension.MASS, re.compile(r"万?吨|公斤|千克|克|斤")),
    (
        Dimension.TIME,
        re.compile(r"个?(?:月|小时|工作日|星期)|天|课时|学时|分钟|秒|周年?|年|岁|日"),
    ),
    (Dimension.SHARE, re.compile(r"个?百分点|[%％]|成(?!员)")),
    (
        Dimension.COUNT,
        # Not the beginning of another word: 多少款项, 多少支持, 多少余款.
        re.compile(rf"人次?(?!民币)|款(?!项)|支(?![付出持援])|[{CLASSIFIER}]"),
    ),
)
"""Units by their beginnings, the first that matches; 层, 度, 倍 and the like are of no one dimension."""

NUMERAL = re.compile(r"[近约]?[\d,，.．一二三四五六七八九十百千两]+\s?[余多]?[十百千万亿]*[余多]?\s?")

COUNTED = tuple(
    re.compile(rf"{asking}{SCALE}{IS_UNIT}(?P<unit>[\u4e00-\u9fff]{{1,4}})") for asking in ("多少", "几")
)
"""几 asks for a number only where 多少 does not (过去几个月内有多少人)."""

ANYTHING = re.compile(r"个(?!人)")
"""Asks how many there are; printed it may be the rest of another unit (``5个`` of ``5个工作日``)."""

ASKED: tuple[tuple[Dimension, re.Pattern[str]], ...] = tuple(
    (
        dimension,
        re.compile(
            rf"(?:{nouns})(?:[总共约大概预计将要应]{{0,3}}(?:是|为|有|达到?)){{0,2}}(?:多少|几何)(?:$|[？?，,])"
        ),
    )
    for dimension, nouns in (
        (
            Dimension.MONEY,
            r"(?:金|总|交易|成交|投资|销售|营业|贷款|捐款|进出口|签约)额|资金|投资|产值|收入|工资|薪资|费用|价格?|造价|"
            r"补[贴助]|奖金|经费|利润|款项?",
        ),
        (Dimension.AREA, r"面积"),
        (Dimension.LENGTH, r"全长|长度|里程|距离|海拔|高度|宽度|深度|身高"),
        (Dimension.TIME, r"年龄|工期|期限|时长"),
        (Dimension.MASS, r"重量|体重"),
    )
)
"""What is asked for where the noun says it and no unit does (``总投资是多少``)."""


def asked_dimension(question: str) -> Dimension | None:
    """Return what a question asks the number of; None where it does not say."""
    counted = next((found for pattern in COUNTED if (found := pattern.search(question))), None)
    if counted:
        unit = counted["unit"]
        dimension = of_unit(unit) or (Dimension.COUNT if ANYTHING.match(unit) else None)
        if dimension:
            return dimension
    return next((dimension for dimension, pattern in ASKED if pattern.search(question)), None)


def of_unit(unit: str) -> Dimension | None:
    """Return what a unit measures; None where that is not known."""
    return next((dimension for dimension, pattern in UNITS if pattern.match(unit)), None)


def measures_something_else(question: str, answer: str) -> bool:
    """Tell whether all the numbers of an answer are of another dimension than what is asked for.

    An answer without a number, or with one whose unit is not known or left out, may be right.
    """
    asked = asked_dimension(question)
    if asked is None:
        return False
    printed = {printed_dimension(answer, number) for number in NUMBER.finditer(answer)}
    # 多少人 is answered by 三成 as well.
    fitting = {asked, Dimension.SHARE} if asked is Dimension.COUNT else {asked}
    return bool(printed) and None not in printed and not printed & fitting


def printed_dimension(answer: str, number: re.Match[str]) -> Dimension | None:
    """Return what a number of an answer measures; None where that is not known."""
    unit = NUMERAL.sub("", number.group(), count=1)
    if ANYTHING.fullmatch(unit) and number.end() < len(answer):
        return Dimension.COUNT
    return of_unit(unit)
