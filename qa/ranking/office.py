"""Whether one who is named holds the office (职务) asked for, or its deputy's, a past one or another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.domain.spans import Span

OFFICES = (
    "董事长|秘书长|书记|主席|主任|总理|总统|总裁|总经理|经理|省长|市长|县长|区长|镇长|乡长|村长|州长|部长|厅长|局长|处长|"
    "科长|司长|署长|校长|院长|所长|馆长|站长|台长|社长|会长|理事长|检察长|行长|厂长|队长|团长|主编|总编辑|总监"
)
BODIES = (
    "中央|国家|省委|市委|县委|区委|州委|旗委|工委|党委|党组|总支|支部|纪委|政法委|团委|总|"
    "政协|工会|妇联|文联|作协|科协|侨联|残联|常委会|组委会"
)
"""Of which one of several offices of the same name is, where it stands right before it (市委书记, 总书记)."""

# Not the end of another word: 太原市长, 目前市长, 时代.
BESIDE = r"(?:副|(?<![太中平固五松清开草高])原|(?<![目日此之以])前|(?<![时年历现当古])代)"
NAMED = rf"(?P<body>{BODIES})?(?P<beside>{BESIDE})?(?P<office>{OFFICES})"
ASKED = re.compile(NAMED)
HOLDER = re.compile(
    rf"(?:{OFFICES})(?:一职)?(?:现在|目前|现|当时|同志)?(?:是|为|叫|由)?(?:谁|哪一?位|何人|什么名字)"
    rf"|(?:谁|哪一?位|何人)(?:是|任|担任|出任|当选|当|做)[^，,？?]*(?:{OFFICES})[？?\s]*$"
)
"""A question for who holds an office; 谁参加了书记的会见 is none."""

HELD = re.compile(rf"{NAMED}[\s：:]*$")
AND = re.compile(r"[、，,兼及和\s]+(?=[^、，,兼及和\s。！？；]*$)")
MADE = re.compile(rf"[^。！？；]{{0,20}}?(?:任|当选|成为|兼|做|接替|为|是)[^，。！？；]{{0,15}}?{NAMED}")
"""Behind a name: what its holder was made, or is at the same time (``由前市长张某出任主席``)."""

REACH = 30
"""Characters before a name within which its offices stand."""


class Office(NamedTuple):
    """An office as it is named: empty what does not stand there."""

    body: str
    beside: str
    office: str


def holds_another(question: str, passage: str, span: Span) -> bool:
    """Tell whether a span is named with other offices where an office is asked for.

    ``副董事长李文珍`` does not answer who the 董事长 is, nor ``市长张广勇`` where its holder is asked for.
    """
    held = list(offices_before(passage, span))
    asked = [named(match) for match in ASKED.finditer(question)]
    if not held or not asked:
        return False
    if HOLDER.search(question):
        made = MADE.match(passage, span.end)
        held += [named(made)] if made else []
        return not any(same(one, other) for one in held for other in asked)
    nearest = held[0]
    of_that_name = [each.beside for each in asked if each.office == nearest.office]
    return bool(nearest.beside and of_that_name) and nearest.beside not in of_that_name


def same(held: Office, asked: Office) -> bool:
    """Tell whether an office that is held may be the one asked for: of a body that is not named, it may."""
    of_one_body = held.body == asked.body or not (held.body and asked.body)
    return of_one_body and held[1:] == asked[1:]


def offices_before(passage: str, span: Span) -> Iterator[Office]:
    """Yield the offices that stand right before a name, the nearest first (``市委副书记、市长张广勇``)."""
    before = passage[max(0, span.start - REACH) : span.start]
    while held := HELD.search(before):
        yield named(held)
        # What names the body of an office, between a comma and it, is no office of its own.
        and_that = AND.search(before, 0, held.start())
        if not and_that:
            return
        before = before[: and_that.start()]


def named(match: re.Match[str]) -> Office:
    """Return the office that was found."""
    return Office(*(match[name] or "" for name in Office._fields))
