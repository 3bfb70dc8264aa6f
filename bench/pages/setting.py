"""Sets articles into the lines and column blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from bench.pages.dress import Dressed
from bench.pages.emission import Line, Part
from bench.pages.stories import Paragraph
from bench.pages.styles import Style
from qa.domain.articles import ArticleKind

NOT_FIRST = "，。、；：？！”’）》」』】…,.;:?!)%％"
"""What may not begin a line and hangs over the end of the one before."""

NOT_LAST = "“‘（《「『【("
"""What may not end a line."""

UNIT = re.compile(rf"[{re.escape(NOT_LAST)}]*(?:[0-9A-Za-z.%]+|.)[{re.escape(NOT_FIRST)}]*")
"""What a line is never broken within: a number, a word, a character with its punctuation."""

SHORTEST_BLOCK = 4
"""Lines that a column block has at least."""

LISTED = {"1.", "2.", "3.", "一、", "二、", "三、"}
"""What a paragraph begins with that Markdown makes an item of a list."""

BREAK = "\n\n"


def wrapped(text: str, *, width: int) -> list[str]:
    """Return the lines of a paragraph; numbers and words are not broken, punctuation hangs."""
    lines, room = [""], float(width)
    for unit in UNIT.findall(text):
        if lines[-1] and breadth(unit.rstrip(NOT_FIRST)) > room:
            lines, room = [*lines, ""], float(width)
        lines[-1] += unit
        room -= breadth(unit)
    return [line.strip() for line in lines if line.strip()] or [text]


def breadth(text: str) -> float:
    """Return how many characters' room a text takes; figures and Latin letters take half of one."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def set_apart(text: str) -> str:
    """Return a line with its characters set apart, numbers whole (通 知 指 出)."""
    mark = f"[{re.escape(NOT_FIRST)}]*"
    return " ".join(re.findall(rf"[0-9A-Za-z.%]+{mark}|[“‘（《「『【]*\S{mark}", text))


def body_lines(dressed: Dressed, *, number: int, style: Style, width: int, rng: Random) -> list[Line]:
    """Return the lines of the paragraphs, in reading order."""
    lines: list[Line] = []
    for paragraph in dressed.paragraphs:
        if not paragraph.text:
            continue
        pieces = wrapped(paragraph.text, width=width)
        marked = paragraph_mark(paragraph, style=style)
        for piece, last in ((each, at == len(pieces) - 1) for at, each in enumerate(pieces)):
            text = set_apart(piece) if rng.random() < style.spaced else piece
            after = gap_after(dressed, style=style) if last else style.line_end
            lines.append(
                Line(text=marked + text, part=Part.BODY, owner=number, rank=len(lines) + 1, after=after)
            )
            marked = ""
    return lines


def paragraph_mark(paragraph: Paragraph, *, style: Style) -> str:
    """Return what a paragraph begins with: an indent, or the marks of Markdown."""
    if style.markdown and (paragraph.subheading or paragraph.text[:2] in LISTED):
        return "### " if paragraph.subheading else "- "
    return "　　" if style.indented and not paragraph.subheading else ""


def gap_after(dressed: Dressed, *, style: Style) -> str:
    """Return what stands between two paragraphs; those of a notice are set close."""
    return "\n" if dressed.kind is ArticleKind.NOTICE else style.gap


def columns(lines: Sequence[Line], *, style: Style, rng: Random) -> list[list[Line]]:
    """Return lines cut into column blocks, at line ends and nowhere else."""
    blocks: list[list[Line]] = []
    rest = list(lines)
    while rest:
        size = max(SHORTEST_BLOCK, rng.randint(*style.column)) if style.columns else len(rest)
        if len(rest) - size < SHORTEST_BLOCK:
            size = len(rest)
        blocks.append(ended(rest[:size]))
        rest = rest[size:]
    return blocks


def ended(lines: Sequence[Line], *, after: str = BREAK) -> list[Line]:
    """Return a block that ends in a blank line, or in what is given."""
    return [*lines[:-1], replace(lines[-1], after=after)]


def title_lines(dressed: Dressed, *, number: int, style: Style, rng: Random) -> list[Line]:
    """Return kicker, headline and subtitles as they are set."""
    lines: list[Line] = []
    gap = rng.choice(("\n", BREAK))
    for rank, title in enumerate(dressed.titles):
        pieces = broken(title, rng=rng) if rng.random() < style.broken else [title]
        level = "# " if rank == 0 and rng.random() < 0.3 else "## "
        pieces = [level + " ".join(pieces)] if style.markdown else pieces
        if rng.random() < style.spaced:
            pieces = [set_apart(piece) for piece in pieces]
        lines += [Line(text=piece, part=Part.TITLE, owner=number, rank=rank) for piece in pieces]
        lines[-1] = replace(lines[-1], after=gap)
    return lines


def broken(title: str, *, rng: Random) -> list[str]:
    """Return a headline set over several lines; at its spaces, where it has some."""
    if " " in title:
        return title.split()
    if len(title) < 12:
        return [title]
    middle = len(title) // 2 + rng.randint(-2, 2)
    if len(title) > 24:
        third = len(title) // 3 + rng.randint(-1, 1)
        return [title[:third], title[third : 2 * third], title[2 * third :]]
    return [title[:middle], title[middle:]]


def head(dressed: Dressed, *, number: int, style: Style, rng: Random) -> list[Line]:
    """Return what is set together over, under or beside the text: titles, ornament, mark and byline."""
    lines = [Line(text=dressed.mark, part=Part.MARK, owner=number, after=BREAK)] if dressed.mark else []
    lines += title_lines(dressed, number=number, style=style, rng=rng)
    if dressed.byline:
        text = set_apart(dressed.byline) if rng.random() < style.spaced else dressed.byline
        lines.append(Line(text=text, part=Part.BODY, owner=number, after=BREAK))
    if lines and dressed.titles and rng.random() < style.decorated:
        lines.append(Line(text=ornament(dressed.titles[-1], rng=rng), part=Part.FURNITURE, after=BREAK))
    if lines and not dressed.mark:
        lines = ended(lines, after="\n" if rng.random() < style.tight else BREAK)
    return lines


def ornament(title: str, *, rng: Random) -> str:
    """Return a decorative print of a headline, its words doubled (集聚集聚)."""
    plain = re.sub(r"[^\u4e00-\u9fff]", "", title)
    words = [plain[at : at + 2] for at in range(0, min(len(plain), 8), 2)]
    lead = plain[: rng.randint(4, 6)]
    return " ".join([lead * 2, *(word * 2 for word in words[2:])])


def credit_line(dressed: Dressed, *, number: int, rank: int) -> list[Line]:
    """Return the line below the text that credits, if there is one."""
    return [Line(text=dressed.credit, part=Part.BODY, owner=number, rank=rank)] if dressed.credit else []
