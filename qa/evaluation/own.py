"""The project's own form of questions: a JSON object each, in lines or in a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from qa.errors import QuestionsInvalid
from qa.evaluation.questions import LabelledQuestion, QuestionSet
from qa.evaluation.told import expected, identifier, member, once, parsed

HINT = "每行应为一个 JSON 对象，含 id、question、answers"


def read_jsonl(text: str, *, name: str) -> QuestionSet:
    """Return the questions of JSON Lines: ``id``, ``question``, ``answers``, and ``source`` where known.

    :raises QuestionsInvalid: Naming the line and what is wrong with it.
    """
    lines = ((f"{name} 第 {at} 行", line) for at, line in enumerate(text.split("\n"), start=1))
    found = ((where, question_of_line(line, where=where)) for where, line in lines if line.strip())
    return QuestionSet(questions=each_once(found, name=name, hint=HINT))


def read_list(values: Iterable[object], *, name: str) -> QuestionSet:
    """Return the questions of a list of JSON values.

    :raises QuestionsInvalid: Naming the place in the list and what is wrong there.
    """
    placed = ((f"{name}[{at}]", value) for at, value in enumerate(values))
    found = ((where, question_of(value, where=where)) for where, value in placed)
    return QuestionSet(questions=each_once(found, name=name, hint="每项含 id、question、answers"))


def question_of_line(line: str, *, where: str) -> LabelledQuestion:
    """Return the question of one line.

    :raises QuestionsInvalid: When it is none.
    """
    return question_of(parsed(line, where=where), where=where)


def question_of(value: Any, *, where: str) -> LabelledQuestion:  # noqa: ANN401 - JSON is anything
    """Return the question that a JSON value holds.

    :raises QuestionsInvalid: When it is none.
    """
    given: Mapping[str, Any] = expected(value, dict, where=where)
    answers = expected(given.get("answers", []), list, where=f"{where} 的 answers")
    source = given.get("source")
    return LabelledQuestion(
        id=identifier(given, "id", where=where),
        question=member(given, "question", str, where=where),
        answers=tuple(expected(answer, str, where=f"{where} 的 answers") for answer in answers),
        source=None if source is None else expected(source, str, where=f"{where} 的 source"),
    )


def line_of(asked: LabelledQuestion) -> str:
    """Return a question as a line that ``question_of_line`` reads."""
    told = {
        "id": asked.id,
        "question": asked.question,
        "answers": list(asked.answers),
        "source": asked.source,
    }
    return json.dumps(told, ensure_ascii=False)


def each_once(
    placed: Iterable[tuple[str, LabelledQuestion]], *, name: str, hint: str
) -> tuple[LabelledQuestion, ...]:
    """Return questions, none twice and at least one.

    :param placed: Each with its place in the file.
    :raises QuestionsInvalid: When there is none, or two have one id.
    """
    found: list[LabelledQuestion] = []
    first_at: dict[str, str] = {}
    for where, question in placed:
        once(question.id, first_at, where=where)
        found.append(question)
    if not found:
        raise QuestionsInvalid(f"{name}：没有问题；{hint}")
    return tuple(found)
