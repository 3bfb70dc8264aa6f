"""Extraction errors: lost and doubled line ends, confused punctuation, stray spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from bench.pages.emission import Line
from qa.domain.characters import HAN

HALF = str.maketrans("，：；？！（）", ",:;?!()")
CONFUSED = {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "。": ".", "“": '"', "”": '"', "、": "，"}
STRAY = 0.15
"""Of the punctuation errors' share, that of a stray space behind a character."""


def half_width(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines with half-width commas, colons and brackets."""
    for line in lines:
        yield replace(line, text=line.text.translate(HALF))


def numbers_apart(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines with a space between numbers and the characters beside them (2023 年)."""
    for line in lines:
        text = re.sub(rf"(?<=[{HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[{HAN}])", " ", line.text)
        yield replace(line, text=text)


def spoilt(lines: Iterable[Line], *, noise: float, rng: Random) -> Iterator[Line]:
    """Yield lines as a bad extraction gives them."""
    for line in lines:
        text = "".join(misread(each, noise=noise, rng=rng) for each in line.text)
        yield replace(line, text=text, after=line_end(line.after, noise=noise, rng=rng))


def misread(character: str, *, noise: float, rng: Random) -> str:
    """Return a character as it was read."""
    if character in CONFUSED and rng.random() < noise:
        return CONFUSED[character]
    return f"{character} " if rng.random() < noise * STRAY and not character.isspace() else character


def line_end(after: str, *, noise: float, rng: Random) -> str:
    """Return the white space behind a line as it was read: kept, doubled or lost."""
    if rng.random() >= noise:
        return after
    if after == "\n\n":
        return "\n"
    return rng.choice(("", "\n\n")) if after == "\n" else after
