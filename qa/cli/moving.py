"""``qa export`` and ``qa import``: an index as one file, from one store to another."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.assemble import export_index, import_index
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, JsonOption, settings_with
from qa.cli.render import counted
from qa.store.moving import Moved


def export_to(
    file: Annotated[Path, typer.Argument(help="写到这个文件（Parquet）。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """把索引连同向量导出为一个文件，可导入目录或 Milvus。"""
    with told_plainly():
        made = export_index(settings_with(index), file)
    tell("已导出", made, as_json=as_json)


def import_from(
    file: Annotated[Path, typer.Argument(help="qa export 写成的文件。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """把导出的文件收进空的索引目录或 Milvus；不重算向量。"""
    with told_plainly():
        made = import_index(settings_with(index), file)
    tell("已导入", made, as_json=as_json)


def tell(done: str, made: Moved, *, as_json: bool) -> None:
    """Say what was moved."""
    if as_json:
        body = {"index_version": made.version, **asdict(made.counts), "bytes": made.bytes}
        typer.echo(json.dumps(body))
    else:
        typer.echo(
            f"{done}版本 {made.version}：{counted(**asdict(made.counts))}；文件 {made.bytes / 2**20:.1f} MiB"
        )
