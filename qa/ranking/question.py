"""What a question asks for: the kind of its answer, and the words that carry it."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from qa.domain.characters import HAN


class AnswerKind(StrEnum):
    """What an answer has to look like."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    OTHER = "other"


# The first that matches decides: 哪年 asks for a date although 几年 asks for a number.
KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (AnswerKind.DATE, re.compile(r"什么时候|何时|哪[一]?[年天日]|哪几天|几月|几号|什么时间|日期|哪个月")),
    (AnswerKind.PERSON, re.compile(r"谁|哪位|何人|姓名|叫什么名字")),
    (AnswerKind.PLACE, re.compile(r"哪里|在哪|哪儿|何处|什么地方|哪个(?:省|市|县|区|镇|村|国家)|地址")),
    (
        AnswerKind.NUMBER,
        re.compile(r"多少|几[个名人座家项次条份天年届所处]|多[大长高远久]|百分之几|占比|年产"),
    ),
)
FILLER = re.compile(
    r"多少|什么时候|什么时间|什么|哪些|哪个|哪几个|哪几天|哪里|哪位|哪[一]?[年天日]|何时|谁|怎么样|怎样|怎么|如何|为什么|"
    r"有没有|是不是|请问|吗|呢|吧|啊|几|[的了是在有和与及被把对由为以]"
)
WORD = re.compile(rf"[{HAN}]+|[0-9]+(?:\.[0-9]+)?|[A-Za-z]+")


def fold(text: str) -> str:
    """Return a copy for matching: compatibility forms and case folded, same length as ``text``.

    A character whose folded form is longer stays as it is, so that offsets hold.
    """
    folded = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(f if len(f) == 1 else c for f, c in zip(folded, text, strict=True))


def kind_of(question: str) -> AnswerKind:
    """Return the kind of answer that a question asks for."""
    return next((kind for kind, pattern in KINDS if pattern.search(question)), AnswerKind.OTHER)


def terms(question: str) -> tuple[str, ...]:
    """Return the pairs of Han characters, numbers and Latin words that a question is about.

    Question words and particles are dropped first; each term comes once, in order.
    """
    found: dict[str, None] = {}
    for word in WORD.findall(FILLER.sub(" ", fold(question))):
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if word[0] >= "\u3400" else [word]
        found.update(dict.fromkeys(pairs or [word]))
    return tuple(found)
