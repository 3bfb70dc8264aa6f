"""What the confidence is fitted on: questions that are answered, and such that nothing answers."""

from __future__ import annotations

from typing import Any

from bench.both_ways import read
from bench.fit_confidence import record_of, swapped
from training.reading_sets import Answer, Asked

CONTEXT = "2019年，张建国在太原市出席了开工仪式，完成投资36.5亿元。"


def asked(question: str, *, context: str = CONTEXT, answer: str = "36.5亿元") -> Asked:
    start = context.index(answer)
    return Asked(
        id=question,
        source="news_cloze",
        question=question,
        context=context,
        answers=(Answer(text=answer, start=start),),
    )


def row(*, answers: list[str], numbers: dict[str, list[int]]) -> dict[str, Any]:
    found = [
        {"article": str(at), "title": None, "date": None, "text": text, "number": at, "fused": 1.0 - at}
        for at, text in enumerate([CONTEXT, "另一处投资12亿元。"])
    ]
    return {
        "document": "d",
        "source": "news_cloze",
        "question": "完成投资多少亿元？",
        "answers": answers,
        "found": found,
        "readings": [
            [0, CONTEXT.index("36.5"), CONTEXT.index("。"), 4.0],
            [1, 5, 9, 1.0],
        ],
        **numbers,
    }


def test_a_question_is_a_case_with_its_document_and_one_without() -> None:
    with_it, without = read(row(answers=["36.5亿元"], numbers={"with": [0, 1], "without": [1]}))

    assert (with_it.answerable, without.answerable) == (True, False)
    assert with_it.right.any()
    assert not without.right.any()


def test_a_question_that_nothing_answers_is_one_case_over_all_documents() -> None:
    (case,) = read(row(answers=[], numbers={"with": [0, 1], "without": [1]}))

    assert not case.answerable
    assert len(case.right) == 2
    assert not case.right.any()


def test_another_year_in_a_question_leaves_it_without_an_answer() -> None:
    questions = [asked("2019年完成投资多少亿元？"), asked("完成投资多少亿元？")]

    (changed,) = swapped(questions)

    assert changed.id == "2019年完成投资多少亿元？-swapped"
    assert "2019年" not in changed.question
    assert changed.answers == ()
    assert list(swapped(questions)) == [changed]


def test_an_item_is_in_the_collection_as_it_is_asked_about() -> None:
    record = record_of({"title": "开工", "date": "2019-03-05"}, asked("完成投资多少亿元？"))

    assert record["text"] == CONTEXT
    assert (record["title"], record["date"]) == ("开工", "2019-03-05")
