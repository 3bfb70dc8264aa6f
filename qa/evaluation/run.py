"""Answers a batch of questions, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.domain.answers import Filters, Found, Outcome
from qa.domain.ports import Asker
from qa.errors import QuestionInvalid
from qa.evaluation.measures import folded, holds
from qa.evaluation.questions import LabelledQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with what came of it.

    :param outcome: None when the question could not be asked; counts as the worst outcome.
    :param rank: Of the first passage read that holds an accepted answer, from 1; None for none.
    """

    question: LabelledQuestion
    outcome: Outcome | None
    rank: int | None


def run(asker: Asker, questions: Iterable[LabelledQuestion], *, limit: int) -> Iterator[Answered]:
    """Yield every question with its outcome."""
    for question in questions:
        try:
            outcome = asker.ask(question.question, limit=limit, filters=Filters())
        except QuestionInvalid:
            yield Answered(question=question, outcome=None, rank=None)
            continue
        yield Answered(question=question, outcome=outcome, rank=first_relevant(question, outcome.retrieved))


def first_relevant(question: LabelledQuestion, retrieved: Sequence[Found]) -> int | None:
    """Return the rank of the first passage that holds an accepted answer, in the source that is named."""
    truths = [truth for truth in map(folded, question.answers) if truth]
    for rank, found in enumerate(retrieved, start=1):
        text = folded(found.cited.passage.text)
        there = question.source is None or question.source in found.printed_in
        if there and any(holds(text, truth) for truth in truths):
            return rank
    return None
