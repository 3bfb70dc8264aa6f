"""The page that ``--help`` shows: in Chinese, and wrapped by the columns that characters take at a terminal.

That of typer cuts off what does not fit into a line, since Chinese has no blanks to break at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KINDS: Mapping[str, str] = {
    "int": "数",
    "int range": "数",
    "path": "路径",
    "str": "文字",
    "list[path]": "路径",
    "list[Path]": "路径",
    "list[str]": "文字",
}
"""What typer calls a kind of value; a choice names its values and stays as it is."""

KIND = re.compile(r"<(.+?)>")
PIECE = re.compile(r"(?:[!-~]+|\s+|.)[，。；：、！？）」》…]*")
"""What is not broken: a word, a blank, a Chinese character, each with punctuation that may begin no line."""

INDENT = "  "
MOST_BESIDE = 26
"""Columns of a name beside which its explanation still stands; that of a longer one begins below it."""

Row = tuple[str, str]


def help_page(
    text: str | None, *, usage: str, sections: Mapping[str, Sequence[Row]], epilog: str | None, width: int
) -> str:
    """Return the help of a command.

    :param usage: The line that shows how it is written.
    :param sections: By their titles, names with what each is; one without any is left out.
    :param width: In columns.
    """
    parts = [usage, "\n".join(wrapped(text or "", width=width))]
    parts += [
        "\n".join([f"{title}：", *table(rows, width=width)]) for title, rows in sections.items() if rows
    ]
    parts.append("\n".join(wrapped(epilog or "", width=width)))
    return "\n\n".join(part for part in parts if part)


def table(rows: Sequence[Row], *, width: int) -> Iterator[str]:
    """Yield the lines of names, each with its explanation beside it."""
    beside = max((columns(name) for name, _ in rows if columns(name) <= MOST_BESIDE), default=0)
    margin = len(INDENT) + beside + len(INDENT)
    for name, explained in rows:
        first, *others = wrapped(explained, width=width - margin) or [""]
        head = f"{INDENT}{name}"
        if columns(name) > beside:
            yield head
            head = ""
        yield f"{head}{' ' * (margin - columns(head))}{first}".rstrip()
        yield from (" " * margin + line for line in others)


def parameter_row(parameter: Any, written: str) -> Row:  # noqa: ANN401 - typer does not name its kinds
    """Return an argument or an option with what it is.

    :param written: Its names and the kind of its value, as typer writes them.
    """
    if parameter.name == "help":
        return written, "显示这份说明。"
    name = KIND.sub(lambda found: f"<{KINDS.get(found[1], found[1])}>", written)
    facts = "，".join(facts_of(parameter))
    return name, (parameter.help or "") + (f"（{facts}）" if facts else "")


def facts_of(parameter: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what else is to be known of a parameter."""
    if parameter.required:
        yield "必填"
    least, most = parameter.min, parameter.max
    if least is not None:
        yield f"{least}–{most}" if most is not None else f"至少 {least}"
    default = parameter.default
    if parameter.show_default and default is not None and default is not False:
        yield f"默认 {getattr(default, 'value', default)}"
    if parameter.envvar:
        yield f"环境变量 {parameter.envvar}"


def wrapped(text: str, *, width: int) -> list[str]:
    """Return the lines of a text, none wider than ``width`` columns unless a single word is."""
    lines: list[str] = []
    line = ""
    for piece in PIECE.findall(text):
        if line and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def columns(text: str) -> int:
    """Return how many columns a text takes at a terminal."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
