"""SQuAD 1.1 and 2.0, whose form CMRC 2018 and DRCD share: articles of paragraphs, each with its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qa.evaluation.own import each_once
from qa.evaluation.questions import Document, LabelledQuestion, QuestionSet
from qa.evaluation.told import expected, identifier, member, parsed


def read_squad(text: str, *, name: str) -> QuestionSet:
    """Return the questions of SQuAD 1.1 or 2.0, CMRC 2018 or DRCD; the paragraphs are the documents.

    :raises QuestionsInvalid: Naming the place in the file and what is wrong there.
    """
    return squad_of(parsed(text, where=name), name=name)


def squad_of(value: Any, *, name: str) -> QuestionSet:  # noqa: ANN401 - JSON is anything
    """Return the questions of a JSON value in the form of SQuAD.

    :raises QuestionsInvalid: Naming the place in the value and what is wrong there.
    """
    whole = expected(value, dict, where=name)
    questions: list[tuple[str, LabelledQuestion]] = []
    documents: dict[str, Document] = {}
    for at, article in enumerate(member(whole, "data", list, where=name)):
        where = f"{name} data[{at}]"
        held = expected(article, dict, where=where)
        for number, paragraph in enumerate(member(held, "paragraphs", list, where=where)):
            inside = f"{where}.paragraphs[{number}]"
            context = member(expected(paragraph, dict, where=inside), "context", str, where=inside)
            document = document_of(context, title=title_of(held, where=where), known=documents)
            questions += paragraph_questions(paragraph, document, where=inside)
    return QuestionSet(
        questions=each_once(questions, name=name, hint="应为 SQuAD 的 data/paragraphs/qas 结构"),
        documents=tuple(documents.values()),
    )


def document_of(text: str, *, title: str | None, known: dict[str, Document]) -> Document:
    """Return the document that a paragraph is; one that comes again is the one it was.

    :param known: The documents so far, by their text; a new one is added.
    """
    return known.setdefault(text, Document(name=f"{len(known):06d}.txt", title=title, text=text))


def title_of(article: Mapping[str, Any], *, where: str) -> str | None:
    """Return the title of an article, where it has one.

    :raises QuestionsInvalid: When it is no text that can be written.
    """
    title = article.get("title")
    return expected(title, str, where=f"{where} 的 title") if isinstance(title, str) and title else None


def paragraph_questions(
    paragraph: Mapping[str, Any], document: Document, *, where: str
) -> Iterable[tuple[str, LabelledQuestion]]:
    """Yield the questions on one paragraph, each with its place.

    :raises QuestionsInvalid: When one is none.
    """
    for at, row in enumerate(member(paragraph, "qas", list, where=where)):
        inside = f"{where}.qas[{at}]"
        asked = expected(row, dict, where=inside)
        answers = [] if asked.get("is_impossible") is True else member(asked, "answers", list, where=inside)
        texts = [
            member(expected(answer, dict, where=f"{inside}.answers"), "text", str, where=f"{inside}.answers")
            for answer in answers
        ]
        yield (
            inside,
            question_on(
                document,
                id=identifier(asked, "id", where=inside),
                question=member(asked, "question", str, where=inside),
                answers=texts,
            ),
        )


def question_on(document: Document, *, id: str, question: str, answers: Iterable[str]) -> LabelledQuestion:
    """Return a question on a paragraph; equal answers are one, and empty ones are none."""
    return LabelledQuestion(
        id=id,
        question=question,
        answers=tuple(dict.fromkeys(each for each in answers if each)),
        source=document.name,
        context=document.text,
    )
