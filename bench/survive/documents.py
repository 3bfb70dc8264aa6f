"""Made documents: each revision of each is another text, known to whoever knows its two numbers.

So a text that is read can be held to the only one it may be, and no list of what was ever written is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from qa.domain.sources import Source, Told
from qa.domain.spans import Span

CHARACTERS = (
    "云山海松竹梅兰菊春夏秋冬晨昏晓暮金银铜铁锡玉石珠江河湖泊溪泉潭渊"
    "东西南北左右前后天地日月星辰雷电风雨霜雪冰露鹤雁鹰燕鹿马牛羊虎鱼"
)
"""Sixty-four, six of which name a revision."""

WIDTH, MIX = 36, (0x9_E377_9B1F, 0x5_851F_42D5)
"""Bits of six characters, and odd factors, over which they are mixed without two becoming one."""

SAID = re.compile(r"代号为\w{6}的工厂在(\d+)号矿区完成第(\d+)次改造")

State = Mapping[int, int]
"""What an index should hold: the revision of each document, by its number."""


def code(number: int, revision: int) -> str:
    """Return the six characters that stand in this revision of this document and in no other."""
    mixed = (number << 14 | revision) + 1
    for factor in MIX:
        mixed = (mixed * factor) % 2**WIDTH
        mixed ^= mixed >> WIDTH // 2
    return "".join(CHARACTERS[mixed >> shift & 63] for shift in range(0, WIDTH, 6))


def amount(number: int, revision: int) -> str:
    """Return the figure that the document tells."""
    return f"{1000 + (number * 7919 + revision * 104729) % 8999}吨"


def name_of(number: int) -> str:
    """Return the name of a document."""
    return f"{number:06d}.txt"


def made(number: int, revision: int) -> Source:
    """Return one revision of one document, an article of two sentences."""
    named, told = code(number, revision), amount(number, revision)
    title = f"{named}厂完成改造"
    text = (
        f"{title}\n本报太原2月23日讯 代号为{named}的工厂在{number}号矿区完成第{revision}次改造。"
        f"{named}厂的年产量达到{told}。\n"
    )
    return Source(name=name_of(number), text=text, told=Told(whole=True, title=Span(0, len(title))))


def question(number: int, revision: int) -> str:
    """Return what only this revision of this document answers."""
    return f"{code(number, revision)}厂的年产量达到多少吨？"


def sources(state: State, numbers: Iterable[int]) -> list[Source]:
    """Return some of the documents as they should be."""
    return [made(number, state[number]) for number in numbers]


def revision_of(source: Source) -> tuple[int, int] | None:
    """Return number and revision of a document; None where it is none that was ever made."""
    said = SAID.search(source.text)
    if said is None:
        return None
    number, revision = (int(each) for each in said.groups())
    return (number, revision) if made(number, revision) == source else None


def digests(state: State) -> dict[str, str]:
    """Return the digest of every document as it should be, by name."""
    return {name_of(number): made(number, revision).digest for number, revision in state.items()}
