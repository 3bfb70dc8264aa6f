"""Questions with the places of their answers, for training and measuring a reader.

The files are JSON Lines, a question a line (``source``, ``script``, ``question``,
``context``, ``answers``), or SQuAD's nested form. Parts are split off by document: no context, nor one that
begins like it, is on both sides.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LICENSED = {
    "cmrc2018_train": "CC BY-SA 4.0",
    "drcd_train_cps": "CC BY-SA 3.0",
    "drcd_dev": "CC BY-SA 3.0",
    "yiqing_gov": "Apache-2.0 repository",
    "medicine_tcm": "Apache-2.0 repository",
    "dureader_checklist_train": "Apache-2.0",
}
"""The sets whose licence is stated; the others are used only where that is asked for."""

DEVELOPMENT = 16
"""One document of so many is kept for development."""

BEGINNING = 60
"""Characters by which a document is known: some contexts are cuts of one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An accepted answer, and where it begins in the context, in characters."""

    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its context; no answers where the context holds none."""

    id: str
    source: str
    question: str
    context: str
    answers: tuple[Answer, ...]


def read_text(path: Path) -> str:
    """Return the text of a file, which may be packed as .xz."""
    content = path.read_bytes()
    return (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8")


def read_lines(path: Path) -> Iterator[Asked]:
    """Yield the questions of a JSON Lines file, without answers that are not where they are said to be."""
    for number, line in enumerate(read_text(path).splitlines()):
        row = json.loads(line)
        yield Asked(
            id=str(row.get("id", number)),
            source=row["source"],
            question=row["question"].strip(),
            context=row["context"],
            answers=placed(row["context"], row["answers"]),
        )


def read_squad(path: Path, *, source: str) -> Iterator[Asked]:
    """Yield the questions of a file in SQuAD's form, CMRC 2018 and DRCD too, with all answers as they are."""
    for article in json.loads(read_text(path))["data"]:
        for paragraph in article["paragraphs"]:
            for row in paragraph["qas"]:
                yield Asked(
                    id=str(row["id"]),
                    source=source,
                    question=row["question"].strip(),
                    context=paragraph["context"],
                    answers=tuple(
                        Answer(text=each["text"], start=each["answer_start"]) for each in row["answers"]
                    ),
                )


def placed(context: str, answers: Sequence[dict[str, Any]]) -> tuple[Answer, ...]:
    """Return the answers that stand where they are said to, or stand in the context only once."""
    found: list[Answer] = []
    for answer in answers:
        text, start = answer["text"], answer["answer_start"]
        if text and context[start : start + len(text)] == text:
            found.append(Answer(text=text, start=start))
        elif text and context.count(text) == 1:
            found.append(Answer(text=text, start=context.index(text)))
    return tuple(found)


def is_development(asked: Asked) -> bool:
    """Tell whether a question belongs to the development part."""
    return is_kept(asked.context)


def is_kept(text: str) -> bool:
    """Tell whether a document is kept for development, by how it begins; the same on every machine."""
    beginning = "".join(text.split())[:BEGINNING]
    return hashlib.sha256(beginning.encode()).digest()[0] % DEVELOPMENT == 0
