"""``qa evaluate``: answer a batch and score it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from qa.assemble import open_snapshot
from qa.cli.evaluating import Evaluating, answering, identity
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, JsonOption, settings_with
from qa.domain.answers import Filters
from qa.engine.ask import LIMIT
from qa.errors import QuestionsInvalid
from qa.evaluation.drawing import chosen
from qa.evaluation.formats import Format, read_question_set
from qa.evaluation.held_out import with_held_out
from qa.evaluation.journal import Journal
from qa.evaluation.own import read_jsonl
from qa.evaluation.page import FIGURES, around, as_html, as_markdown, shown
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion, QuestionSet
from qa.evaluation.report import Report, report
from qa.evaluation.retrieval import trec_lines
from qa.evaluation.template import template_lines
from qa.store.failures import surroundings

TAG = "wenbao"


def evaluate(
    file: Annotated[
        str | None,
        typer.Argument(help="问题文件；- 表示标准输入（JSON Lines）；BEIR 是一个目录。", show_default=False),
    ] = None,
    index: IndexOption = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="jsonl 为自有格式（id、question、answers、source）；squad、cmrc、drcd、beir 自带文本。",
        ),
    ] = Format.JSONL,
    qrels: Annotated[Path | None, typer.Option(help="TREC 题目的相关性判断文件。")] = None,
    reader_only: Annotated[
        bool, typer.Option("--reader-only", help="每题只读它自己的段落，不检索。")
    ] = False,
    predictions: Annotated[
        Path | None,
        typer.Option(help="把每题的结果写到这个文件，一行一题；中断后用同一条命令接着做，已答的不再问。"),
    ] = None,
    run: Annotated[Path | None, typer.Option(help="把检索结果写成 TREC 六列的文件。")] = None,
    reports: Annotated[
        list[Path] | None,
        typer.Option("--report", help="报告文件，按后缀写成 .html、.md 或 .json；可重复。"),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="只做前 N 题。", show_default=False)] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="随机抽 N 题。", show_default=False)] = None,
    seed: Annotated[int, typer.Option(help="抽题的随机种子。")] = 1,
    passages: Annotated[int, typer.Option(min=1, max=100, help="每题检索的段落数。")] = LIMIT,
    unanswerable: Annotated[
        bool,
        typer.Option("--unanswerable", help="每道有答案的题再问一次，把含答案的文章藏起来，看会不会拒答。"),
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="不评测，输出一份待填的问题文件，每篇文章一行。")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """批量提问并评分。"""
    if template == bool(file):
        raise typer.BadParameter("请给出问题文件，或者只用 --template", param_hint="FILE / --template")
    with told_plainly():
        if file is None:
            write_template(index)
            return
        asked = questions_of(file, form=form, qrels=qrels)
        questions = chosen(asked.questions, limit=limit, sample=sample, seed=seed)
        if unanswerable:
            questions = list(with_held_out(questions))
        plan = Evaluating(
            settings=settings_with(index),
            asked=asked,
            questions=tuple(questions),
            reader_only=reader_only,
            passages=passages,
            own_index=index is None,
            predictions=predictions,
        )
        given = list(answers(plan))
        figures = report(questions, given)
        write(plan, given, figures, run=run, reports=reports or [], title=title_of(file))
    typer.echo(json.dumps(figures, ensure_ascii=False) if as_json else as_text(figures))


def write_template(index: Path | None) -> None:
    """Write a question file to fill in to standard output."""
    with open_snapshot(settings_with(index)) as snapshot:
        for line in template_lines(snapshot.articles(Filters())):
            typer.echo(line, nl=False)


def questions_of(file: str, *, form: Format, qrels: Path | None) -> QuestionSet:
    """Return the questions of a file or of standard input.

    :raises QuestionsInvalid: When it cannot be read as questions.
    """
    if file != "-":
        return read_question_set(Path(file), form=form, qrels=qrels)
    if form is not Format.JSONL:
        raise QuestionsInvalid("标准输入只能是 JSON Lines；其他格式请给出文件")
    try:
        return read_jsonl(typer.get_text_stream("stdin", encoding="utf-8").read(), name="标准输入")
    except UnicodeDecodeError as error:
        raise QuestionsInvalid(f"标准输入：无法读取（{error}）；请给出 UTF-8 的 JSON Lines") from error


def answers(plan: Evaluating) -> Iterator[Prediction]:
    """Yield the prediction of each question, in order; what an interrupted run did is not asked again."""
    with surroundings(plan.predictions or Path(), what="结果文件"):
        journal = Journal(plan.predictions, identity=identity(plan)) if plan.predictions else None
    left = plan.questions[len(journal.done) :] if journal else plan.questions
    with answering(plan) as answer:
        bar = tqdm(
            left,
            initial=len(plan.questions) - len(left),
            total=len(plan.questions),
            unit="题",
            desc="评测",
            file=sys.stderr,
            disable=None,
        )
        fresh = ((each, answer(each)) for each in bar)
        yield from journal.kept(fresh) if journal else (given for _, given in fresh)


def write(
    plan: Evaluating,
    given: list[Prediction],
    figures: Report,
    *,
    run: Path | None,
    reports: list[Path],
    title: str,
) -> None:
    """Write what was asked for beside the predictions.

    :raises SurroundingsFailed: Naming the file that cannot be written.
    """
    questions = plan.questions
    if run:
        lines = trec_lines(list(zip(questions, given, strict=True)), tag=TAG)
        put(run, "".join(lines), what="检索结果")
    if plan.reader_only and plan.predictions:
        official = {each.id: each.answer or "" for each in given}
        path = plan.predictions.with_suffix(".official.json")
        put(path, json.dumps(official, ensure_ascii=False), what="结果文件")
    for path in reports:
        put(path, rendered(path, questions, given, figures, title=title), what="报告")


def put(path: Path, text: str, *, what: str) -> None:
    """Write a file.

    :param what: What it is, in Chinese.
    :raises SurroundingsFailed: When it cannot be written.
    """
    with surroundings(path, what=what):
        path.write_text(text, encoding="utf-8")


def rendered(
    path: Path,
    questions: tuple[LabelledQuestion, ...],
    given: list[Prediction],
    figures: Report,
    *,
    title: str,
) -> str:
    """Return a report in the form that a file's suffix names; JSON where it names none."""
    if path.suffix == ".html":
        return as_html(figures, questions, given, title=title)
    if path.suffix == ".md":
        return as_markdown(figures, title=title)
    return json.dumps(figures, ensure_ascii=False, indent=1) + "\n"


def title_of(file: str) -> str:
    """Return what a report is called."""
    return f"评测：{'标准输入' if file == '-' else Path(file).name}"


def as_text(figures: Report) -> str:
    """Return the figures for a person."""
    lines = [f"{figures['n']} 题：回答 {figures['answered']}，拒答 {figures['abstained']}"]
    for name in FIGURES:
        within = around(figures, name)
        lines.append(f"{name:<14}{shown(figures[name])}{f'（95 % 区间 {within}）' if within else ''}")
    lines += [f"{name:<14}{shown(value)}" for name, value in figures["retrieval"].items()]
    return "\n".join(lines)
