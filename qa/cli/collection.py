"""``qa sources``, ``articles``, ``show``, ``stats`` and ``remove``: what the index holds."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from qa.assemble import READER_NAME, open_remover, open_snapshot
from qa.cli import render
from qa.cli.failures import told_plainly
from qa.cli.options import (
    FromOption,
    IndexOption,
    JsonOption,
    NewspaperOption,
    SourceOption,
    ToOption,
    filters_of,
    settings_with,
)
from qa.cli.progress import Bar
from qa.domain.ports import Snapshot
from qa.domain.sources import Source
from qa.errors import NotFound
from qa.web.collection import ArticleBody, SourceBody, StatisticsBody


def sources(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """列出全部来源。"""
    with told_plainly(), open_snapshot(settings_with(index)) as snapshot:
        listed = snapshot.sources()
    for each in listed:
        typer.echo(SourceBody.of(each).model_dump_json() if as_json else render.source_line(each))


def articles(
    index: IndexOption = None,
    source: SourceOption = None,
    newspaper: NewspaperOption = None,
    first: FromOption = None,
    last: ToOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出从各来源切分出的文章，一行一篇。"""
    with told_plainly(), open_snapshot(settings_with(index)) as snapshot:
        listed = snapshot.articles(filters_of(source, newspaper, first, last))
    for each in listed:
        typer.echo(ArticleBody.of(each).model_dump_json() if as_json else render.article_line(each))


def show(
    id: Annotated[str, typer.Argument(help="来源的名称或 id，或文章的 id。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """输出一个来源的原文，或一篇文章在原文中的文字，一字不改。"""
    with told_plainly(), open_snapshot(settings_with(index)) as snapshot:
        source, text = shown(snapshot, id)
    if as_json:
        shown_id = source.id if id == source.name else id
        typer.echo(json.dumps({"id": shown_id, "name": source.name, "text": text}, ensure_ascii=False))
    else:
        # As bytes: a terminal's line ends must not replace those of the paper.
        typer.get_binary_stream("stdout").write(text.encode("utf-8", "surrogatepass"))


def shown(snapshot: Snapshot, id: str) -> tuple[Source, str]:
    """Return a source with what is to be shown of it.

    :raises NotFound: When neither a source nor an article has that id.
    """
    try:
        source = snapshot.source(id)
    except NotFound:
        found = snapshot.article(id)
        printed = {id: snapshot.source(id) for id in found.source_names}
        text = "".join(printed[p.source_id].text[p.span.start : p.span.end] for p in found.article.places)
        return printed[found.article.source_id], text
    return source, source.text


def stats(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """索引里有多少来源、文章和段落，用的是什么模型。"""
    with told_plainly(), open_snapshot(settings_with(index)) as snapshot:
        body = StatisticsBody.of(snapshot.statistics(), reader=READER_NAME)
    if as_json:
        typer.echo(body.model_dump_json())
        return
    held = render.counted(sources=body.sources, articles=body.articles, passages=body.passages)
    typer.echo(f"{held}，占用 {body.bytes / 2**20:.1f} MiB")
    typer.echo(f"版本 {body.index_version}，向量模型 {body.encoder}，阅读 {body.reader}")


def remove(
    source: Annotated[list[str], typer.Argument(help="来源的名称或 id。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """移除来源，连同由它们得出的一切；与它们合为一篇的文章，留下其余来源里的部分。"""
    with told_plainly(), Bar() as bar, open_remover(settings_with(index), progress=bar) as builder:
        names = builder.remove(source)
    typer.echo(
        json.dumps({"removed": names}, ensure_ascii=False) if as_json else f"已移除：{'、'.join(names)}"
    )
