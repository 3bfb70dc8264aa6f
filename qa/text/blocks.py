"""Blocks: stretches of lines between blank lines, and what each of them looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.domain.characters import BLANK, CLOSING, TERMINAL
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.continuation import CLOSING_JUMP, JUMP_FROM, JUMP_TO
from qa.text.furniture import furniture_among
from qa.text.mastline import BYLINE, CREDIT, PHOTOGRAPHER, SIGNED, opening

HEADING_LENGTH = 60
"""Printed characters above which a block is no headline."""

COLUMN_WIDTH = 45
"""Characters above which lines were not broken by a newspaper column."""

SHORT, WIDE = 0.8, 1.1
"""Shares of the usual width of a column below and above which a line was not set to fill it."""

ENDED = re.compile(rf"[{TERMINAL}，、；：,;:）)][{re.escape(CLOSING)}]*$")
FILED = re.compile(rf"[{BLANK}]*(?:本\s*报|据?新\s*华\s*社)")
UNCLOSED = re.compile(r"[（(《“「『][^）)》”」』]*$")
NARROW = re.compile(r"[!-~]")
LINE = re.compile(r"[^\r\n]+")
# A byte-order mark is no part of the line that it stands before.
MARKED_LINE = re.compile(r"\ufeff*+([^\r\n]+)")
LEADING_MARK = re.compile(rf"\s*{JUMP_FROM.pattern}\s*(?=\S)")
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
    JUMP_TO = "jump_to"
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
    parts = (part for lines in standing_together(page.text) for part in divided(page.text, lines))
    spans = [span for part in parts for span in mark_apart(page.text, part)]
    traced = list(page.pieces(with_line_end(page.text, span) for span in spans))
    texts = [each.text for each in traced]
    roles = [
        Role.FURNITURE if furniture else role_of(text)
        for text, furniture in zip(texts, furniture_among(texts), strict=True)
    ]
    for position in range(1, len(roles) - 1):
        if roles[position] is not Role.BODY and is_column_foot(
            traced[position].text, before=roles[position - 1], after=traced[position + 1].text
        ):
            roles[position] = Role.BODY
    return [
        Block(role=role, traced=each, level=level_of(each.text))
        for role, each in zip(roles, traced, strict=True)
    ]


def standing_together(text: str) -> list[list[Span]]:
    """Return the lines that print something, those without a blank line between them together."""
    groups: list[list[Span]] = []
    printed = (Span(*match.span(1)) for match in MARKED_LINE.finditer(text) if not match.group(1).isspace())
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
    """Return what stands apart in lines without a blank one between them.

    Where a column set their width, its text stays together, and only headlines, bylines and
    indented paragraphs come apart; else every line is a paragraph.
    """
    printed = [text[line.start : line.end] for line in lines]
    widths = [width(line) for line in printed]
    if not broken_by_column(widths) and max(widths) > HEADING_LENGTH / 2:
        return list(lines)
    usual = sorted(widths)[len(widths) // 2]
    named = [BYLINE.match(line.strip()) is not None for line in printed]
    stray = strays(printed, widths, usual=usual)
    parts = [lines[0]]
    for at in range(1, len(lines)):
        apart = stray[at] != stray[at - 1] or named[at] or named[at - 1]
        if apart or starts_paragraph(printed[at], above=printed[at - 1]):
            parts.append(lines[at])
        else:
            parts[-1] = Span(parts[-1].start, lines[at].end)
    return parts


def mark_apart(text: str, span: Span) -> Iterator[Span]:
    """Yield a stretch in two where text begins right behind ``（上接第1版）``, else whole."""
    mark = LEADING_MARK.match(text, span.start, span.end)
    if mark:
        yield Span(*mark.span())
    yield Span(mark.end() if mark else span.start, span.end)


def strays(printed: Sequence[str], widths: Sequence[float], *, usual: float) -> list[bool]:
    """Tell which lines of a column are set like a headline: wider or shorter than most, and no sentence.

    A short line below a full one that ends no sentence is the end of a paragraph.
    """
    found: list[bool] = []
    for at, line in enumerate(printed):
        odd = widths[at] < SHORT * usual or (widths[at] > WIDE * usual + 1 and (at == 0 or found[-1]))
        free = odd and len(printed) > 2 and (at == 0 or found[-1] or ends_sentence(printed[at - 1]))
        found.append(free and not ENDED.search(line.rstrip()) and not FILED.match(line))
    return found


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends where a sentence does."""
    return text.rstrip().rstrip(CLOSING)[-1:] in TERMINAL or text.rstrip()[-1:] in "）)"


def starts_paragraph(line: str, *, above: str) -> bool:
    """Tell whether a line is set in below one that is not, or begins with a dateline or ``（上接第1版）``."""
    indented = line[:1].isspace() and not above[:1].isspace()
    return indented or opening(line)[0] is not None or JUMP_FROM.match(line.strip()) is not None


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
    """Return how wide a line prints, in Han characters, the spaces of letter-spaced print aside."""
    printed = "".join(line.split())
    return len(printed) - len(NARROW.findall(printed)) / 2


def role_of(block: str) -> Role:
    """Return what a block looks like by itself."""
    if JUMP_FROM.match(block.strip()):
        return Role.JUMP_FROM
    if JUMP_TO.fullmatch(block.strip()):
        return Role.JUMP_TO
    if len(block) <= HEADING_LENGTH and is_byline(block.strip()):
        return Role.BYLINE
    return Role.HEADING if is_heading(block) else Role.BODY


def is_byline(block: str) -> bool:
    """Tell whether a line names who wrote or photographed, and nothing else."""
    return any(pattern.match(block) for pattern in (BYLINE, PHOTOGRAPHER, CREDIT))


def is_heading(block: str) -> bool:
    """Tell whether a block is set like a headline: short, and no sentence."""
    printed = "".join(block.split()).replace("#", "").replace("*", "")
    if MARKED_HEADING.match(block):
        return len(printed) <= 2 * HEADING_LENGTH
    if len(printed) > HEADING_LENGTH or opening(block)[0] or not_a_title(block) or UNCLOSED.search(printed):
        return False
    bare = printed.rstrip(CLOSING)
    return bool(bare) and not UNLIKE_HEADING.search(bare)


def not_a_title(block: str) -> bool:
    """Tell whether a short block is an item of a list or the close of a notice."""
    return any(pattern.search(block) for pattern in (LIST_ITEM, NOTICE_CLOSE, CLOSING_JUMP))
