"""Reading values of untrusted JSON: what is expected where, and what stands there instead."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from qa.errors import QuestionsInvalid

Kind = TypeVar("Kind")

IN_WORDS = {str: "文字", list: "列表", dict: "对象", int: "整数", bool: "真假"}


HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which JSON can write and no encoding can."""


def decoded(content: bytes, *, name: str) -> str:
    """Return the text of a file.

    :raises QuestionsInvalid: Naming the first line that is not UTF-8.
    """
    try:
        # As when a file is opened for reading text: every kind of line end is one.
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QuestionsInvalid(f"{name} 第 {line} 行：不是 UTF-8 的文字；请转成 UTF-8") from error


def parsed(text: str, *, where: str) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the value of a JSON text.

    :raises QuestionsInvalid: Naming the line where it ends to be JSON.
    """
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        line = f"第 {error.lineno} 行" if "\n" in text.rstrip("\n") else f"第 {error.colno} 个字符"
        raise QuestionsInvalid(f"{where}：不是 JSON（{line}：{error.msg}）") from error
    except RecursionError as error:
        raise QuestionsInvalid(f"{where}：JSON 嵌套太深") from error
    except ValueError as error:
        # Such as a number with more digits than Python reads.
        raise QuestionsInvalid(f"{where}：不是可读的 JSON（{error}）") from error


def expected(value: Any, kind: type[Kind], *, where: str) -> Kind:  # noqa: ANN401
    """Return a value that is of a kind.

    :raises QuestionsInvalid: When it is of another.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise QuestionsInvalid(f"{where}：应为{IN_WORDS[kind]}，这里是{told(value)}")
    if isinstance(value, str) and HALF.search(value):
        raise QuestionsInvalid(f"{where}：有残缺的字符（半个 UTF-16 字符）")
    return value


def member(value: Mapping[str, Any], name: str, kind: type[Kind], *, where: str) -> Kind:
    """Return a member of an object.

    :raises QuestionsInvalid: When it is missing or of another kind.
    """
    if name not in value:
        raise QuestionsInvalid(f"{where}：缺少 {name}")
    return expected(value[name], kind, where=f"{where} 的 {name}")


def identifier(value: Mapping[str, Any], name: str, *, where: str) -> str:
    """Return an id, which some sets write as a number.

    :raises QuestionsInvalid: When it is missing or neither text nor a whole number.
    """
    given = value.get(name)
    if isinstance(given, bool) or not isinstance(given, (str, int)) or given == "":
        raise QuestionsInvalid(f"{where}：缺少 {name}，或不是文字或整数")
    return expected(str(given), str, where=f"{where} 的 {name}")


def once(id: str, first_at: dict[str, str], *, where: str) -> None:
    """Note where an id is.

    :param first_at: The place of each id that came before; this one is added.
    :raises QuestionsInvalid: Naming both places when it came before.
    """
    if id in first_at:
        raise QuestionsInvalid(f"{where}：id {id} 重复，已见于 {first_at[id]}")
    first_at[id] = where


def told(value: Any) -> str:  # noqa: ANN401
    """Return what kind of value stands there, for a person."""
    if value is None:
        return "空值"
    return next((words for kind, words in IN_WORDS.items() if type(value) is kind), "小数")
