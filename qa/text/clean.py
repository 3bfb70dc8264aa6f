"""Cleaning (清洗): which characters of a stretch of body text to cut.

Only cuts. Narrow columns break lines inside words, letter-spaced print puts
spaces between characters, extraction leaves Markdown marks and invisible
characters; all of that goes, while a space between two Latin words or two
numbers stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.domain.characters import BLANK, HAN, LATIN, PUNCTUATION
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.emphasis import emphasis

# At the head of a line: headings, quotes and bullets.
MARKDOWN = re.compile(r"(?m)^[ \t]*(?:(?:#{1,6}|[>*+-])[ \t]+)+(?=\S)")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f]+")
BLANKS = re.compile(rf"[{BLANK}]+")
WIDE = f"[{HAN}{PUNCTUATION}]"
# Blanks at an end of the text or beside a wide character, which needs none, are a group: almost all are.
# It looks ahead first, since to look back from every character takes long.
LOOSE = re.compile(
    rf"(?=[{BLANK}])(?:(?P<loose>(?:\A|(?<={WIDE}))[{BLANK}]++|[{BLANK}]++(?={WIDE}|\Z))|[{BLANK}]++)"
)
LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
EDGES = re.compile(rf"\A[{BLANK}]+|(?<![{BLANK}])[{BLANK}]+\Z")
DIGITS = frozenset("0123456789")


# A line of nothing but marks: a rule, what underlines a heading or the head of a table.
RULE = re.compile(r"(?m)^[ \t]*(?:[-*_=]{3,}|\|[ \t|:\-]*+)[ \t\r]*$")
IMAGE = re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\s]{0,500}\)")
LINK = re.compile(r"(?<!!)(\[)[^\[\]\n]{1,200}(\]\((?:https?:|www\.|mailto:|[./#])[^()\s]{0,500}\))")
ROW = re.compile(r"(?m)^([ \t]*\|)[^\n]*(\|[ \t\r]*)$")
"""Of a table; the bars between its cells stay, since they keep them apart."""

LINE = re.compile(r"[^\r\n]+")
PRINTED = re.compile(rf"[^{BLANK}]")
LONGEST_DOUBLED = 20
DOUBLED = re.compile(rf"([{HAN}]{{1,{LONGEST_DOUBLED}}})\1")
DOUBLED_LENGTH = 80
"""Characters of a line up to which it may be print that was doubled for decoration."""

ORNAMENT = 4
"""Characters that are doubled at a stretch in an ornament and not in speech: 研究研究, 高高兴兴."""


MARKS = re.compile(r"[#>*+\-_=|!\[]")
"""What Markdown is made of; text without any is not looked through for it."""


def cuts(text: str) -> Iterator[Span]:
    """Yield what to cut from one paragraph of body text, in no order; may overlap."""
    for match in LOOSE.finditer(text):
        if match.lastgroup:
            yield Span(*match.span())
        else:
            yield from blanks_cut(text, match)
    if MARKS.search(text):
        yield from marks_cut(text)
    for match in LINE.finditer(text):
        if match.end() - match.start() <= DOUBLED_LENGTH:
            for span in doubled(match.group(), at_least=ORNAMENT):
                yield span.shift(match.start())


def blanks_cut(text: str, blanks: re.Match[str]) -> Iterator[Span]:
    """Yield what to cut from blanks between narrow characters: all, or what of them is invisible."""
    start, end = blanks.span()
    if is_wrap(text, start, end):
        yield Span(start, end)
    else:
        yield from (Span(*match.span()) for match in INVISIBLE.finditer(text, start, end))


def is_wrap(text: str, start: int, end: int) -> bool:
    """Tell whether blanks are a line end inside a number."""
    if not LINE_END.fullmatch(text, start, end):
        return False
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    if before[-1] in DIGITS:
        return after[0] in DIGITS or (after[0] == "." and after[1:] in DIGITS)
    return before[-1] == "." and before[:-1] in DIGITS and after[0] in DIGITS


def marks_cut(text: str) -> Iterator[Span]:
    """Yield the Markdown marks of a text."""
    yield from emphasis(text)
    for pattern in (MARKDOWN, RULE, IMAGE):
        for match in pattern.finditer(text):
            yield Span(*match.span())
    for pattern in (LINK, ROW):
        for match in pattern.finditer(text):
            yield from (Span(*match.span(1)), Span(*match.span(2)))


def doubled(line: str, *, at_least: int) -> list[Span]:
    """Return the second print of what a line prints twice, if all of it is; nothing for any other line.

    :param at_least: Different characters that one of the stretches must have.
    """
    first = PRINTED.search(line)
    # Nothing is printed twice whose first character is not.
    if not first or line.find(first.group(), first.end(), first.end() + LONGEST_DOUBLED) < 0:
        return []
    if not DOUBLED.match(line, first.start()):
        return []
    found = list(DOUBLED.finditer(line))
    if sum(len(each.group()) for each in found) != len(BLANKS.sub("", line)):
        return []
    if max(len(set(each.group(1))) for each in found) < at_least:
        return []
    return [Span(each.end(1), each.end()) for each in found]


MOST_ROUNDS = 8
"""Times that text is looked through at most: what was cut bares marks that stood around it."""


def clean(traced: TracedText) -> TracedText:
    """Return one paragraph of body text as it reads; of marks around marks, the innermost are cut."""
    for _ in range(MOST_ROUNDS):
        cleaned = traced.cut(cuts(traced.text))
        if len(cleaned.text) == len(traced.text):
            break
        traced = cleaned
    return traced


BREAK = re.compile(r"(?<![ \t\u3000])[ \t\u3000]*[\r\n]+[ \t\u3000]*")
# What ends a line and what begins the next, where a blank belongs between: Silk, Road.
WORDS = re.compile(rf"[{LATIN}][{LATIN}\d(\"'$]|[{LATIN}\d)\"'!%&,.:;?][{LATIN}]")
LETTER_SPACED = re.compile(rf"(?:[{HAN}] +){{2,}}[{HAN}](?![{HAN}])")


def clean_title(traced: TracedText) -> TracedText:
    """Return a headline as it reads.

    A space inside a headline separates its parts and is kept, unless the line
    is letter-spaced (通 知); line breaks go, but for one line end between two
    Latin words, and print that was doubled for decoration (集聚集聚) is cut once.
    """
    marks = [Span(*m.span()) for p in (MARKDOWN, INVISIBLE, EDGES) for m in p.finditer(traced.text)]
    traced = traced.cut([*marks, *emphasis(traced.text)])
    traced = traced.cut(cut for each in BREAK.finditer(traced.text) for cut in break_cut(traced.text, each))
    spaced = [
        Span(m.start() + gap.start(), m.start() + gap.end())
        for m in LETTER_SPACED.finditer(traced.text)
        for gap in re.finditer(" +", m.group())
    ]
    traced = traced.cut(spaced)
    return traced.cut(doubled(traced.text, at_least=2))


def break_cut(text: str, found: re.Match[str]) -> tuple[Span, ...]:
    """Return what to cut of a line break: all, or all but the line end that keeps two Latin words apart."""
    start, end = found.span()
    if not are_apart(text[start - 1 : start], text[end : end + 1]):
        return (Span(start, end),)
    kept = start + found.group().index("\n")
    return (Span(start, kept), Span(kept + 1, end))


def are_apart(before: str, after: str) -> bool:
    """Tell whether a blank belongs between the last character of a line and the first of the next."""
    return WORDS.fullmatch(before + after) is not None


def on_one_line(title: str) -> str:
    """Return a cleaned headline as it is told, with a blank where a line end keeps two words apart."""
    return title.replace("\n", " ")
