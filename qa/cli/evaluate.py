"""``qa evaluate``: answer a batch and score it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from qa.assemble import open_snapshot
from qa.cli.evaluating import Evaluating, answered, forget_built, identity
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, JsonOption, settings_with
from qa.domain.answers import Filters
from qa.engine.ask import LIMIT
from qa.errors import QuestionsInvalid, SurroundingsFailed
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
from qa.evaluation.told import decoded
from qa.store.failures import surroundings

TAG = "wenbao"
STDIN = "标准输入"


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
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            help="同时答题的进程数，每个进程各载入一份模型，平分各核；默认每两核一个，题少时更少。",
            show_default=False,
        ),
    ] = None,
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
        check_askable(asked, reader_only=reader_only, unanswerable=unanswerable)
        outputs = [each for each in (predictions, run, *(reports or ())) if each]
        check_places(outputs, inputs=[Path(file), *([qrels] if qrels else [])])
        plan = Evaluating(
            settings=settings_with(index),
            asked=asked,
            questions=tuple(with_held_out(questions) if unanswerable else questions),
            reader_only=reader_only,
            passages=passages,
            predictions=predictions,
            jobs=jobs,
        )
        with journal_of(plan) as journal:
            given = list(answers(plan, journal))
            figures = report(plan.questions, given)
            write(plan, given, figures, run=run, reports=reports or [], title=title_of(file))
            if journal:
                # Not before: a report that could not be written is made by the same command, asking nothing.
                journal.end()
                forget_built(plan)
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
    return read_jsonl(decoded(typer.get_binary_stream("stdin").read(), name=STDIN), name=STDIN)


def check_askable(asked: QuestionSet, *, reader_only: bool, unanswerable: bool) -> None:
    """Refuse a set that cannot be asked in a way.

    :raises QuestionsInvalid: Saying what can be done instead.
    """
    if reader_only and any(each.context is None for each in asked.questions):
        raise QuestionsInvalid("--reader-only 需要每题自带段落；请用 --format squad、cmrc 或 drcd")
    if unanswerable and (reader_only or asked.judges_documents):
        raise QuestionsInvalid(
            "--unanswerable 要检索并作答，不能与 --reader-only、--format beir 或 --format trec 同用"
        )


def check_places(outputs: Sequence[Path], *, inputs: Sequence[Path]) -> None:
    """Refuse places for what is written, before anything is asked for it.

    :raises BadParameter: When one is that of another output, or of an input.
    :raises SurroundingsFailed: When there is no such folder, or it is one itself.
    """
    taken = {each.resolve() for each in inputs}
    for each in outputs:
        if each.resolve() in taken:
            raise typer.BadParameter(f"{each} 会被覆盖；请给每个输出一个自己的文件名")
        taken.add(each.resolve())
        if each.is_dir():
            raise SurroundingsFailed(f"{each}：是一个文件夹；请给出文件名")
        if not each.parent.is_dir():
            raise SurroundingsFailed(f"{each}：没有 {each.parent} 这个目录；请先建好")


@contextmanager
def journal_of(plan: Evaluating) -> Iterator[Journal | None]:
    """Give the journal of a plan; None where predictions are not written."""
    if plan.predictions is None:
        yield None
        return
    with surroundings(plan.predictions, what="文件"):
        journal = Journal(plan.predictions, identity=identity(plan))
    with journal:
        yield journal


def answers(plan: Evaluating, journal: Journal | None) -> Iterator[Prediction]:
    """Yield the prediction of each question, in order; what an interrupted run did is not asked again."""
    done = journal.done if journal else []
    yield from done
    left = plan.questions[len(done) :]
    if not left:
        return
    if journal and journal.is_new:
        # That of another run, which was not gone on with.
        forget_built(plan)
    with (
        closing(answered(plan, left)) as fresh,
        tqdm(
            fresh,
            initial=len(done),
            total=len(plan.questions),
            unit="题",
            desc="评测",
            file=sys.stderr,
            disable=None,
        ) as bar,
    ):
        for asked, given in zip(left, bar, strict=True):
            if journal:
                with surroundings(journal.path, what="文件"):
                    journal.keep(asked, given)
            yield given


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
        put(run, "".join(trec_lines(list(zip(questions, given, strict=True)), tag=TAG)))
    if plan.reader_only and plan.predictions:
        official = {each.id: each.answer or "" for each in given}
        put(plan.predictions.with_suffix(".official.json"), json.dumps(official, ensure_ascii=False))
    for path in reports:
        put(path, rendered(path, questions, given, figures, title=title))


def put(path: Path, content: str) -> None:
    """Write a file.

    :raises SurroundingsFailed: When it cannot be written.
    """
    with surroundings(path, what="文件"):
        path.write_text(content, encoding="utf-8")


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
