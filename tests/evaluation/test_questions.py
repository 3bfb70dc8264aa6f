from __future__ import annotations

import pytest

from qa.errors import QuestionsInvalid
from qa.evaluation.questions import LabelledQuestion, read_questions


def test_questions_are_read_in_order_and_blank_lines_are_nothing() -> None:
    lines = [
        '\ufeff{"id": 1, "question": "甲？", "answers": ["乙"], "source": "a.txt", "kind": "x"}',
        "",
        '{"id": "b", "question": "丙？"}',
    ]

    assert read_questions(lines, name="q.jsonl") == [
        LabelledQuestion(id="1", question="甲？", answers=("乙",), source="a.txt"),
        LabelledQuestion(id="b", question="丙？", answers=()),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{"], "q.jsonl 第 1 行：不是 JSON"),
        (["[]"], "q.jsonl 第 1 行：应有 id"),
        (['{"id": 1, "question": 7}'], "应有 id 和文字形式的 question"),
        (['{"id": 1, "question": "甲", "answers": "乙"}'], "answers 应为文字的列表"),
        (['{"id": 1, "question": "甲"}', '{"id": 1, "question": "乙"}'], "第 2 行：id 1 重复"),
        ([], "没有问题"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines: list[str], told: str) -> None:
    with pytest.raises(QuestionsInvalid, match=told):
        read_questions(lines, name="q.jsonl")
