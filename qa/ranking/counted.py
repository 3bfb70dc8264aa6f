"""What is counted: ``82个市级专业镇`` says how many 专业镇 there are, ``10个省级现代产业学院`` does not."""

from __future__ import annotations

import re

from qa.domain.spans import Span
from qa.ranking.quantities import CLASSIFIER, NUMBER, SCALE

ASKED = re.compile(
    rf"(?:多少|几){SCALE}(?P<unit>[个部支{CLASSIFIER}])"
    r"(?P<counted>(?:(?![了在被把将向从对给过着])[\u4e00-\u9fff]){2,10})[？?]?$"
)
"""A question for how many there are of something that is named at its end."""

NAMED = re.compile(r"[\u4e00-\u9fff]{2}")
BEHIND = 15
"""Characters behind a number within which what it counts is named in full."""

BEFORE = 12
"""Characters before it, where print may name it first (``专业镇82个``)."""

HEAD = 2
"""Characters at the end of a name that say what a thing is (镇 of 专业镇 alone may be anything)."""


def counts_as_asked(question: str, passage: str, span: Span) -> bool | None:
    """Tell whether what a passage counts right behind a number is what a question asks the number of.

    None unless the question ends with what is counted, and the passage names something behind the number.
    """
    asked = ASKED.search(question)
    number = NUMBER.search(passage, span.start, span.end)
    if not asked or not number:
        return None
    if not NAMED.match(passage, number.end()) or not number.group().rstrip().endswith(asked["unit"]):
        return None
    around = passage[max(0, number.start() - BEFORE) : number.end() + BEHIND]
    return asked["counted"][-HEAD:] in around
