"""The ``qa`` command: parse, call, print."""

from __future__ import annotations

import typer

from qa.cli import care, moving
from qa.cli.ask import ask
from qa.cli.chinese import Command, Group
from qa.cli.collection import articles, remove, show, sources, stats
from qa.cli.compare import compare
from qa.cli.evaluate import evaluate
from qa.cli.index import index
from qa.cli.keys import keys
from qa.cli.mcp import mcp
from qa.cli.search import search
from qa.cli.serve import serve

app = typer.Typer(
    name="qa",
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="问报：向报纸版面提问，答案逐字引自原文，并注明出处。",
    epilog="退出码：0 完成或已回答，1 有输入失败，2 用法不对，3 拒答，4 没有索引，5 索引过期，"
    "6 索引损坏，7 缺模型，8 磁盘或权限等环境问题。",
)
COMMANDS = (index, ask, search, sources, articles, show, remove, stats, evaluate, compare, serve, mcp)
for command in (*COMMANDS, *care.COMMANDS):
    app.command(cls=Command)(command)
for name, command in moving.COMMANDS.items():
    app.command(name, cls=Command)(command)
app.add_typer(keys)
