"""The text blocks of a page with what is printed between them: headings, bylines, jump marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain.characters import CLOSING, TERMINAL
from qa.text.blocks import LINE, Block, Role, width
from qa.text.continuation import closes
from qa.text.mastline import closing, is_photographed, is_signed, opening
from qa.text.reading_signs import Stretch

SUBHEADING_LENGTH = 24
"""Printed characters up to which a single heading inside an article is a subheading (小标题)."""

CAPTION_LENGTH = 200
"""Printed characters up to which text with a photographer's credit is a caption."""

NOTICE = re.compile(r"(?:公告|通告|启事|声明|公示|通知|告示|讣告|更正|遗失)\s*$|(?:公告|通告|公示|寻亲|寻人)")
# A byline with one of these stands over what it signs.
OVER = re.compile(r"^[\s□■●◎◆▲]*(?:本报|本刊|新华社)|^\s*[□■●◎◆▲]|评论员\s*$")
COLUMN_LINES = 4
"""Lines from which a block shows how wide its column is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A text block where it stands on its page.

    :param above: Headings, bylines and marks between the text block before and this one, in print order.
    :param credits: Bylines printed below it that name who wrote it.
    """

    block: Block
    above: tuple[Block, ...]
    credits: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page holds beside its furniture.

    :param below: Headings after the last text block.
    """

    places: tuple[Place, ...]
    below: tuple[Block, ...]


def page_of(blocks: Sequence[Block]) -> Page:
    """Return the text blocks of a page with what stands between them."""
    texts = [at for at, block in enumerate(blocks) if block.role is Role.BODY]
    places: list[Place] = []
    if not texts:
        return Page(places=(), below=tuple(blocks))
    above = tuple(blocks[: texts[0]])
    for at, following in zip(texts, [*texts[1:], len(blocks)], strict=True):
        between = tuple(blocks[at + 1 : following])
        credits = credited(between, last=following == len(blocks))
        places.append(Place(block=blocks[at], above=above, credits=between[:credits]))
        above = between[credits:]
    return Page(places=tuple(places), below=above)


def credited(between: Sequence[Block], *, last: bool) -> int:
    """Return how many of the blocks below a text are bylines that close it."""
    closing = (Role.BYLINE, Role.JUMP_TO)
    count = next((at for at, block in enumerate(between) if block.role not in closing), len(between))
    alone = count == len(between) and not last
    if alone and count and OVER.search(between[count - 1].text.strip()):
        return count - 1
    return count


def stretch(place: Place, *, following: Place | None) -> Stretch:
    """Return what the print of a text block says of its place in an article."""
    block = place.block
    headings = [each for each in place.above if each.role is Role.HEADING]
    text = block.text.strip()
    return Stretch(
        text=block.text,
        opens=opening(block.text)[0] is not None,
        closed=bool(place.credits) or closes(text) or bool(closing(text)) or is_signed(text),
        broken_off=is_broken_off(text),
        caption=is_caption(place, following),
        marked=any(each.role is Role.JUMP_FROM for each in place.above),
        signed=any(each.role is Role.BYLINE for each in place.above),
        headings=len(headings),
        headline=is_headline(headings),
        heading="".join(each.text for each in headings),
        titles=tuple(each.text for each in headings),
        announces=any(announces(each.text) for each in headings),
        width=column_width(block.text),
        leaves=closes(text) or any(each.role is Role.JUMP_TO for each in place.credits),
    )


def is_broken_off(text: str) -> bool:
    """Tell whether a text ends where no sentence does."""
    return text.rstrip().rstrip(CLOSING)[-1:] not in TERMINAL


def announces(heading: str) -> bool:
    """Tell whether a heading is the name of a notice, however widely it is spaced."""
    return NOTICE.search("".join(heading.split())) is not None


def is_headline(headings: Sequence[Block]) -> bool:
    """Tell whether headings are set like a headline and not like a subheading."""
    printed = sum(len(re.sub(r"[\s#]", "", block.text)) for block in headings)
    marked = any(block.level is not None and block.level <= 2 for block in headings)
    named = any(announces(block.text) for block in headings)
    return len(headings) > 1 or printed > SUBHEADING_LENGTH or marked or named


def is_caption(place: Place, following: Place | None) -> bool:
    """Tell whether a short block is what stands under a picture."""
    text = place.block.text.strip()
    if len(text) > CAPTION_LENGTH:
        return False
    below = [*place.credits, *(following.above[:1] if following else ())]
    return any(is_photographed(each) for each in (text, *(block.text for block in below)))


def column_width(text: str) -> float:
    """Return the width of the column in which a block is set; 0 where it does not show."""
    if text.count("\n") + text.count("\r") < COLUMN_LINES - 1:
        return 0.0
    lines = [width(match.group()) for match in LINE.finditer(text)]
    return sorted(lines)[len(lines) // 2] if len(lines) >= COLUMN_LINES else 0.0
