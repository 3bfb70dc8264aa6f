"""``qa evaluate``: answer a batch and score it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from qa.assemble import open_engine
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, JsonOption, LimitOption, settings_with
from qa.errors import QuestionsInvalid
from qa.evaluation.questions import LabelledQuestion, read_questions
from qa.evaluation.report import Report, report
from qa.evaluation.run import Answered, run
from qa.store.failures import surroundings
from qa.web.schemas import LIMIT, OutcomeBody

SHOWN = ("correct", "em", "f1", "refused_right", "wrong")


def evaluate(
    file: Annotated[
        str, typer.Argument(help="问题文件（JSON Lines：id、question、answers）；- 表示标准输入。")
    ],
    index: IndexOption = None,
    limit: LimitOption = LIMIT,
    predictions: Annotated[Path | None, typer.Option(help="把每个问题的结果写到这个文件，一行一个。")] = None,
    as_json: JsonOption = False,
) -> None:
    """批量提问并评分。"""
    with told_plainly():
        questions = questions_of(file)
        with surroundings(predictions or Path()):
            out = predictions.open("w", encoding="utf-8") if predictions else None
        with open_engine(settings_with(index)) as engine:
            asked = tqdm(questions, unit="题", desc="评测", file=sys.stderr, disable=None)
            batch = list(run(engine, asked, limit=limit))
    if out:
        with out:
            out.writelines(prediction(each) for each in batch)
    figures = report(batch)
    typer.echo(json.dumps(figures, ensure_ascii=False) if as_json else as_text(figures))


def questions_of(file: str) -> list[LabelledQuestion]:
    """Return the questions of a file or of standard input.

    :raises QuestionsInvalid: When it cannot be read as questions.
    """
    try:
        text = (
            typer.get_text_stream("stdin").read() if file == "-" else Path(file).read_text(encoding="utf-8")
        )
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsInvalid(f"{file}：无法读取（{error}）；请给出 UTF-8 的 JSON Lines 文件") from error
    return read_questions(text.split("\n"), name=file)


def prediction(answered: Answered) -> str:
    """Return the outcome of one question with its id, as a line."""
    if answered.outcome is None:
        return (
            json.dumps({"id": answered.question.id, **without_outcome(answered)}, ensure_ascii=False) + "\n"
        )
    body = OutcomeBody.of(answered.outcome).model_dump(mode="json")
    return json.dumps({"id": answered.question.id, **body}, ensure_ascii=False) + "\n"


def without_outcome(answered: Answered) -> dict[str, object]:
    """Return the line of a question that could not be asked, in the shape of the others."""
    asked = OutcomeBody(
        question=answered.question.question,
        answer=None,
        abstained=True,
        confidence=0.0,
        citations=[],
        alternatives=[],
        timings_ms={},
        index_version="",
    )
    return {**asked.model_dump(mode="json"), "error": "question_invalid"}


def as_text(figures: Report) -> str:
    """Return the figures for a person."""
    lines = [f"{figures['n']} 题：回答 {figures['answered']}，拒答 {figures['abstained']}"]
    for name in SHOWN:
        within = figures["intervals_95"][name]
        around = f"（95 % 区间 {within[0]:.3f}–{within[1]:.3f}）" if within else ""
        lines.append(f"{name:<14}{shown(figures[name])}{around}")
    lines += [f"{name:<14}{shown(value)}" for name, value in figures["retrieval"].items()]
    return "\n".join(lines)


def shown(value: float | None) -> str:
    """Return a figure, or a dash where there was nothing to measure."""
    return "—" if value is None else f"{value:.3f}"
