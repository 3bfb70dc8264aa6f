"""Fragments: short blocks that look like headings and are text that a column break cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from qa.text.blocks import Block, Role
from qa.text.continuation import closes
from qa.text.mastline import closing, is_signed
from qa.text.places import is_broken_off
from qa.text.wording import Wording

AHEAD = 6
"""Text blocks further on in which a text that broke off may go on instead."""

LEAD = 0.0
"""By how much what looks like a heading must go on better than every one of those."""

LEAST = 4
"""Characters of a fragment at least."""


def with_fragments(blocks: Sequence[Block], wording: Wording) -> list[Block]:
    """Return blocks with those as text that go on from the broken-off text right above them.

    A text that broke off goes on somewhere: in what looks like a heading, or in a text further on.

    :param wording: Of the texts and headings among the blocks.
    """
    found = list(blocks)
    for at in range(1, len(found)):
        above, text = found[at - 1], found[at].text
        if above.role is not Role.BODY or not is_doubtful(found[at]) or not is_cut_short(above.text.strip()):
            continue
        if wording.opening(text) > AMID:
            continue
        later = islice((each.text for each in found[at + 1 :] if each.role is Role.BODY), AHEAD)
        own, *others = wording.going_on(above.text, [text, *later])
        if own > max(others, default=FAINT) + LEAD:
            found[at] = replace(found[at], role=Role.BODY)
    return found


def is_cut_short(text: str) -> bool:
    """Tell whether a text ends within a sentence, and not with a signature or a credit."""
    return is_broken_off(text) and not (is_signed(text) or closing(text) or closes(text))


AMID = 0.0
"""Log odds for a sentence to begin above which a block is no fragment of one."""

FAINT = 2.0
"""How well a text must go on at least where there is nothing to compare it with."""


def is_doubtful(block: Block) -> bool:
    """Tell whether a heading may be a fragment of text."""
    return block.role is Role.HEADING and block.level is None and len("".join(block.text.split())) >= LEAST
