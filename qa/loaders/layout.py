"""Reading order: from words and where they are printed to blocks as a newspaper is read.

Pure geometry, shared by the text layer of a PDF and by recognised pictures. The unit
is the page's own; ``top`` grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise
from statistics import median

from qa.loaders.boxes import Block, Line, around
from qa.loaders.reading_order import HEADLINE, in_order, rows_of

JOINED_GAP = 0.7
"""Widths of a character between two runs that still stand on one line; gutters are wider."""

SAME_HEIGHT = 0.6
"""Share of the lower of two runs that must lie beside the other on one line."""

LEADING = 1.15
"""Heights of a character between two lines of one block, at most."""

SAME_SIZE = 1.25
"""How many times larger print may be and still belong to one block."""

MAST_PIECE = 30
"""Characters that a piece of a masthead has at most."""

STATES_PAGE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|星期[一二三四五六日天]|\d\s*版")
"""What the line at the top of a newspaper page says, and no line of an article says at that place."""


def page_text(runs: Sequence[Line]) -> str:
    """Return a page in reading order, blocks parted by a blank line."""
    return "\n\n".join(block.text for block in arranged(runs))


def arranged(runs: Sequence[Line]) -> list[Block]:
    """Return the blocks of a page in reading order, from runs of words in any order."""
    lines = lines_of([run for run in runs if run.text.strip()])
    if not lines:
        return []
    body = median(chain.from_iterable([line.size] * len(line.text) for line in lines))
    mast = mastline(lines)
    rows = rows_of(blocks_of([line for line in lines if line not in mast]))
    head = [joined_row(blocks_of(mast))] if mast else []
    if rows and not head and is_strip(rows[0], body=body):
        head = [joined_row(rows.pop(0))]
    foot = [joined_row(rows.pop())] if rows and is_strip(rows[-1], body=body) else []
    return [*head, *in_order([block for row in rows for block in row], body=body), *foot]


def mastline(lines: Sequence[Line]) -> list[Line]:
    """Return the pieces of the line at the top of a page that states its day or number.

    They may stand as close to the columns below as the lines of these do to one another.
    """
    top = min(lines, key=lambda line: line.box.top)
    beside = [line for line in lines if line.box.beside(top.box) >= 0.5 * top.box.height]
    short = all(len(line.text) <= MAST_PIECE for line in beside)
    return beside if short and any(STATES_PAGE.search(line.text) for line in beside) else []


def is_strip(row: Sequence[Block], *, body: float) -> bool:
    """Tell whether a row at the edge of a page is one line across it, such as a masthead or a foot."""
    lowest = min(block.box.height for block in row)
    single = all(len(block.lines) == 1 for block in row)
    modest = len(row) == 1 or max(block.size for block in row) < HEADLINE * body
    return single and modest and around(block.box for block in row).height < 2 * lowest


def joined_row(row: Sequence[Block]) -> Block:
    """Return single lines beside each other as one line."""
    lines = sorted((block.lines[0] for block in row), key=lambda line: line.box.left)
    box = around(line.box for line in lines)
    size = max(line.size for line in lines)
    line = Line(text=" ".join(line.text for line in lines), box=box, size=size)
    return Block(lines=(line,), box=box, size=size)


def lines_of(runs: Sequence[Line]) -> list[Line]:
    """Return runs with those joined that follow each other on a line, from left to right."""
    reach = JOINED_GAP * max((run.size for run in runs), default=0.0)
    done: list[list[Line]] = []
    growing: list[list[Line]] = []
    for run in sorted(runs, key=lambda run: (run.box.left, run.box.top)):
        done += [each for each in growing if each[-1].box.right < run.box.left - reach]
        growing = [each for each in growing if each[-1].box.right >= run.box.left - reach]
        fitting = [each for each in growing if follows(run, each[-1])]
        if fitting:
            max(fitting, key=lambda each: each[-1].box.beside(run.box)).append(run)
        else:
            growing.append([run])
    return [joined(each) for each in [*done, *growing]]


def follows(run: Line, before: Line) -> bool:
    """Tell whether ``run`` goes on the line of ``before``."""
    size = min(run.size, before.size)
    gap = run.box.left - before.box.right
    return (
        max(run.size, before.size) <= 1.6 * size
        and run.box.beside(before.box) >= SAME_HEIGHT * min(run.box.height, before.box.height)
        and -0.5 * size <= gap <= JOINED_GAP * size
    )


def joined(runs: Sequence[Line]) -> Line:
    """Return runs of one line as a line; Latin words that stand apart stay apart."""
    text = runs[0].text
    for before, run in pairwise(runs):
        apart = run.box.left - before.box.right > 0.2 * run.size
        latin = before.text[-1:].isascii() or run.text[:1].isascii()
        text += (" " if apart and latin else "") + run.text
    return Line(text=text.strip(), box=around(run.box for run in runs), size=median(run.size for run in runs))


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Return lines with those together that stand closely below one another."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.top, line.box.left)):
        over = [group for group in groups if is_over(group[-1], line)]
        if len(over) == 1:
            over[0].append(line)
        else:
            groups.append([line])
    return [
        Block(
            lines=tuple(group),
            box=around(line.box for line in group),
            size=median(line.size for line in group),
        )
        for group in groups
    ]


def is_over(upper: Line, lower: Line) -> bool:
    """Tell whether ``lower`` is the next line of the block that ``upper`` is in."""
    small, large = sorted((upper.size, lower.size))
    narrow = min(upper.box.right - upper.box.left, lower.box.right - lower.box.left)
    gap = lower.box.top - upper.box.bottom
    return (
        large <= SAME_SIZE * small
        and -0.5 * small <= gap <= LEADING * small
        and upper.box.above(lower.box) >= 0.5 * narrow
    )
