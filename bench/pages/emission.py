"""Writes lines one after the other and records where each was put: truth by construction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qa.domain.spans import Span

NOBODY = -1


class Part(StrEnum):
    """What a line is on its page; a mark (上接第1版) is neither text nor furniture and scores nothing."""

    BODY = "body"
    TITLE = "title"
    FURNITURE = "furniture"
    MARK = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is written in one go.

    :param owner: The number of the article it belongs to, or NOBODY.
    :param rank: Its place in the reading order of its article; lines of one title share theirs.
    :param after: The white space written behind it.
    """

    text: str
    part: Part
    owner: int = NOBODY
    rank: int = 0
    after: str = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """A text and, by article, where its lines stand, in reading order."""

    text: str
    bodies: dict[int, tuple[Span, ...]]
    titles: dict[int, tuple[str, ...]]
    title_spans: tuple[Span, ...]
    furniture: tuple[Span, ...]
    marks: tuple[Span, ...]


def emit(lines: Iterable[Line]) -> Emission:
    """Write lines."""
    written: list[str] = []
    placed: list[tuple[Line, Span]] = []
    at = 0
    for line in lines:
        placed.append((line, Span(at, at + len(line.text))))
        written += [line.text, line.after]
        at += len(line.text) + len(line.after)
    text = "".join(written)
    return Emission(
        text=text,
        bodies=bodies(placed, text=text),
        titles=titles(placed),
        title_spans=of_part(placed, Part.TITLE, text=text),
        furniture=of_part(placed, Part.FURNITURE, text=text),
        marks=of_part(placed, Part.MARK, text=text),
    )


def bodies(placed: Iterable[tuple[Line, Span]], *, text: str) -> dict[int, tuple[Span, ...]]:
    """Return where the body of each article stands, in reading order."""
    owned: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    for line, span in placed:
        if line.part is Part.BODY:
            owned[line.owner].append((line.rank, span))
    return {
        owner: merged((span for _, span in sorted(ranked, key=lambda each: each[0])), text=text)
        for owner, ranked in owned.items()
    }


def titles(placed: Iterable[tuple[Line, Span]]) -> dict[int, tuple[str, ...]]:
    """Return the titles of each article as printed, without white space and Markdown."""
    owned: dict[int, dict[int, str]] = defaultdict(lambda: defaultdict(str))
    for line, _ in placed:
        if line.part is Part.TITLE:
            owned[line.owner][line.rank] += re.sub(r"[\s#*]+", "", line.text)
    return {owner: tuple(printed[rank] for rank in sorted(printed)) for owner, printed in owned.items()}


def of_part(placed: Iterable[tuple[Line, Span]], part: Part, *, text: str) -> tuple[Span, ...]:
    """Return where the lines of one part stand, in page order."""
    return merged((span for line, span in placed if line.part is part), text=text)


def merged(spans: Iterable[Span], *, text: str) -> tuple[Span, ...]:
    """Join spans between which there is nothing but white space, keeping their order."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.end <= span.start and not text[last.end : span.start].strip():
            joined[-1] = Span(last.start, span.end)
        elif span:
            joined.append(span)
    return tuple(joined)
