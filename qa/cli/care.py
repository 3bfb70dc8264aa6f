"""``qa verify``, ``repair``, ``compact``, ``backup``, ``restore`` and ``migrate``: care of an index."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.assemble import cutting_digest, make_encoder, verified_store
from qa.cli.failures import exit_code_of, told_plainly
from qa.cli.options import IndexOption, JsonOption, settings_with
from qa.cli.render import counted
from qa.domain.ports import Encoder
from qa.errors import ModelMissing, QaError, SettingInvalid
from qa.settings import Settings
from qa.store.backup import back_up
from qa.store.compact import compact as compacted
from qa.store.findings import Verification
from qa.store.migrate import migrate as taken_over
from qa.store.repair import Repair
from qa.store.repair import repair as repaired
from qa.store.restore import restore as restored
from qa.store.tokens import Tokens
from qa.store.verify import verify as verified

IN_WORDS = {
    "sources": "来源",
    "parts": "转版记录",
    "articles": "文章",
    "passages": "段落",
    "printed": "文章与来源的对照",
    "files": "文件",
    "vectors": "检索用的向量",
    "embedded": "重算的向量",
}
"""What was looked at, as a person reads it."""


INSTEAD = {
    "repair": "Milvus 里没有由目录库重做的文件；请先运行 qa verify --deep，有坏的用 qa index --rebuild 重建",
    "compact": "已移除的内容在下一次写入时清除，空间由 Milvus 自己收回，不需要它",
    "backup": "请用 qa export 文件 导出可移植的一份，或用 Milvus 自己的备份工具",
    "restore": "请用 qa import 文件 收入导出的一份；备份文件请先恢复到索引目录（不设 QA_STORE），再导出",
    "migrate": "只有索引目录有旧格式；请在目录里转换（不设 QA_STORE），再用 qa export、qa import 搬过去",
}
"""What to do with an index in Milvus in the place of a command that cares for a folder."""


def folder_of(settings: Settings, command: str) -> Path:
    """Return the folder of the index that a command cares for.

    :raises SettingInvalid: When the index is in a store.
    """
    if settings.store:
        told = f"现在用的是存储 {settings.store}（QA_STORE）"
        raise SettingInvalid(f"qa {command} 只照看索引目录，{told}：{INSTEAD[command]}")
    return settings.index


def verify(
    index: IndexOption = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="通读全部内容：散列、每段出处、两种检索，并重算一部分向量。")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """检查索引是否与写入时一样；默认只看清单、行数与文件大小。"""
    with told_plainly():
        settings = settings_with(index)
        encoder = encoder_for(settings) if deep else None
        if settings.store:
            made = verified_store(settings, deep=deep, encoder=encoder)
        else:
            made = verified(settings.index, tokens=Tokens(), deep=deep, encoder=encoder)
    typer.echo(as_object(made) if as_json else summary(made))
    tell(made.errors)
    if made.unlisted:
        typer.echo(f"另有 {made.unlisted} 处未列出", err=True)
    if not made.sound:
        raise typer.Exit(max(exit_code_of(error) for error in made.errors))


def encoder_for(settings: Settings) -> Encoder | None:
    """Return what some vectors are made with again; None, having said so, where there is no model."""
    try:
        return make_encoder(settings)
    except ModelMissing as error:
        typer.echo(f"没有重算向量：{error}", err=True)
        return None


def as_object(made: Verification) -> str:
    """Return what became of an examination as JSON."""
    body = {
        "index_version": made.version,
        "deep": made.deep,
        "sound": made.sound,
        "checked": made.checked,
        "errors": as_objects(made.errors),
        "unlisted": made.unlisted,
        "seconds": round(made.seconds, 2),
    }
    return json.dumps(body, ensure_ascii=False)


def as_objects(errors: Iterable[QaError]) -> list[dict[str, str]]:
    """Return errors by code and message."""
    return [{"code": error.code, "message": str(error)} for error in errors]


def summary(made: Verification) -> str:
    """Return what became of an examination on one line."""
    looked = "，".join(f"{IN_WORDS[what]} {number}" for what, number in made.checked.items())
    found = "完好" if made.sound else f"有 {len(made.errors) + made.unlisted} 处不对"
    return f"版本 {made.version or '不明'}：{found}（{looked or '未能查看'}；{made.seconds:.1f} 秒）"


def tell(errors: Iterable[QaError]) -> None:
    """Say errors, a line each."""
    for error in errors:
        typer.echo(f"{error.code}: {error}", err=True)


def repair(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """由目录库重做坏了的检索文件，不用模型；并说出从索引自身修不了的。"""
    with told_plainly():
        made = repaired(folder_of(settings_with(index), "repair"), tokens=Tokens())
    if as_json:
        body = {
            "index_version": made.version,
            "mended": made.mended,
            "lost": made.lost,
            "left": as_objects(made.left),
        }
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        typer.echo(repair_summary(made))
    tell(made.left)
    if made.left:
        raise typer.Exit(max(exit_code_of(error) for error in made.left))


def repair_summary(made: Repair) -> str:
    """Return what became of a repair, on a line or two."""
    if made.left:
        return "没有修复：目录库里有些内容与写入时不同，见下。"
    mended = f"已修复：{'、'.join(made.mended)}" if made.mended else "没有要修的"
    return "\n".join([f"{mended}。版本 {made.version}", *made.lost])


def compact(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """清掉已移除内容的残余，收回磁盘空间；可以在服务运行时进行。"""
    with told_plainly():
        folder = folder_of(settings_with(index), "compact")
        made = compacted(folder, tokens=Tokens(), cutting=cutting_digest())
    if as_json:
        typer.echo(json.dumps({"index_version": made.version, "before": made.before, "after": made.after}))
    else:
        typer.echo(f"{made.before / 2**20:.1f} MiB → {made.after / 2**20:.1f} MiB，版本 {made.version}")


def backup(
    file: Annotated[Path, typer.Argument(help="备份写到这个文件。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """把现行版本备份到一个文件，逐项校验；可以在写入时进行。"""
    with told_plainly():
        made = back_up(folder_of(settings_with(index), "backup"), file)
    if as_json:
        typer.echo(json.dumps({"index_version": made.version, "bytes": made.bytes}))
    else:
        typer.echo(f"已备份版本 {made.version}，{made.bytes / 2**20:.1f} MiB：{file}")


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件。")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """校验备份，然后一步换成其中的内容；索引目录里原有的内容随即不再使用。"""
    with told_plainly():
        made = restored(file, folder_of(settings_with(index), "restore"), tokens=Tokens())
    if as_json:
        typer.echo(json.dumps({"index_version": made.version, **asdict(made.counts)}))
    else:
        typer.echo(f"已恢复为版本 {made.version}：{counted(**asdict(made.counts))}")


def migrate(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """把旧格式（2、3）的索引转成现在的格式，不用模型，也不用原文件。"""
    with told_plainly():
        version = taken_over(folder_of(settings_with(index), "migrate"), tokens=Tokens())
    typer.echo(json.dumps({"index_version": version}) if as_json else f"已是现在的格式，版本 {version}")
