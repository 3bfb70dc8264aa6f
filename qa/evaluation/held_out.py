"""Questions that have no answer any more: the articles that answer them are held out of the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.domain.answers import Filters, Mode
from qa.domain.ports import Asker
from qa.errors import QuestionInvalid
from qa.evaluation.measures import folded, holds
from qa.evaluation.prediction import BodyOf, Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.run import Answerer, failed

MARK = "#无答案"
"""What is put behind the id of a question whose articles are held out."""

DEPTH = 100
"""Passages among which the articles that answer are looked for."""


def with_held_out(questions: Sequence[LabelledQuestion]) -> Iterator[LabelledQuestion]:
    """Yield every question, and each answerable one once more as it is when nothing answers it."""
    for asked in questions:
        yield asked
        if asked.answers:
            yield replace(asked, id=asked.id + MARK, answers=(), relevant={})


def holding_out(
    asker: Asker, questions: Sequence[LabelledQuestion], *, limit: int, body_of: BodyOf, answerer: Answerer
) -> Answerer:
    """Return what answers marked questions without the articles that hold an answer, others as they are.

    :param questions: Without marks; where the accepted answers are found.
    """
    answers = {asked.id: asked.answers for asked in questions}

    def answer(asked: LabelledQuestion) -> Prediction:
        original = asked.id.removesuffix(MARK)
        if not asked.id.endswith(MARK) or original not in answers:
            return answerer(asked)
        try:
            without = articles_with(answers[original], asker, asked.question)
            outcome = asker.ask(asked.question, limit=limit, filters=Filters(without=without))
        except QuestionInvalid as error:
            return failed(asked, error)
        return Prediction.of(asked, outcome, body_of=body_of)

    return answer


def articles_with(accepted: Sequence[str], asker: Asker, question: str) -> frozenset[str]:
    """Return the ids of the articles found for a question that hold an accepted answer anywhere."""
    truths = [truth for truth in map(folded, accepted) if truth]
    found = asker.search(question, limit=DEPTH, filters=Filters(), mode=Mode.HYBRID)
    return frozenset(
        cited.article.id
        for each in found
        for cited in (each.cited, *each.also)
        if any(holds(folded(cited.passage.text), truth) for truth in truths)
    )
