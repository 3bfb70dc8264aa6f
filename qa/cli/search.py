"""``qa search``: ranked passages with their scores."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.assemble import open_engine
from qa.cli import render
from qa.cli.failures import told_plainly
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
from qa.domain.answers import Mode
from qa.web.schemas import FoundBody

NOTHING = "没有找到段落；可以换个说法，或放宽 --source、--newspaper、--from、--to"


def search(
    query: Annotated[str, typer.Argument(help="要找的内容；- 表示从标准输入读。")],
    index: IndexOption = None,
    limit: LimitOption = 10,
    source: SourceOption = None,
    newspaper: NewspaperOption = None,
    first: FromOption = None,
    last: ToOption = None,
    mode: Annotated[
        Mode, typer.Option(help="hybrid 两种都用，dense 只用向量，lexical 只用词面。")
    ] = Mode.HYBRID,
    as_json: JsonOption = False,
) -> None:
    """检索段落，不作回答。"""
    wanted = text_given(query)
    with told_plainly(), open_engine(settings_with(index)) as engine:
        results = engine.search(
            wanted, limit=limit, filters=filters_of(source, newspaper, first, last), mode=mode
        )
    if not as_json:
        if results:
            typer.echo(render.found_text(results))
        else:
            typer.echo(NOTHING, err=True)
        return
    for rank, found in enumerate(results, start=1):
        typer.echo(FoundBody.of(found, rank=rank).model_dump_json())
