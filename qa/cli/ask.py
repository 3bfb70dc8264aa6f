"""``qa ask``: one question, one outcome."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.assemble import open_engine
from qa.cli import render
from qa.cli.failures import ABSTAINED, told_plainly
from qa.cli.options import (
    FromOption,
    IndexOption,
    JsonOption,
    LimitOption,
    NewspaperOption,
    SourceOption,
    ToOption,
    filters_of,
    settings_with,
    text_given,
)
from qa.domain.answers import Preceding
from qa.engine.ask import LIMIT
from qa.web.schemas import OutcomeBody


def ask(
    question: Annotated[str, typer.Argument(help="要问的问题；- 表示从标准输入读。")],
    index: IndexOption = None,
    limit: LimitOption = LIMIT,
    source: SourceOption = None,
    newspaper: NewspaperOption = None,
    first: FromOption = None,
    last: ToOption = None,
    after: Annotated[
        str | None, typer.Option(help="上一问；追问（「那二类呢？」）从中补足省略的部分。")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="同时说明考虑过哪些答案、各有什么依据。")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """回答一个问题，逐条给出出处；来源里没有就直说没有。"""
    asked = text_given(question)
    with told_plainly(), open_engine(settings_with(index)) as engine:
        before = Preceding(question=after) if after else None
        outcome = engine.ask(
            asked, limit=limit, filters=filters_of(source, newspaper, first, last), before=before
        )
    if as_json:
        typer.echo(OutcomeBody.of(outcome, explain=explain).model_dump_json())
    else:
        typer.echo(render.outcome_text(outcome))
        if explain:
            typer.echo(render.explanation_text(outcome.considered))
    if outcome.abstained:
        raise typer.Exit(ABSTAINED)
