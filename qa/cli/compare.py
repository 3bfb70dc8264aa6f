"""``qa compare``: two runs over the same questions."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.failures import SOME_FAILED, told_plainly
from qa.cli.options import JsonOption
from qa.evaluation.compare import Comparison
from qa.evaluation.compare import compare as compared
from qa.evaluation.formats import text_of
from qa.evaluation.prediction import read_labelled

SHOWN_IDS = 20


def compare(
    before: Annotated[Path, typer.Argument(help="改动之前的结果（qa evaluate --predictions 写出的文件）。")],
    after: Annotated[Path, typer.Argument(help="改动之后的结果。")],
    known: Annotated[
        Path | None,
        typer.Option(help="已知失误的题号，一行一个；不在其中的失误另外列出，并算失败。"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """比较两次评测：赢了哪些题、输了哪些题，差别是否出于偶然；明显变差时退出码为 1。"""
    with told_plainly():
        ids = known_ids(text_of(known)) if known else None
        earlier, later = (read_labelled(text_of(path), name=str(path)) for path in (before, after))
        found = compared(earlier, later, known=ids)
    typer.echo(json.dumps(as_object(found), ensure_ascii=False) if as_json else as_text(found))
    if found.is_loss or found.unexpected:
        raise typer.Exit(SOME_FAILED)


def known_ids(text: str) -> set[str]:
    """Return the ids of a file of known failures; what follows a ``#`` at the beginning or a blank is told.

    Within a word it belongs to the id: that of a question whose articles were held out has one.
    """
    return {re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip() for line in text.split("\n")} - {""}


def as_object(found: Comparison) -> dict[str, object]:
    """Return a comparison for programs."""
    return {**asdict(found), "is_loss": found.is_loss}


def as_text(found: Comparison) -> str:
    """Return a comparison for a person."""
    lines = [f"{found.n} 题：转对 {len(found.won)}，转错 {len(found.lost)}"]
    for name, each in found.differences.items():
        certain = "" if each.is_certain else "，可能出于偶然"
        lines.append(
            f"{name:<14}{each.before:.3f} → {each.after:.3f}（差 {each.after - each.before:+.3f}，"
            f"95 % 区间 {each.low:+.3f}–{each.high:+.3f}{certain}）"
        )
    told = {
        "转对": found.won,
        "转错": found.lost,
        "新的失误": found.unexpected,
        "已知失误中转好的": found.mended,
    }
    lines += [f"{words}：{listed(ids)}" for words, ids in told.items() if ids]
    lines.append("结论：明显变差" if found.is_loss else "结论：没有明显变差")
    return "\n".join(lines)


def listed(ids: tuple[str, ...]) -> str:
    """Return ids, the first twenty of many."""
    more = f"……共 {len(ids)} 题" if len(ids) > SHOWN_IDS else ""
    return "、".join(ids[:SHOWN_IDS]) + more
