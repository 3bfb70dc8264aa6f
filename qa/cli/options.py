"""Options that several commands share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from qa.domain.answers import Filters
from qa.settings import Settings, read_settings

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", envvar="QA_INDEX", help="索引目录；默认为 index。", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="检索的段落数，其中最好的几段会被细读。")]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="只看名称符合的来源，可用 * 通配，可重复。")
]
NewspaperOption = Annotated[
    list[str] | None,
    typer.Option("--newspaper", help="只看这份报纸的文章，报名照文章所写，须全同，可重复。"),
]
FromOption = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="不早于这一天的文章。"),
]
ToOption = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="不晚于这一天的文章。"),
]


def text_given(argument: str) -> str:
    """Return what was given as an argument; ``-`` is what standard input holds, without blanks around it.

    What is no UTF-8 there becomes half characters, which no question may hold.
    """
    if argument != "-":
        return argument
    return typer.get_text_stream("stdin", encoding="utf-8", errors="surrogateescape").read().strip()


def settings_with(index: Path | None) -> Settings:
    """Return the settings, with the index that was named on the command line."""
    settings = read_settings()
    return settings if index is None else settings.model_copy(update={"index": index})


def filters_of(
    sources: list[str] | None, newspapers: list[str] | None, first: datetime | None, last: datetime | None
) -> Filters:
    """Return what the shared filter options ask for."""

    def day(moment: datetime | None) -> date | None:
        return moment.date() if moment else None

    return Filters(
        sources=tuple(sources or ()), newspapers=tuple(newspapers or ()), first=day(first), last=day(last)
    )
