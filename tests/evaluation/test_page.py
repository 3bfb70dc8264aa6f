"""The report as a page: complete, inert, and asking for nothing outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.evaluation.curves import reliability, risk_coverage
from qa.evaluation.page import as_html, as_markdown
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.report import report
from qa.evaluation.scored import scored
from tests.evaluation.made import BATCH, asked, given

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def page_of(questions: Sequence[LabelledQuestion], predictions: Sequence[Prediction]) -> str:
    return as_html(report(questions, predictions), questions, predictions, title="评测")


def page() -> str:
    return page_of(*BATCH)


def test_every_question_is_on_the_page_with_how_it_ended() -> None:
    text = page()

    assert text.count('<article class="question') == 5
    assert text.count("<svg") == 3
    assert [text.count(f'data-ending="{name}"') for name in ("right", "misread", "refused")] == [1, 1, 1]


def times_of(text: str) -> list[str]:
    """Return the cells of the table of times, row by row."""
    table = text[text.index("<h2>用时（毫秒）</h2>") :].partition("</table>")[0]
    return re.findall(r"<t[hd]>(.*?)</t[hd]>", table)


def test_the_time_of_each_stage_is_on_the_page_and_in_the_summary() -> None:
    questions = [asked("1", "甲"), asked("2", "甲")]
    predictions = [
        replace(given("1", "甲", 0.9), timings={"read": 9.96, "total": 20.0}),
        replace(given("2", "甲", 0.9), timings={"read": 2.06, "total": 1020.0}),
    ]

    told = times_of(page_of(questions, predictions))

    assert told[:5] == ["阶段", "p50", "p95", "p99", "最长"]
    assert told[5:10] == ["检索", "—", "—", "—", "—"]
    # Halfway between the two, or next to the second.
    assert told[10:] == ["阅读", "6.0", "9.6", "9.9", "10", "合计", "520", "970", "1010", "1020"]
    summary = as_markdown(report(questions, predictions), title="评测")
    assert "| 合计 | 520 | 970 | 1010 | 1020 |" in summary


def test_the_page_asks_for_nothing_outside() -> None:
    text = page()

    assert "default-src 'none'" in text
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', text)
    assert not re.findall(r"url\((?!#)", text)
    assert "@import" not in text


def test_what_a_paper_prints_is_text_and_never_markup() -> None:
    questions = [asked(HOSTILE, HOSTILE, question=HOSTILE, source=HOSTILE)]
    cited = {
        "quote": HOSTILE,
        "passage": {"text": HOSTILE, "highlight": [[0, 3]]},
        "article": {"title": HOSTILE, "source": HOSTILE},
    }
    prediction = Prediction(
        id=HOSTILE, question=HOSTILE, answer=HOSTILE, confidence=0.5, body={"citations": [cited, "none", {}]}
    )
    text = as_html(report(questions, [prediction]), questions, [prediction], title=HOSTILE)

    assert text.count("<script>") == 1
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_summary_has_every_figure_and_every_ending() -> None:
    text = as_markdown(report(*BATCH), title="评测")

    assert "| 答对（有答案的题） | 0.333 |" in text
    assert "| 检索到了，读错了 | 1 |" in text


def test_curves_are_as_worked_out_by_hand() -> None:
    batch = [scored(question, prediction) for question, prediction in zip(*BATCH, strict=True)]

    # Answered: .9 right, .6 wrong, .6 wrong, of five questions.
    coverage, risk = risk_coverage(batch)
    assert coverage == [0.2, 0.4, 0.6]
    assert risk == [0.0, 1 / 2, 2 / 3]
    assert reliability(batch) == [(0.6, 0.0, 2), (0.9, 1.0, 1)]


def test_a_batch_without_answers_has_no_curves() -> None:
    questions, predictions = [asked("1")], [given("1", None, 0.9)]

    assert "<svg" not in as_html(report(questions, predictions), questions, predictions, title="评测")
