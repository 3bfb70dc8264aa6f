"""Questions that have no answer any more: the articles that answer them are held out of the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.domain.answers import Filters, Found, Mode
from qa.domain.ports import Asker
from qa.errors import QuestionInvalid, QuestionsInvalid
from qa.evaluation.measures import folded, holds
from qa.evaluation.prediction import BodyOf, Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.run import Answerer, failed

MARK = "#无答案"
"""What is put behind the id of a question whose articles are held out."""

DEPTH = 100
"""Passages among which the articles that answer are looked for at first."""


def with_held_out(questions: Sequence[LabelledQuestion]) -> Iterator[LabelledQuestion]:
    """Yield every question, and each answerable one once more as it is when nothing answers it.

    :raises QuestionsInvalid: When another question has the id that it would get.
    """
    ids = {asked.id for asked in questions}
    for asked in questions:
        yield asked
        if asked.answers:
            marked = asked.id + MARK
            if marked in ids:
                raise QuestionsInvalid(f"id {marked} 已有一题在用；请改掉它，或不用 --unanswerable")
            yield replace(asked, id=marked, answers=(), held_out=asked.answers)


def holding_out(asker: Asker, *, limit: int, body_of: BodyOf, answerer: Answerer) -> Answerer:
    """Return what answers questions with articles to hold out without those, and others by ``answerer``."""

    def answer(asked: LabelledQuestion) -> Prediction:
        if not asked.held_out:
            return answerer(asked)
        try:
            found: Sequence[Found] = asker.search(
                asked.question, limit=DEPTH, filters=Filters(), mode=Mode.HYBRID
            )
            without = articles_with(asked.held_out, found)
            outcome = asker.ask(asked.question, limit=limit, filters=Filters(without=without))
            # What came up in their place may hold an answer as well.
            while more := articles_with(asked.held_out, outcome.retrieved):
                without |= more
                outcome = asker.ask(asked.question, limit=limit, filters=Filters(without=without))
        except QuestionInvalid as error:
            return failed(asked, error)
        return Prediction.of(asked, outcome, body_of=body_of)

    return answer


def articles_with(accepted: Sequence[str], found: Iterable[Found]) -> frozenset[str]:
    """Return the ids of the articles of which a passage was found that holds an accepted answer."""
    truths = [truth for truth in map(folded, accepted) if truth]
    return frozenset(
        cited.article.id
        for each in found
        for cited in (each.cited, *each.also)
        if any(holds(folded(cited.passage.text), truth) for truth in truths)
    )
