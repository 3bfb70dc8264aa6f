"""Articles that stand alone: a file that shows no sign of being a page is one article, left as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.domain.characters import CLOSING, TERMINAL
from qa.text.blocks import Block, Role
from qa.text.continuation import closes
from qa.text.gathered import Gathered
from qa.text.mastline import closing, is_photographed, is_signed, opening
from qa.text.places import announces, column_width, is_broken_off

SHORT_LINE = 40
"""Characters up to which a line without a full stop is set so, and not cut off by a column."""

SUBHEADING = 32
"""Characters up to which headings inside one article stand one below the other."""

NO_TITLE = re.compile(rf"[{TERMINAL}][{re.escape(CLOSING)}]*$|^[（(][^（）()]*[）)]$|^“[^“”]*”$")
"""What stands by itself like a heading and is none: a sentence, a line in brackets, a saying."""

DASHES = "—－-"

LEAD = 2
"""Blocks among the first of which the one dateline of an article may stand."""

FEW = 0.1
"""Share of texts that may end without a full stop: some writers leave it out."""


def alone(blocks: Sequence[Block]) -> Gathered | None:
    """Return the blocks of a page without a masthead as one article; None where they may be several.

    Several are told by a second dateline, by long headings that follow each other, by the name of a
    notice, a picture's credit or a jump, by columns, and by texts that are cut off.
    """
    first = next((at for at, block in enumerate(blocks) if block.role is not Role.HEADING), None)
    if first is None:
        return None
    over, inside = blocks[:first], blocks[first:]
    several = (
        any(opens(block) for block in inside[LEAD:])
        or sum(opens(block) for block in inside) > 1
        or any(tells_of_more(block) for block in inside[:-1])
        or any(closes_article(block) for block in inside[: last_text(inside)])
        or (len(inside) > 1 and is_captioned(inside))
        or any(are_titles(one, other) for one, other in pairwise(inside))
        or (levels(inside) and min(levels(inside)) <= min(levels(over), default=0))
        or sum(is_cut_off(block) for block in inside[:-1]) > max(1.0, FEW * len(inside))
    )
    return None if several else Gathered(headings=tuple(over), body=tuple(inside))


def last_text(blocks: Sequence[Block]) -> int:
    """Return the position of the last block that is text or a heading; 0 where there is none."""
    texts = [at for at, block in enumerate(blocks) if block.role in (Role.BODY, Role.HEADING)]
    return texts[-1] if texts else 0


def closes_article(block: Block) -> bool:
    """Tell whether nothing follows a block in its article."""
    text = block.text.strip()
    return block.role is Role.BYLINE or closes(text) or bool(closing(text)) or is_signed(text)


def is_captioned(inside: Sequence[Block]) -> bool:
    """Tell whether some blocks end with a picture's caption, and not with the credit of their own picture."""
    last = inside[-1].text.strip()
    own = "。" in last or any(block.role is Role.HEADING for block in inside)
    return tells_of_more(inside[-1]) and own


def are_titles(one: Block, other: Block) -> bool:
    """Tell whether two blocks are headings too long to stand below each other inside an article.

    A short paragraph that ends as sentences do is none, nor is a saying, where it is from, or a line in
    brackets; and what begins with a dash belongs to the line above it.
    """
    printed = ["".join(block.text.split()) for block in (one, other)]
    headings = one.role is other.role is Role.HEADING and max(map(len, printed)) > SUBHEADING
    return headings and printed[0][0] not in DASHES and not any(NO_TITLE.search(each) for each in printed)


def opens(block: Block) -> bool:
    """Tell whether a text begins with a dateline."""
    return block.role is Role.BODY and opening(block.text)[0] is not None


def tells_of_more(block: Block) -> bool:
    """Tell whether a block by itself says that its page holds more than one article."""
    if block.role in (Role.JUMP_FROM, Role.JUMP_TO) or column_width(block.text):
        return True
    heading = block.role is Role.HEADING and announces(block.text)
    return heading or is_photographed(block.text)


def levels(blocks: Sequence[Block]) -> list[int]:
    """Return the Markdown levels of headings, 1 being the highest."""
    return [block.level for block in blocks if block.level is not None]


def is_cut_off(block: Block) -> bool:
    """Tell whether a text ends within a sentence, as at the foot of a column."""
    text = block.text.strip()
    ended = text[-1:] in "；：;:、，," or not is_broken_off(text)
    return block.role is Role.BODY and len(text) > SHORT_LINE and not ended
