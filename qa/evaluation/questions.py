"""Questions with their accepted answers, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qa.errors import QuestionsInvalid


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question whose answer is known.

    :param answers: Every accepted wording; empty when the sources hold no answer.
    :param source: Name of the source that holds the answer, where that is known.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    source: str | None = None


def read_questions(lines: Iterable[str], *, name: str) -> list[LabelledQuestion]:
    """Return the questions of a file, in order.

    :raises QuestionsInvalid: Naming the line and what is wrong with it.
    """
    questions: list[LabelledQuestion] = []
    ids: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = parsed(line, where=f"{name} 第 {number} 行")
        if question.id in ids:
            raise QuestionsInvalid(f"{name} 第 {number} 行：id {question.id} 重复")
        ids.add(question.id)
        questions.append(question)
    if not questions:
        raise QuestionsInvalid(f"{name}：没有问题；每行应为一个 JSON 对象，含 id、question、answers")
    return questions


def parsed(line: str, *, where: str) -> LabelledQuestion:
    """Return the question of one line.

    :raises QuestionsInvalid: When it is none.
    """
    try:
        given: Any = json.loads(line.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise QuestionsInvalid(f"{where}：不是 JSON（{error.msg}）") from error
    if not isinstance(given, dict) or not isinstance(given.get("question"), str) or "id" not in given:
        raise QuestionsInvalid(f"{where}：应有 id 和文字形式的 question")
    answers, source = given.get("answers", []), given.get("source")
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise QuestionsInvalid(f"{where}：answers 应为文字的列表")
    return LabelledQuestion(
        id=str(given["id"]),
        question=given["question"],
        answers=tuple(answers),
        source=source if isinstance(source, str) else None,
    )
