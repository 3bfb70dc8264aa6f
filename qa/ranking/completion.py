"""Completes an answer to its unit and its closing mark, and cuts what hangs on its ends.

Only the span moves: the words stay those of the passage.
"""

from __future__ import annotations

import re

from qa.domain.spans import Span
from qa.ranking.quantities import NEARLY, NUMBER

HANGING = "，。、；：,;:！？!? \n\t\u3000"
"""Marks that belong to the sentence around an answer."""

PAIRS = {"“": "”", "‘": "’", "《": "》", "（": "）", "(": ")", "「": "」", "『": "』", "【": "】", "〈": "〉"}
OPENING = {closing: opening for opening, closing in PAIRS.items()}
LETTERS = re.compile(r"[0-9A-Za-z]")
NUMERAL_END = re.compile(r"\d$")
ROUGHLY = re.compile(rf"(?:不超过|不低于|不少于|超过|不足|不到|将近|接近|大约|{NEARLY}|超|逾)$")
BOUND = re.compile(r"以上|以下|以内|左右|上下")
LONGEST_BOUND = 4
"""Characters of a word before a number, with the one before it."""


def completed(passage: str, span: Span) -> Span:
    """Return the span that a reader means by ``span``: no half number, no half pair of marks."""
    return in_pairs(passage, to_its_unit(passage, trimmed(passage, span)))


def trimmed(passage: str, span: Span) -> Span:
    """Return a span without the marks at its ends; as it is where nothing would be left."""
    printed = passage[span.start : span.end]
    start = span.start + len(printed) - len(printed.lstrip(HANGING))
    end = start + len(printed.strip(HANGING))
    return Span(start, end) if end > start else span


def to_its_unit(passage: str, span: Span) -> Span:
    """Return a span that does not begin or end inside a number, a number's unit or a Latin word."""
    start, end = span.start, span.end
    while start > 0 and goes_on(passage, start - 1):
        start -= 1
    while end < len(passage) and goes_on(passage, end - 1):
        end += 1
    if NUMERAL_END.search(passage[start:end]):
        # The number that the answer ends with, read again where it stands, with its unit.
        at = start + len(passage[start:end].rstrip("0123456789.,"))
        number = NUMBER.match(passage, at)
        end = max(end, number.end()) if number else end
    return with_its_bounds(passage, Span(start, end))


def with_its_bounds(passage: str, span: Span) -> Span:
    """Return a number with the words that make it a bound or a rough figure (近、超过、以上)."""
    if not NUMBER.fullmatch(passage, span.start, span.end):
        return span
    before = ROUGHLY.search(passage, max(0, span.start - LONGEST_BOUND), span.start)
    behind = BOUND.match(passage, span.end)
    return Span(before.start() if before else span.start, behind.end() if behind else span.end)


def goes_on(passage: str, at: int) -> bool:
    """Tell whether a Latin word or a number goes on from one character to the next; a point divides none."""
    before, here, behind = passage[at - 1 : at], passage[at], passage[at + 1]
    if here == ".":
        return before.isdigit() and behind.isdigit()
    if behind == ".":
        return here.isdigit() and passage[at + 2 : at + 3].isdigit()
    return bool(LETTERS.match(here) and LETTERS.match(behind))


def in_pairs(passage: str, span: Span) -> Span:
    """Return a span whose marks come in pairs, where the missing one stands right beside it."""
    start, end = span.start, span.end
    opened: list[str] = []
    unopened: list[str] = []
    for character in passage[start:end]:
        if character in PAIRS:
            opened.append(character)
        elif character in OPENING:
            if opened and opened[-1] == OPENING[character]:
                opened.pop()
            else:
                unopened.append(character)
    if len(opened) == 1 and not unopened:
        return closed(passage, Span(start, end), PAIRS[opened[0]])
    if len(unopened) == 1 and not opened:
        return reopened(passage, Span(start, end), OPENING[unopened[0]])
    return Span(start, end)


def closed(passage: str, span: Span, mark: str) -> Span:
    """Return a span with the closing mark behind it, or without the opening one that it begins with."""
    if passage[span.end : span.end + 1] == mark:
        return Span(span.start, span.end + 1)
    if PAIRS.get(passage[span.start]) == mark and len(span) > 1:
        return Span(span.start + 1, span.end)
    return span


def reopened(passage: str, span: Span, mark: str) -> Span:
    """Return a span with the opening mark before it, or without the closing one that it ends with."""
    if span.start > 0 and passage[span.start - 1] == mark:
        return Span(span.start - 1, span.end)
    if OPENING.get(passage[span.end - 1]) == mark and len(span) > 1:
        return Span(span.start, span.end - 1)
    return span
