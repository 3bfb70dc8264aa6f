"""EM and F1 as CMRC 2018's official script has them, against some 250 predictions worked out by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from qa.evaluation import mixed
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.report import report
from tests.evaluation.official_cases import DROPPED, GROUPS, KEPT, Case, cases

EVERY = [case for rows in GROUPS.values() for case in cases(rows)]


@pytest.mark.parametrize("rule", GROUPS)
def test_predictions_score_as_worked_out_by_hand(rule: str) -> None:
    for case in cases(GROUPS[rule]):
        assert mixed.exact(case.guess, case.answers) == case.em, case
        assert mixed.overlap(case.guess, case.answers) == pytest.approx(case.f1), case


def test_they_are_enough_and_none_is_tried_twice() -> None:
    assert len(EVERY) >= 200
    assert len({(case.guess, case.answers) for case in EVERY}) == len(EVERY)
    assert not set(DROPPED) & set(KEPT)


def test_a_report_has_their_means() -> None:
    answered = [case for case in EVERY if case.answers != ("",) and "" not in case.answers]
    questions = [
        LabelledQuestion(id=str(at), question="？", answers=case.answers) for at, case in enumerate(answered)
    ]
    predictions = [
        Prediction(id=str(at), question="？", answer=case.guess, confidence=0.5)
        for at, case in enumerate(answered)
    ]

    official = report(questions, predictions)["official"]

    assert official["em"] == pytest.approx(sum(case.em for case in answered) / len(answered))
    assert official["f1"] == pytest.approx(sum(case.f1 for case in answered) / len(answered))


def longest_in_order(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence: what the name LCS is often taken for."""
    row = [0] * (len(right) + 1)
    for unit in left:
        new = [0]
        for at, other in enumerate(right):
            new.append(row[at] + 1 if unit == other else max(row[at + 1], new[at]))
        row = new
    return row[-1]


def in_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many units are in both, wherever they stand: F1 of SQuAD."""
    return (Counter(left) & Counter(right)).total()


MISTAKES: dict[str, tuple[str, Any]] = {
    "a subsequence": ("longest_common_run", longest_in_order),
    "a bag": ("longest_common_run", in_common),
    "words cut at blanks": ("words", str.split),
    "words cut at every mark": ("words", re.compile(r"\w+|[^\w\s]").findall),
    "characters instead of words": ("words", lambda text: [each for each in text if not each.isspace()]),
    "more Han": ("HAN", re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")),
    "dots dropped": ("MARKS", mixed.MARKS | {"…"}),
    "an opening quote dropped": ("MARKS", mixed.MARKS | {"‘"}),
    "points and commas dropped": ("MARKS", mixed.MARKS | {".", ","}),
    "brackets dropped": ("MARKS", mixed.MARKS | set("()【】")),
    "no marks dropped": ("MARKS", frozenset()),
    **{f"{mark} kept": ("MARKS", mixed.MARKS - {mark}) for mark in DROPPED},
}


def disagreeing() -> list[Case]:
    """Return the predictions that score otherwise than by hand."""
    return [
        case
        for case in EVERY
        if mixed.exact(case.guess, case.answers) != case.em
        or mixed.overlap(case.guess, case.answers) != pytest.approx(case.f1)
    ]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_that_is_easily_made_would_be_seen(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong = MISTAKES[mistake]
    monkeypatch.setattr(mixed, name, wrong)

    assert disagreeing()


def test_neither_the_first_answer_alone_nor_another_width_would_do() -> None:
    several = [case for case in EVERY if len(case.answers) > 1]
    assert any(mixed.overlap(case.guess, case.answers[:1]) < case.f1 for case in several)
    assert any(mixed.exact(case.guess, case.answers[:1]) < case.em for case in several)
    assert mixed.exact("ＮＢＡ", ["NBA"]) == 0.0
