"""Questions asked twice, with their own document and without it, and what was found and read for each.

What was found and read is kept in a file, a question a line, so that other signals can be tried on it
without asking again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.assemble import make_reader, open_engine
from qa.domain.answers import Cited, Filters, Found, Mode, Ranked, Reading
from qa.domain.articles import Article, Facts
from qa.domain.passages import Passage
from qa.domain.ports import Reader
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.engine.answers import weighed
from qa.engine.ask import Engine
from qa.evaluation.measures import bag_f1, folded, holds, is_correct
from qa.ranking.confidence import SIGNALS, ConfidenceModel
from qa.ranking.numerals import canonical
from qa.ranking.simplified import Simplified
from qa.settings import Settings
from qa.store.tokens import Tokens
from training.reading_sets import Asked

WORDS = Tokens()
SIMPLIFIED = Simplified(WORDS)

RAW = ConfidenceModel(intercept=0.0, weights=dict.fromkeys(SIGNALS, 1.0))
"""What a signal adds is then the signal itself."""

OVERLAP = 0.5
"""F1 from which on an answer is right as well: the sets accept one wording, people accept more."""

CLAUSE = 8
"""Characters from which on an answer is a clause and no name or number with what stands about it."""

NUMERAL = re.compile(r"\d+(?:\.\d+)?")

READ = "read.jsonl"
KEPT = 5
"""Answers kept a question, by the reader's margin."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question as it was asked once.

    :param answerable: Whether its own document was there.
    :param signals: Shape (answers, signals); the rows of ``right``.
    """

    document: str
    source: str
    answerable: bool
    signals: Floats
    right: NDArray[np.bool_]


def collect(questions: Sequence[Asked], work: Path, *, limit: int) -> None:
    """Ask every question that was not asked yet; what was asked is not lost when broken off."""
    settings = Settings(index=work / "index")
    path = work / READ
    done = {json.loads(line)["id"] for line in path.open(encoding="utf-8")} if path.exists() else set()
    reader = make_reader(settings)
    with (
        open_engine(settings, confidence=RAW) as engine,
        path.open("a", encoding="utf-8") as out,
    ):
        for asked in questions:
            if asked.id not in done:
                out.write(
                    json.dumps(both_ways(engine, reader, asked, limit=limit), ensure_ascii=False) + "\n"
                )
                out.flush()


def both_ways(engine: Engine, reader: Reader, asked: Asked, *, limit: int) -> dict[str, Any]:
    """Return what is found and read for a question with its document and without it."""
    found = engine.search(asked.question, limit=2 * limit, filters=Filters(), mode=Mode.HYBRID)
    own = name_of(asked.context)
    elsewhere = [each for each in found if not each.cited.source_name.endswith(own)]
    both = list({each.ranked.number: each for each in (*found[:limit], *elsewhere[:limit])}.values())
    readings = reader.read(
        asked.question,
        passages=[each.cited.passage.text for each in both],
        titles=[each.cited.article.facts.title or "" for each in both],
    )
    numbers = [each.ranked.number for each in both]
    return {
        "id": asked.id,
        "document": own,
        "source": asked.source,
        "question": asked.question,
        "answers": [answer.text for answer in asked.answers],
        "found": [as_row(each) for each in both],
        "with": [numbers.index(each.ranked.number) for each in found[:limit]],
        "without": [numbers.index(each.ranked.number) for each in elsewhere[:limit]],
        "readings": [[each.passage, each.span.start, each.span.end, each.score] for each in readings],
    }


def as_row(found: Found) -> dict[str, Any]:
    """Return what is kept of a passage that was found."""
    facts = found.cited.article.facts
    return {
        "article": found.cited.article.id,
        "title": facts.title,
        "date": facts.date.isoformat() if facts.date else None,
        "text": found.cited.passage.text,
        "number": found.ranked.number,
        "fused": found.ranked.fused,
    }


def from_row(row: Mapping[str, Any]) -> Found:
    """Return a passage that was found, from what is kept of it."""
    day = date.fromisoformat(row["date"]) if row["date"] else None
    place = SourceSpan(source_id=row["article"], span=Span(0, len(row["text"])))
    article = Article(
        id=row["article"],
        source_id=row["article"],
        facts=Facts(title=row["title"], date=day),
        places=(place,),
        passages=1,
    )
    traced = TracedText(text=row["text"], origin=(place,))
    passage = Passage(id=str(row["number"]), article_id=article.id, traced=traced)
    return Found(
        cited=Cited(passage=passage, article=article, source_names={article.id: article.id}),
        ranked=Ranked(number=row["number"], fused=row["fused"], dense=None, lexical=None),
    )


def signals(
    row: Mapping[str, Any], way: str, truths: Sequence[str], *, limit: int | None = None
) -> list[tuple[list[float], bool]]:
    """Return the signals of the answers that were considered, and whether each is right.

    :param limit: How many of the passages are taken as read.
    """
    numbers = row[way][:limit]
    order = {number: at for at, number in enumerate(numbers)}
    readings = [
        Reading(passage=order[number], span=Span(start, end), score=score)
        for number, start, end, score in row["readings"]
        if number in order
    ]
    readings.sort(key=lambda each: (-each.score, each.passage))
    found = [from_row(row["found"][number]) for number in numbers]
    answers = weighed(row["question"], found, readings, words=WORDS, simplified=SIMPLIFIED, model=RAW)
    answers.sort(key=lambda each: -each.considered.margin)
    return [
        ([each.considered.signals[name] for name in SIGNALS], is_right(each.considered.answer, truths))
        for each in answers[:KEPT]
    ]


def is_right(answer: str, truths: Sequence[str]) -> bool:
    """Tell whether a person would take an answer for right: the accepted one, or much of a long one."""
    return is_correct(answer, truths) or any(is_much_of(answer, truth) for truth in truths)


def is_much_of(answer: str, truth: str) -> bool:
    """Tell whether an answer is half of the accepted one or more, or much of the same clause.

    A name or a number of which half the characters are right is another name or number.
    """
    guess, accepted = folded(answer), folded(truth)
    if guess and 2 * len(guess) >= len(accepted) and holds(accepted, guess):
        return True
    if min(len(answer), len(truth)) < CLAUSE or bag_f1(answer, [truth]) < OVERLAP:
        return False
    numbers, true_numbers = (set(NUMERAL.findall(canonical(text))) for text in (answer, truth))
    return numbers <= true_numbers or true_numbers <= numbers


def read(row: Mapping[str, Any], *, limit: int | None = None) -> Iterator[Case]:
    """Yield the two cases of a question; one that nothing answers is the same in both.

    :param limit: How many of the passages are taken as read.
    """
    ways = [("with", row["answers"]), ("without", [])] if row["answers"] else [("with", [])]
    for way, truths in ways:
        considered = signals(row, way, truths, limit=limit)
        if considered:
            yield Case(
                document=row["document"],
                source=row["source"],
                answerable=bool(truths),
                signals=np.array([signal for signal, _ in considered], dtype=float),
                right=np.array([right for _, right in considered], dtype=bool),
            )


def kept_rows(work: Path) -> list[dict[str, Any]]:
    """Return what was found and read for each question."""
    return [json.loads(line) for line in (work / READ).read_text(encoding="utf-8").splitlines()]


def name_of(context: str) -> str:
    """Return the name under which a document is in the collection."""
    return hashlib.sha256(context.encode()).hexdigest()[:16]
