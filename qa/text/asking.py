"""Questions that a headline answers (例问): what it states is asked for, and the article must state it too.

Only forms that leave a plain question behind; most headlines give none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.domain.characters import HAN

LONGEST = 40
"""Characters of a clause that is made into a question; a longer one reads like a headline."""

COUNTED = (
    "公里|千米|平方米|个百分点|万元|亿元|公斤|个|家|名|人|户|项|条|座|场|件|所|种|份|部|例|处|辆|台|批|元|吨|亩|米|"
    "天|年|岁|倍|层"
)
NUMBER = re.compile(rf"(?<![第\d.:-])(\d[\d,.]*\d|\d)([多余]?(?:[万亿]+)?(?:{COUNTED}))")
HELD = re.compile(rf"^([{HAN}\d、·“”()（）]{{2,24}}?)((?:主持)?(?:召开|举行|开幕|举办|揭牌|通车|开工))(?!的)")
DAY_PRINTED = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}日(?:上午|下午|晚)?[,，]")
CLAUSE = re.compile(r"[\s　]+")


def question_of(title: str, body: str) -> str | None:
    """Return a question that the article under this headline answers; None where none can be made.

    :param body: The text of the article, in which what is asked for must be printed as well.
    """
    for clause in CLAUSE.split(title.strip()):
        if 6 <= len(clause) <= LONGEST:
            for ask in ASKED:
                question = ask(clause, body)
                if question:
                    return question
    return None


def how_many(clause: str, body: str) -> str | None:
    """Ask for a number: ``265个病种分级诊疗暂停执行`` → ``多少个病种分级诊疗暂停执行？``."""
    for found in NUMBER.finditer(clause):
        number, counted = found.groups()
        if counted == "年" and len(number) == 4:
            continue
        if re.search(rf"(?<!\d){re.escape(number)}\s*{counted[0]}", body):
            return f"{clause[: found.start()]}多少{counted.lstrip('多余')}{clause[found.end() :]}？"
    return None


def when(clause: str, body: str) -> str | None:
    """Ask for a day: ``市政协召开常委会议`` → ``市政协什么时候召开常委会议？``."""
    found = HELD.match(clause)
    if not found or "关于" in clause or found[2] not in body or not DAY_PRINTED.search(body):
        return None
    return f"{found[1]}什么时候{found[2]}{clause[found.end() :]}？"


ASKED: tuple[Callable[[str, str], str | None], ...] = (how_many, when)
