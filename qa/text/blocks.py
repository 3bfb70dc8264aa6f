"""Blocks: stretches of lines between blank lines, and what each of them looks like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.domain.characters import CLOSING, TERMINAL
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.continuation import CLOSING_JUMP, JUMP_FROM
from qa.text.furniture import is_furniture
from qa.text.mastline import BYLINE, CREDIT, PHOTOGRAPHER, SIGNED, opening

HEADING_LENGTH = 60
"""Printed characters above which a block is no headline."""

COLUMN_WIDTH = 45
"""Characters above which lines were not broken by a newspaper column."""

LINE = re.compile(r"[^\r\n]+")
LINE_END = re.compile(r"\r?\n")
COMMA = re.compile(r"[，,]")
# Formulas and signatures that close a notice are as short as headlines.
NOTICE_CLOSE = re.compile(rf"^\s*(?:特此|联系电话|注\s*[:：])|{SIGNED.pattern}")
MARKED_HEADING = re.compile(r"^\s*(#{1,6})\s+\S")
# A headline has no full stop in it, and rarely ends in the middle of a list.
UNLIKE_HEADING = re.compile(
    rf"[{TERMINAL.replace('！', '').replace('？', '').replace('…', '')}]|[，、；：,;:]\s*$"
)
LIST_ITEM = re.compile(r"^\s*(?:[-*+]\s|\d{1,2}[.、．)）]|[（(]?[一二三四五六七八九十]+[)）、])")


class Role(StrEnum):
    """What a block is on its page."""

    FURNITURE = "furniture"
    HEADING = "heading"
    BYLINE = "byline"
    JUMP_FROM = "jump_from"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that stand together.

    :param level: Of a Markdown heading, 1 to 6; None for any other block.
    """

    role: Role
    traced: TracedText
    level: int | None = None

    @property
    def text(self) -> str:
        """Return the block as printed."""
        return self.traced.text


def blocks(page: TracedText) -> list[Block]:
    """Return the blocks of a page in the order in which they stand there."""
    spans = [part for lines in standing_together(page.text) for part in divided(page.text, lines)]
    traced = list(page.pieces(with_line_end(page.text, span) for span in spans))
    roles = [role_of(each.text) for each in traced]
    for position in range(1, len(roles) - 1):
        if is_column_foot(traced[position].text, before=roles[position - 1], after=traced[position + 1].text):
            roles[position] = Role.BODY
    return [
        Block(role=role, traced=each, level=level_of(each.text))
        for role, each in zip(roles, traced, strict=True)
    ]


def standing_together(text: str) -> list[list[Span]]:
    """Return the lines that print something, those without a blank line between them together."""
    groups: list[list[Span]] = []
    printed = (Span(*match.span()) for match in LINE.finditer(text) if not match.group().isspace())
    for line in printed:
        last = groups[-1][-1] if groups else None
        if last and LINE_END.fullmatch(text, last.end, line.start):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def with_line_end(text: str, span: Span) -> Span:
    """Return ``span`` with the line end behind it, which keeps paragraphs apart."""
    match = LINE_END.match(text, span.end)
    return Span(span.start, match.end()) if match else span


def divided(text: str, lines: Sequence[Span]) -> list[Span]:
    """Return the paragraphs of lines that stand together: one where a column broke them."""
    printed = [text[line.start : line.end] for line in lines]
    widths = [width(line.strip()) for line in printed]
    set_in_column = broken_by_column(widths) or max(widths) <= HEADING_LENGTH / 2
    parts = [lines[0]]
    for line, above, below in zip(lines[1:], printed, printed[1:], strict=False):
        if set_in_column and not starts_paragraph(below, above=above):
            parts[-1] = Span(parts[-1].start, line.end)
        else:
            parts.append(line)
    return parts


def starts_paragraph(line: str, *, above: str) -> bool:
    """Tell whether a line is set in, or is a byline, below a line that is neither."""
    indented = line[:1].isspace() and not above[:1].isspace()
    return indented or any(BYLINE.match(each.strip()) for each in (line, above))


def is_column_foot(block: str, *, before: Role, after: str) -> bool:
    """Tell whether what looks like a headline is a sentence that a column break cut short."""
    return (
        before is Role.BODY
        and level_of(block) is None
        and COMMA.search(block) is not None
        and role_of(after) is Role.BODY
        and not opening(after)[0]
    )


def level_of(block: str) -> int | None:
    """Return the level of a Markdown heading."""
    match = MARKED_HEADING.match(block)
    return len(match.group(1)) if match else None


def broken_by_column(widths: list[float]) -> bool:
    """Tell whether lines of these widths were set in one narrow column."""
    widest = max(widths)
    full = sum(1 for each in widths[:-1] if each >= 0.6 * widest)
    return widest <= COLUMN_WIDTH and full >= 0.8 * (len(widths) - 1)


def width(line: str) -> float:
    """Return how wide a line prints, in Han characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in line)


def role_of(block: str) -> Role:
    """Return what a block looks like by itself."""
    if is_furniture(block):
        return Role.FURNITURE
    if JUMP_FROM.match(block.strip()):
        return Role.JUMP_FROM
    if len(block) <= HEADING_LENGTH and is_byline(block.strip()):
        return Role.BYLINE
    return Role.HEADING if is_heading(block) else Role.BODY


def is_byline(block: str) -> bool:
    """Tell whether a line names who wrote or photographed, and nothing else."""
    return any(pattern.match(block) for pattern in (BYLINE, PHOTOGRAPHER, CREDIT))


def is_heading(block: str) -> bool:
    """Tell whether a block is set like a headline: short, and no sentence."""
    printed = re.sub(r"[\s#*]+", "", block)
    if MARKED_HEADING.match(block):
        return len(printed) <= 2 * HEADING_LENGTH
    if len(printed) > HEADING_LENGTH or opening(block)[0] or not_a_title(block):
        return False
    bare = printed.rstrip(CLOSING)
    return bool(bare) and not UNLIKE_HEADING.search(bare)


def not_a_title(block: str) -> bool:
    """Tell whether a short block is an item of a list or the close of a notice."""
    return any(pattern.search(block) for pattern in (LIST_ITEM, NOTICE_CLOSE, CLOSING_JUMP))
