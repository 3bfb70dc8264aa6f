"""CMRC 2018, in either form that it is given out in: a list of paragraphs, or as SQuAD has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.evaluation.own import each_once
from qa.evaluation.questions import Document, LabelledQuestion, QuestionSet
from qa.evaluation.squad import document_of, question_on, squad_of, title_of
from qa.evaluation.told import expected, identifier, member, parsed


def read_cmrc(text: str, *, name: str) -> QuestionSet:
    """Return the questions of CMRC 2018; the paragraphs are the documents.

    :raises QuestionsInvalid: Naming the place in the file and what is wrong there.
    """
    value = parsed(text, where=name)
    return listed(value, name=name) if isinstance(value, list) else squad_of(value, name=name)


def listed(paragraphs: Sequence[object], *, name: str) -> QuestionSet:
    """Return the questions of a list of paragraphs: the form in which the set first came out.

    :raises QuestionsInvalid: Naming the place in the list and what is wrong there.
    """
    questions: list[tuple[str, LabelledQuestion]] = []
    documents: dict[str, Document] = {}
    for at, paragraph in enumerate(paragraphs):
        where = f"{name}[{at}]"
        held = expected(paragraph, dict, where=where)
        context = member(held, "context_text", str, where=where)
        document = document_of(context, title=title_of(held, where=where), known=documents)
        questions += queries(held, document, where=where)
    return QuestionSet(
        questions=each_once(questions, name=name, hint="应为 CMRC 2018 的 context_text/qas 列表"),
        documents=tuple(documents.values()),
    )


def queries(
    paragraph: Mapping[str, Any], document: Document, *, where: str
) -> Iterable[tuple[str, LabelledQuestion]]:
    """Yield the questions on one paragraph, each with its place; its answers are texts without offsets.

    :raises QuestionsInvalid: When one is none.
    """
    for at, row in enumerate(member(paragraph, "qas", list, where=where)):
        inside = f"{where}.qas[{at}]"
        asked = expected(row, dict, where=inside)
        answers = [
            expected(answer, str, where=f"{inside} 的 answers")
            for answer in member(asked, "answers", list, where=inside)
        ]
        yield (
            inside,
            question_on(
                document,
                id=identifier(asked, "query_id", where=inside),
                question=member(asked, "query_text", str, where=inside),
                answers=answers,
            ),
        )
