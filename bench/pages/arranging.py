"""Arranges the blocks of articles on a page: one after the other, interleaved, interrupted, tail first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, takewhile, zip_longest
from random import Random

from bench.pages.dress import Dressed
from bench.pages.emission import Line, Part
from bench.pages.setting import body_lines, columns, credit_line, ended, head
from bench.pages.styles import Place, Style

Block = list[Line]

HEADS_TOGETHER = 0.15
"""Share of interleaved neighbours whose headlines are all read before their texts."""


def blocks_of(dressed: Dressed, *, number: int, style: Style, width: int, rng: Random) -> list[Block]:
    """Return the blocks of an article in the order in which they are printed; a head is part of its block."""
    lines = body_lines(dressed, number=number, style=style, width=width, rng=rng)
    lines = ended(lines, after="\n" if dressed.credit and rng.random() < 0.4 else "\n\n")
    text = columns([*lines, *credit_line(dressed, number=number, rank=len(lines) + 1)], style=style, rng=rng)
    if rng.random() < style.strayed:
        text = strayed(text, rng=rng)
    over = head(dressed, number=number, style=style, rng=rng)
    if not over:
        return text
    if len(text) > 1 and rng.random() < style.tail_first:
        return [text[-1], over + text[0], *text[1:-1]]
    return placed(over, text=text, place=Place.ABOVE if dressed.mark else rng.choice(style.headlines))


def strayed(text: list[Block], *, rng: Random) -> list[Block]:
    """Return blocks with the last line of one of them read on its own, behind the one that follows."""
    if len(text) < 3 or len(text[0]) < 2:
        return text
    at = rng.randrange(len(text) - 1)
    shortened, line = ended(text[at][:-1]), ended(text[at][-1:])
    return [*text[:at], shortened, text[at + 1], line, *text[at + 2 :]]


def placed(over: Block, *, text: list[Block], place: Place) -> list[Block]:
    """Return the blocks of an article with its head where ``place`` says."""
    if place is Place.BELOW:
        tight = over[-1].after
        return [*text[:-1], [*ended(text[-1], after=tight), *ended(over)]]
    if place is Place.INSIDE and len(text) > 1:
        middle = len(text) // 2
        return [*text[:middle], over + text[middle], *text[middle + 1 :]]
    return [over + text[0], *text[1:]]


def arranged(articles: Sequence[list[Block]], *, style: Style, rng: Random) -> list[Block]:
    """Return the blocks of a page."""
    page: list[Block] = []
    waiting = list(articles)
    while waiting:
        first = waiting.pop(0)
        if waiting and rng.random() < style.interleaved and len(first) > 1:
            neighbours = [waiting.pop(0) for _ in range(min(len(waiting), rng.choice((1, 1, 1, 2))))]
            page += interleaved([first, *neighbours], rng=rng)
        elif waiting and rng.random() < style.interrupted and len(first) > 1:
            page += interrupted(first, by=shortest(waiting, rng=rng), rng=rng)
        else:
            page += first
    return page


def interleaved(articles: Sequence[list[Block]], *, rng: Random) -> list[Block]:
    """Return blocks of neighbours in turn (A1 B1 A2 B2); at times their heads come first, together."""
    heads: list[Block] = []
    if rng.random() < HEADS_TOGETHER:
        heads = [ended(over) for over in (head_of(blocks[0]) for blocks in articles) if over]
        articles = [[blocks[0][len(head_of(blocks[0])) :], *blocks[1:]] for blocks in articles]
    return heads + [block for block in chain.from_iterable(zip_longest(*articles)) if block]


def head_of(block: Block) -> Block:
    """Return the titles that a block begins with."""
    return list(takewhile(lambda line: line.part is Part.TITLE, block))


def interrupted(article: list[Block], *, by: list[Block], rng: Random) -> list[Block]:
    """Return an article with a whole other one between two of its blocks."""
    at = rng.randint(1, len(article) - 1)
    return [*article[:at], *by, *article[at:]]


def shortest(waiting: list[list[Block]], *, rng: Random) -> list[Block]:
    """Take out an article to interrupt another: often the shortest, a caption or a notice."""
    if rng.random() < 0.5:
        return waiting.pop(0)
    least = min(
        range(len(waiting)), key=lambda at: sum(len(line.text) for block in waiting[at] for line in block)
    )
    return waiting.pop(least)
