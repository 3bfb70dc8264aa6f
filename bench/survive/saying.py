"""All that an index says, part by part, and what is to be thought of it once the index was damaged."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.survive.asking import asked, engine_over, opened
from bench.survive.documents import question
from qa.domain.answers import Filters, Outcome
from qa.domain.ports import Snapshot
from qa.errors import IndexDamaged, QaError

ASKED = 3
REMEDIES = ("qa repair", "qa index --rebuild", "qa restore", "qa index")

Said = Mapping[str, object]
"""By part of the index: what it says, or the error that it tells."""


def outcomes(snapshot: Snapshot) -> object:
    """Return what questions for some documents lead to, always the same ones."""
    engine = engine_over(snapshot)
    draw = random.Random(0)
    known = [(number, revision) for number in range(40) for revision in range(2)]
    return [replace(asked(engine, question(*each)), index_version="") for each in draw.sample(known, ASKED)]


def passages(snapshot: Snapshot) -> object:
    """Return all passages with their articles."""
    numbers = sorted(snapshot.passages_within(Filters(sources=("*",))) or ())
    return list(snapshot.cite(numbers))


def articles(snapshot: Snapshot) -> object:
    """Return all articles."""
    return list(snapshot.articles(Filters()))


def sources(snapshot: Snapshot) -> object:
    """Return all sources, with their texts."""
    listed = list(snapshot.sources())
    return listed, [snapshot.source(each.name) for each in listed]


PARTS: Mapping[str, Callable[[Snapshot], object]] = {
    each.__name__: each for each in (outcomes, passages, articles, sources)
}


def said(folder: Path) -> Said:
    """Return all that an index says."""
    try:
        snapshot = opened(folder)
    except QaError as error:
        return dict.fromkeys(PARTS, error)
    try:
        return {name: told_by(part, snapshot) for name, part in PARTS.items()}
    finally:
        snapshot.close()


def told_by(part: Callable[[Snapshot], object], snapshot: Snapshot) -> object:
    """Return what a part says, or the error that it tells; anything else that is raised is a fault."""
    try:
        return part(snapshot)
    except QaError as error:
        return error


def verdict(now: Said, before: Said, *, file: str) -> tuple[str, str]:
    """Return what is to be thought of what a damaged index says, and the words in question.

    ``correct``: as before. ``told``: as before, but for parts that tell which file is damaged, and what
    mends it.
    """
    found = {name: of_part(now[name], before[name], file=file) for name in PARTS}
    worst = max(found, key=lambda name: RANKS.index(found[name]))
    words = f"{type(now[worst]).__name__}: {now[worst]}"[:200] if found[worst] not in RANKS[:2] else ""
    return found[worst], f"{worst}: {words}"


RANKS = ("correct", "told", "without the file's name", "without a remedy", "another error", "wrong")
"""From the best to the worst."""


def as_before(now: Said, before: Said) -> bool:
    """Tell whether a mended index says what it said before, in all its parts."""
    return all(not isinstance(now[name], QaError) and gist(now[name]) == gist(before[name]) for name in PARTS)


def gist(said: object) -> object:
    """Return what a part says, of outcomes the answers and where they stand.

    What was removed counts in the weight of words until the words are written again: scores may differ.
    """
    if not isinstance(said, list) or not all(isinstance(each, Outcome) for each in said):
        return said
    return [
        (each.answer, each.answer and (each.citations[0].quote, each.citations[0].places)) for each in said
    ]


def of_part(now: object, before: object, *, file: str) -> str:
    """Return what is to be thought of what one part says."""
    if not isinstance(now, QaError):
        return "correct" if now == before else "wrong"
    if not isinstance(now, IndexDamaged):
        return "another error"
    if not any(remedy in str(now) for remedy in REMEDIES):
        return "without a remedy"
    names = {Path(file).name, "catalogue.sqlite" if file.startswith("catalogue.sqlite") else file}
    return "told" if any(name in str(now) for name in names) else "without the file's name"
