"""Whether a person who is named holds the office (职务) that is asked for, or only its deputy or its past."""

from __future__ import annotations

import re

from qa.domain.spans import Span

OFFICES = (
    "董事长|秘书长|书记|主席|主任|总理|总统|总裁|总经理|经理|省长|市长|县长|区长|镇长|乡长|村长|州长|部长|厅长|局长|处长|"
    "科长|司长|署长|校长|院长|所长|馆长|站长|台长|社长|会长|理事长|检察长|行长|厂长|队长|团长|主编|总编辑|总监"
)
# Not the end of another word: 太原市长, 目前市长, 时代.
BESIDE = r"(?:副|(?<![太中平固五松清开草高])原|(?<![目日此之以])前|(?<![时年历现当古])代)"
ASKED = re.compile(rf"(?P<beside>{BESIDE})?(?P<office>{OFFICES})")
HELD = re.compile(rf"(?P<beside>{BESIDE})(?P<office>{OFFICES})[\s：:、]*$")
LONGEST = 8
"""Characters before a name within which its office ends."""


def is_beside(question: str, passage: str, span: Span) -> bool:
    """Tell whether a span is named with a deputy's or former office where the office itself is asked for.

    ``副董事长李文珍`` does not answer who the 董事长 is.
    """
    held = HELD.search(passage, max(0, span.start - LONGEST), span.start)
    if not held:
        return False
    asked = [match["beside"] for match in ASKED.finditer(question) if match["office"] == held["office"]]
    return bool(asked) and held["beside"] not in asked
