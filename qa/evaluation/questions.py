"""Questions with their accepted answers, and the documents that a set brings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question whose answer is known.

    :param answers: Every accepted wording; empty when the sources hold no answer.
    :param source: Name of the source that holds the answer, where that is known.
    :param context: The paragraph that it was written for, where the set has one.
    :param relevant: Names of the documents that answer it, with their grades, where a set judges documents
        instead of answers.
    :param held_out: The answers whose articles are held out of the search, so that nothing answers it.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    source: str | None = None
    context: str | None = None
    relevant: Mapping[str, int] = field(default_factory=dict, hash=False)
    held_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that a set of questions brings along, to be searched in the place of an index."""

    name: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """What a question file holds.

    :param documents: The collection that the questions are about; empty where an index is asked.
    :param judges_documents: Whether documents are judged and not answers: only retrieval can be scored.
    """

    questions: tuple[LabelledQuestion, ...]
    documents: tuple[Document, ...] = ()
    judges_documents: bool = False
