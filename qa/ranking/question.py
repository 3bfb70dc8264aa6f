"""What a question asks for: what a number has to count, and the words that carry it."""

from __future__ import annotations

import re
import unicodedata

from qa.domain.characters import HAN

# What a number in the answer has to count, by what the question says of it.
UNITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"多少([个份天座家户件条场项批枚届处站所册次岁倍套辆台名吨亩版期])|几([个份天座家户件条场项批名次])"
        ),
        "",
    ),
    (
        re.compile(
            r"多少(?:元|钱|资金)|(?:额|金|费用|投资|产值|工资|收入|标准|价格?|GDP|罚款|均价)是?(?:多少)?"
        ),
        "元",
    ),
    (re.compile(r"多少(?:人|名|员工|患者|嫌疑人|志愿者)|人口|人数"), "人名"),
    (re.compile(r"面积"), "米亩顷里"),
    (re.compile(r"年龄|多大年纪|几岁"), "岁"),
    (re.compile(r"年产|产量"), "吨万辆台"),
    (re.compile(r"增速|占比|百分之几|增长率|比例"), "%％点"),
)
TELEPHONE = re.compile(r"电话|手机|号码")
FILLER = re.compile(
    r"(?:多少|几)[个名人座家项次条份天届处所户件元场批枚站册岁倍套辆台吨亩]?|什么时候|什么时间|什么|哪些|哪个|哪几个|哪几天|哪里|哪位|哪[一]?[年天日]|何时|谁|怎么样|怎样|怎么|如何|为什么|"
    r"有没有|是不是|请问|吗|呢|吧|啊|[的了是在有和与及被把对由为以]"
)
WORD = re.compile(rf"[{HAN}]+|[0-9]+(?:\.[0-9]+)?|[A-Za-z]+")


def fold(text: str) -> str:
    """Return a copy for matching: compatibility forms and case folded, same length as ``text``.

    A character whose folded form is longer stays as it is, so that offsets hold.
    """
    folded = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(f if len(f) == 1 else c for f, c in zip(folded, text, strict=True))


def units(question: str) -> str:
    """Return the characters one of which a number's unit must hold; empty where any will do."""
    if TELEPHONE.search(question):
        return "-"
    for pattern, wanted in UNITS:
        match = pattern.search(question)
        if match:
            return wanted or next(group for group in match.groups() if group)
    return ""


def terms(question: str) -> tuple[str, ...]:
    """Return the pairs of Han characters, numbers and Latin words that a question is about.

    Question words and particles are dropped first; each term comes once, in order.
    """
    found: dict[str, None] = {}
    for word in WORD.findall(FILLER.sub(" ", fold(question))):
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if word[0] >= "\u3400" else [word]
        found.update(dict.fromkeys(pairs or [word]))
    return tuple(found)
