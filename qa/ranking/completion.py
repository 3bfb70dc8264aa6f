"""Completes an answer to its unit and its closing mark, and cuts what hangs on its ends.

Only the span moves: the words stay those of the passage.
"""

from __future__ import annotations

import re

from qa.domain.spans import Span
from qa.ranking.han_quantities import is_quantity, with_whole_numbers
from qa.ranking.quantities import IN_NUMBER, MARKS_IN_NUMBERS, NEARLY, NUMBER

HANGING = "，。、；：,;:！？!? \n\t\u3000"
"""Marks that belong to the sentence around an answer."""

PAIRS = {"“": "”", "‘": "’", "《": "》", "（": "）", "(": ")", "「": "」", "『": "』", "【": "】", "〈": "〉"}
OPENING = {closing: opening for opening, closing in PAIRS.items()}
LETTERS = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]")
MARK_IN_NUMBER = re.compile(IN_NUMBER)
FIGURE_END = re.compile(rf"(?:\d|{IN_NUMBER})+[十百千万亿]*$")
"""A number that may be cut before its unit, or amid its scale (``36.5亿``元)."""
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
    if figure := FIGURE_END.search(passage, start, end):
        # The number that the answer ends with, read again where it stands, with its unit.
        number = NUMBER.match(passage, figure.start())
        end = max(end, number.end()) if number else end
    return with_its_bounds(passage, with_whole_numbers(passage, Span(start, end)))


def with_its_bounds(passage: str, span: Span) -> Span:
    """Return a number with the words that make it a bound or a rough figure (近、超过、以上)."""
    if not (NUMBER.fullmatch(passage, span.start, span.end) or is_quantity(passage, span)):
        return span
    before = ROUGHLY.search(passage, max(0, span.start - LONGEST_BOUND), span.start)
    behind = BOUND.match(passage, span.end)
    return Span(before.start() if before else span.start, behind.end() if behind else span.end)


def goes_on(passage: str, at: int) -> bool:
    """Tell whether a Latin word or a number goes on from one character to the next.

    A point divides none, nor does a comma before three digits.
    """
    here, behind = passage[at], passage[at + 1]
    for place, character in ((at, here), (at + 1, behind)):
        if character in MARKS_IN_NUMBERS:
            return bool(MARK_IN_NUMBER.match(passage, place))
    return bool(LETTERS.match(here) and LETTERS.match(behind))


def in_pairs(passage: str, span: Span) -> Span:
    """Return a span whose marks come in pairs, where the missing one stands right beside it."""
    opened: list[int] = []
    unopened: list[int] = []
    for at in range(span.start, span.end):
        if passage[at] in PAIRS:
            opened.append(at)
        elif passage[at] in OPENING:
            if opened and passage[opened[-1]] == OPENING[passage[at]]:
                opened.pop()
            else:
                unopened.append(at)
    if len(opened) == 1 and not unopened:
        return closed(passage, span, opened[0])
    if len(unopened) == 1 and not opened:
        return reopened(passage, span, unopened[0])
    return span


def closed(passage: str, span: Span, at: int) -> Span:
    """Return a span with the closing mark behind it, or without the opening one if it begins with that.

    :param at: Where the opening mark stands.
    """
    if passage[span.end : span.end + 1] == PAIRS[passage[at]]:
        return Span(span.start, span.end + 1)
    return Span(span.start + 1, span.end) if at == span.start and len(span) > 1 else span


def reopened(passage: str, span: Span, at: int) -> Span:
    """Return a span with the opening mark before it, or without the closing one if it ends with that.

    :param at: Where the closing mark stands.
    """
    if span.start > 0 and passage[span.start - 1] == OPENING[passage[at]]:
        return Span(span.start - 1, span.end)
    return Span(span.start, span.end - 1) if at == span.end - 1 and len(span) > 1 else span
