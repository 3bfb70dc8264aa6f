"""The order in which the blocks of a newspaper page are read: cuts along the white space between them."""

from __future__ import annotations

from collections.abc import Sequence

from qa.loaders.boxes import Block

HEADLINE = 1.4
"""How many times larger than the body print is that runs over the columns."""

GUTTER = 0.3
"""Heights of a character of body print that part two columns, at least."""


def in_order(blocks: Sequence[Block], *, body: float) -> list[Block]:
    """Return blocks in reading order: what spans the columns first, then column by column."""
    if len(blocks) < 2:
        return list(blocks)
    parts = columns_of(blocks, body=body)
    if len(parts) == 1:
        parts = bands_of(blocks, body=body)
    if len(parts) == 1:
        parts = around_widest(blocks)
    return [block for part in parts for block in in_order(part, body=body)]


def columns_of(blocks: Sequence[Block], *, body: float) -> list[list[Block]]:
    """Return blocks parted where white runs through from top to bottom, from left to right.

    A headline that has its height to itself spans all columns, however short it is.
    """
    rows = rows_of(blocks)
    if len(rows) > 1 and any(is_banner(row, body=body) for row in rows):
        return [list(blocks)]
    return parted(blocks, gap=GUTTER * body, across=True)


def is_banner(row: Sequence[Block], *, body: float) -> bool:
    """Tell whether a row is nothing but one headline."""
    return len(row) == 1 and row[0].size >= HEADLINE * body


def rows_of(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return blocks parted where white runs through from left to right, from top to bottom."""
    return parted(blocks, gap=0.0, across=False)


def parted(blocks: Sequence[Block], *, gap: float, across: bool) -> list[list[Block]]:
    """Return blocks parted where they leave more than ``gap`` free."""

    def start(block: Block) -> float:
        return block.box.left if across else block.box.top

    parts: list[list[Block]] = []
    reached = float("-inf")
    for block in sorted(blocks, key=start):
        if not parts or start(block) - reached > gap:
            parts.append([])
        parts[-1].append(block)
        reached = max(reached, block.box.right if across else block.box.bottom)
    return parts


def bands_of(blocks: Sequence[Block], *, body: float) -> list[list[Block]]:
    """Return rows, those together that the same gutters run through."""
    bands: list[list[Block]] = []
    for row in rows_of(blocks):
        if bands and len(columns_of([*bands[-1], *row], body=body)) > 1:
            bands[-1] += row
        else:
            bands.append(list(row))
    return bands


def around_widest(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return what begins above the widest block, that block, and the rest; for knots without a gutter."""
    widest = max(blocks, key=lambda block: (block.box.right - block.box.left, -block.box.top))
    others = [block for block in blocks if block is not widest]
    above = [block for block in others if block.box.top < widest.box.top]
    below = [block for block in others if block.box.top >= widest.box.top]
    return [part for part in (above, [widest], below) if part]
