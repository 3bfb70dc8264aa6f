"""Fragments: short blocks that look like headings and are text that a column break cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qa.text.blocks import Block, Role
from qa.text.continuation import closes
from qa.text.language import Language, folded_points
from qa.text.mastline import SIGNED, closing
from qa.text.places import is_broken_off

AHEAD = 6
"""Text blocks further on in which a text that broke off may go on instead."""

LEAD = 0.0
"""By how much what looks like a heading must go on better than every one of those."""

LEAST = 4
"""Characters of a fragment at least."""


def with_fragments(blocks: Sequence[Block], language: Language) -> list[Block]:
    """Return blocks with those as text that go on from the broken-off text right above them.

    A text that broke off goes on somewhere: in what looks like a heading, or in a text further on.
    """
    doubtful = [at for at in range(1, len(blocks)) if is_doubtful(blocks[at])]
    if not doubtful:
        return list(blocks)
    found = list(blocks)
    points = [folded_points(block.text) for block in blocks]
    ends, starts, openings = language.ends(points), language.starts(points), language.openings(points)
    for at in doubtful:
        if openings[at] > AMID:
            continue
        above = found[at - 1]
        if above.role is not Role.BODY or not is_cut_short(above.text.strip()):
            continue
        later = [other for other in range(at + 1, len(found)) if found[other].role is Role.BODY][:AHEAD]
        others = starts[later] @ ends[at - 1] if later else np.array([FAINT], dtype=np.float32)
        if float(starts[at] @ ends[at - 1]) > float(others.max()) + LEAD:
            found[at] = replace(found[at], role=Role.BODY)
    return found


def is_cut_short(text: str) -> bool:
    """Tell whether a text ends within a sentence, and not with a signature or a credit."""
    closed = SIGNED.search(text) or closing(text) or closes(text)
    return is_broken_off(text) and not closed


AMID = 0.0
"""Log odds for a sentence to begin above which a block is no fragment of one."""

FAINT = 2.0
"""How well a text must go on at least where there is nothing to compare it with."""


def is_doubtful(block: Block) -> bool:
    """Tell whether a heading may be a fragment of text."""
    return block.role is Role.HEADING and block.level is None and len("".join(block.text.split())) >= LEAST
