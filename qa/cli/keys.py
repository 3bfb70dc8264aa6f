"""``qa keys``: make, list and revoke the keys of the HTTP service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.chinese import Command, Group
from qa.cli.failures import told_plainly
from qa.cli.options import JsonOption
from qa.errors import SettingInvalid
from qa.settings import read_settings
from qa.web.key_file import KeyFile
from qa.web.keys import Access, Key

keys = typer.Typer(
    name="keys",
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    help="HTTP 服务的密钥：生成、列出、撤销。",
)

FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file", envvar="QA_API_KEYS", help="密钥文件，只存散列；服务用同一个。", show_default=False
    ),
]


@keys.command(cls=Command)
def add(
    name: Annotated[str, typer.Argument(help="谁用、做什么用，如：阅览室；各不相同。")],
    scope: Annotated[
        Access, typer.Option(help="read 只能提问和查看，write 还能收入和移除来源。")
    ] = Access.READ,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """生成一把密钥；它只显示这一次，以后再也看不到。"""
    with told_plainly():
        made = key_file(file).add(name, access=scope)
    if as_json:
        typer.echo(json.dumps({**told(made.key), "key": made.secret}, ensure_ascii=False))
        return
    typer.echo(made.secret)
    typer.echo(
        f"已生成 {made.key.name}（{made.key.id}，{made.key.access}）；请现在记下，它不再显示", err=True
    )


@keys.command("list", cls=Command)
def list_keys(file: FileOption = None, as_json: JsonOption = False) -> None:
    """列出全部密钥的名称、权限与生成时间；密钥本身没有保存。"""
    with told_plainly():
        listed = key_file(file).held()
    for each in listed:
        line = json.dumps(told(each), ensure_ascii=False) if as_json else "\t".join(told(each).values())
        typer.echo(line)


@keys.command(cls=Command)
def revoke(
    key: Annotated[str, typer.Argument(help="密钥的名称或 id。")],
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """撤销一把密钥；正在运行的服务从下一个请求起就不再认它。"""
    with told_plainly():
        gone = key_file(file).revoke(key)
    typer.echo(json.dumps({"revoked": told(gone)}, ensure_ascii=False) if as_json else f"已撤销：{gone.name}")


def key_file(given: Path | None) -> KeyFile:
    """Return the file of keys that was named or is set.

    :raises SettingInvalid: When neither is.
    """
    path = given or read_settings().api_keys
    if path is None:
        raise SettingInvalid("不知道密钥放在哪个文件；请设环境变量 QA_API_KEYS，或用 --file 指定")
    return KeyFile(path)


def told(key: Key) -> dict[str, str]:
    """Return what may be shown of a key."""
    return {"id": key.id, "name": key.name, "scope": str(key.access), "made": key.made}
