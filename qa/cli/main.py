"""The ``qa`` command: parse, call, print."""

from __future__ import annotations

import typer

from qa.cli.later import group_of

COMMANDS = {
    "index": "qa.cli.index:index",
    "ask": "qa.cli.ask:ask",
    "search": "qa.cli.search:search",
    "sources": "qa.cli.collection:sources",
    "articles": "qa.cli.collection:articles",
    "show": "qa.cli.collection:show",
    "remove": "qa.cli.collection:remove",
    "stats": "qa.cli.collection:stats",
    "evaluate": "qa.cli.evaluate:evaluate",
    "compare": "qa.cli.compare:compare",
    "serve": "qa.cli.serve:serve",
    "mcp": "qa.cli.mcp:mcp",
    "verify": "qa.cli.care:verify",
    "repair": "qa.cli.care:repair",
    "compact": "qa.cli.care:compact",
    "backup": "qa.cli.care:backup",
    "restore": "qa.cli.care:restore",
    "migrate": "qa.cli.care:migrate",
    "export": "qa.cli.moving:export_to",
    "import": "qa.cli.moving:import_from",
    "keys": "qa.cli.keys:keys",
}
"""Where each command is, in the order of the help."""

app = typer.Typer(
    name="qa",
    cls=group_of(COMMANDS),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="问报：向报纸版面提问，答案逐字引自原文，并注明出处。",
    epilog="退出码：0 完成或已回答，1 有输入失败，2 用法不对，3 拒答，4 没有索引，5 索引过期，"
    "6 索引损坏，7 缺模型，8 磁盘或权限等环境问题。",
)


@app.callback()
def qa() -> None:
    """Do nothing itself: the commands do."""
