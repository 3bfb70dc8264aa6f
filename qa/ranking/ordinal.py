"""Which one of several is asked for (第几届): an article on the first does not answer about the second."""

from __future__ import annotations

import re

from qa.ranking.han_numbers import value_of

# Not 次, 条 and 章: 第一次 is "for the first time" as often as not, and parts of one text name each other.
UNITS = "届批期季轮集卷"
ORDINAL = re.compile(
    rf"第\s?(?P<number>\d{{1,4}}|[一二三四五六七八九十百]{{1,5}})\s?(?P<unit>[{UNITS}])|首(?P<of_first>[{UNITS}])"
)

Ordinal = tuple[int, str]
"""A number and of what: ``(2, "届")``."""


def ordinals(text: str) -> frozenset[Ordinal]:
    """Return the ordinals that a text names; 首届 is 第一届."""
    found = set()
    for match in ORDINAL.finditer(text):
        number = value_of(match["number"]) if match["number"] else 1
        if number is not None:
            found.add((int(number), match["unit"] or match["of_first"]))
    return frozenset(found)


def is_of_another(asked: frozenset[Ordinal], article: str) -> bool:
    """Tell whether an article names other ones of what is asked for, and never that one.

    :param article: All that was found of it, with its title.
    """
    told = ordinals(article)
    units = {unit for _, unit in told}
    return any(each not in told and each[1] in units for each in asked)
