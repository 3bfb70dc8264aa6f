"""The words that carry a question."""

from __future__ import annotations

import re
import unicodedata

FILLER = re.compile(
    r"(?:多少|几)[个名人座家项次条份天届处所户件元场批枚站册岁倍套辆台吨亩]?|什么时候|什么时间|什么|哪些|哪个|哪几个|哪几天|哪里|哪位|哪[一]?[年天日]|何时|谁|怎么样|怎样|怎么|如何|为什么|"
    r"有没有|是不是|请问|吗|呢|吧|啊"
)


def fold(text: str) -> str:
    """Return a copy for matching: compatibility forms and case folded, same length as ``text``.

    A character whose folded form is longer stays as it is, so that offsets hold.
    """
    folded = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(f if len(f) == 1 else c for f, c in zip(folded, text, strict=True))


def asked_about(question: str) -> str:
    """Return a question without its question words, which no answer has to hold."""
    return FILLER.sub(" ", question)
