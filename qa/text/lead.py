"""Leads (导语): how the text of an article begins, once the bylines over it are taken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.blocks import LINE, Block, Role
from qa.text.dates import Places
from qa.text.mastline import BYLINE, HEAD, bylined, is_photographed, opened
from qa.text.names import Named, is_usual_name, squeezed

LONGEST = 600
"""Characters, blanks among them, at the head of a text that are looked at."""

LONGEST_BYLINE = 80
"""Characters of a line that names who wrote."""

TITLE_LINES = 5
"""Lines at the head of a block that may be those of a headline which stands close to its text, at most."""

TEXT_BELOW = 8
"""Characters that the line below a bare name has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Someone credited, with where.

    :param photographed: For a picture, not for the text.
    """

    name: str
    places: Places
    photographed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How a text begins.

    :param named: Whom the dateline names, or the bylines above the text.
    :param text: From behind the dateline on, as printed; the head of the article's text.
    """

    text: TracedText
    dateline: str | None = None
    dateline_at: Places = ()
    named: tuple[Author, ...] = field(default=())


def lead_of(body: Sequence[Block]) -> Lead:
    """Return how the text of an article begins."""
    bylines, head = without_bylines(body)
    opening = opened(head.text)
    if not opening:
        return Lead(text=head, named=tuple(bylines))
    return Lead(
        text=head.slice(Span(opening.end, len(head.text))),
        dateline=opening.dateline,
        dateline_at=head.slice(opening.span).origin,
        named=(*authors(opening.named, head), *bylines),
    )


def without_bylines(body: Sequence[Block]) -> tuple[list[Author], TracedText]:
    """Return whom the lines over a text name, and the head of the text below them."""
    found: list[Author] = []
    for at, block in enumerate(body):
        if block.role is Role.BODY:
            named, start = bylines_over(block.traced)
            start = dateline_below(block.text, start)
            pieces = (block.traced.slice(Span(start, len(block.text))), *texts(body[at + 1 :]))
            return found + named, cut_short(pieces)
        if block.role is Role.BYLINE or is_usual_name(squeezed(block.text)):
            found += authors_in(block.traced)
    return found, TracedText(text="", origin=())


def dateline_below(text: str, start: int) -> int:
    """Return where a dateline stands below the first lines of a block, which are no text; else ``start``."""
    lines = islice(LINE.finditer(text, start, start + LONGEST), TITLE_LINES)
    for line in lines:
        if opened(text[line.start() : line.start() + HEAD]):
            return line.start()
        if "。" in line.group():
            break
    return start


def texts(blocks: Sequence[Block]) -> Iterator[TracedText]:
    """Yield the texts of blocks, bylines and headings left out."""
    return (block.traced for block in blocks if block.role is Role.BODY)


def cut_short(pieces: Sequence[TracedText]) -> TracedText:
    """Return as much of pieces that follow each other as is looked at."""
    taken: list[TracedText] = []
    room = LONGEST
    for piece in pieces:
        if room <= 0:
            break
        taken.append(piece.slice(Span(0, min(room, len(piece.text)))))
        room -= len(piece.text)
    return TracedText.joined(taken)


def bylines_over(text: TracedText) -> tuple[list[Author], int]:
    """Return whom the first lines of a block name, and where the text below them begins."""
    found: list[Author] = []
    head = text.text[:LONGEST]
    lines = [Span(*match.span()) for match in LINE.finditer(head) if not match.group().isspace()]
    for line, below in pairwise(lines[:4]):
        if not is_byline(head[line.start : line.end], head[below.start : below.end]):
            return found, line.start
        found += authors_in(text.slice(line))
    return found, lines[min(len(lines), 4) - 1].start if lines else 0


def is_byline(line: str, following: str) -> bool:
    """Tell whether a line over others names who wrote them: by a role, or by nothing but a name."""
    if len(line) > LONGEST_BYLINE:
        return False
    bare = is_usual_name(squeezed(line)) and len(squeezed(following)) >= TEXT_BELOW
    return bare or BYLINE.match(line.strip()) is not None


def authors_in(byline: TracedText) -> list[Author]:
    """Return whom a byline names."""
    text = byline.text[: 2 * LONGEST_BYLINE]
    taken = is_photographed(text) and "文" not in text
    return authors(bylined(text), byline, photographed=taken)


def authors(named: Sequence[Named], text: TracedText, *, photographed: bool = False) -> list[Author]:
    """Return the people that were found in a text with where they are printed."""
    return [
        Author(name=each.name, places=text.slice(each.span).origin, photographed=photographed)
        for each in named
    ]
