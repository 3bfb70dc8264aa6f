"""``qa index``: add, refresh or rebuild."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from qa.assemble import open_building
from qa.cli.cluster import RayOption, cluster_at
from qa.cli.failures import SOME_FAILED, told_plainly
from qa.cli.options import IndexOption, JsonOption, settings_with
from qa.cli.progress import Bar
from qa.engine.build import BuildReport


def index(
    paths: Annotated[
        list[str] | None, typer.Argument(help="文件或文件夹；- 表示标准输入。", show_default=False)
    ] = None,
    index: IndexOption = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="用索引里保存的原文全部重建；被打断后再运行就接着做。")
    ] = False,
    ray: RayOption = None,
    as_json: JsonOption = False,
) -> None:
    """把文件收入索引；内容未变的跳过。"""
    if bool(paths) == rebuild:
        raise typer.BadParameter("请给出文件或文件夹，或者只用 --rebuild", param_hint="PATH… / --rebuild")
    with told_plainly(), Bar() as bar:
        settings, cluster = settings_with(index), cluster_at(ray)
        with open_building(settings, progress=bar, rebuild=rebuild, cluster=cluster) as building:
            builder = building.builder
            report = builder.rebuild() if rebuild else builder.add(building.read(paths or ()))
    for failed in report.failed:
        typer.echo(f"{failed.error.code}: {failed.error}", err=True)
    typer.echo(as_object(report) if as_json else summary(report))
    if report.failed:
        raise typer.Exit(SOME_FAILED)


def as_object(report: BuildReport) -> str:
    """Return a report in the words of the contract."""
    body = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failed": [
            {"source": each.name, "error": f"{each.error.code}: {each.error}"} for each in report.failed
        ],
        "articles": report.articles,
        "passages": report.passages,
        "seconds": round(report.seconds, 2),
    }
    return json.dumps(body, ensure_ascii=False)


def summary(report: BuildReport) -> str:
    """Return a report on one line."""
    added, updated, unchanged = len(report.added), len(report.updated), len(report.unchanged)
    return (
        f"新增 {added}，更新 {updated}，未变 {unchanged}，失败 {len(report.failed)}；"
        f"共 {report.articles} 篇文章、{report.passages} 个段落，用时 {report.seconds:.1f} 秒"
    )
