"""Writes the reference pages that are made from the code; ``--check`` only says whether they are stale.

docs/cli.md from the commands, docs/http.md from the OpenAPI description, docs/settings.md from the settings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from qa.cli.main import app
from qa.settings import Settings
from qa.web.app import create_app

DOCS = Path(__file__).parent.parent / "docs"
HEADER = "<!-- 由 scripts/generate_docs.py 生成，请勿手改 -->\n\n"


def cli_page() -> str:
    """Return the reference of the command line."""
    group = typer.main.get_command(app)
    lines = ["# 命令行参考", "", str(group.help), "", str(group.epilog), ""]
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        below = getattr(command, "commands", {})
        if below:
            lines += [f"## qa {name}", "", str(command.help), ""]
        for full, each in [(f"{name} {part}", below[part]) for part in below] or [(name, command)]:
            lines += command_lines(full, each, level="###" if below else "##")
    return "\n".join(lines)


def command_lines(name: str, command: Any, *, level: str) -> list[str]:
    """Return the reference of one command."""
    lines = [f"{level} qa {name}", "", str(command.help), "", "| 参数 | 说明 | 默认 |", "| --- | --- | --- |"]
    return [*lines, *(parameter_row(each) for each in command.params if each.name != "help"), ""]


def parameter_row(parameter: Any) -> str:
    """Return one argument or option as a row."""
    written = (
        "、".join(f"`{each}`" for each in parameter.opts)
        if parameter.param_type_name == "option"
        else f"`{parameter.name.upper()}`"
    )
    default = parameter.default
    shown = (
        ""
        if default is None or callable(default) or default is False
        else f"`{getattr(default, 'value', default)}`"
    )
    environment = f"（环境变量 `{parameter.envvar}`）" if parameter.envvar else ""
    return f"| {written} | {parameter.help or ''}{environment} | {shown} |"


def http_page() -> str:
    """Return the reference of the HTTP interface."""
    description = create_app(Settings()).openapi()
    lines = ["# HTTP 参考", "", description["info"]["description"], ""]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            lines += [f"## {method.upper()} {path}", "", operation.get("description", ""), ""]
            lines += list(operation_rows(operation))
    lines += [
        "## 失败",
        "",
        "都是 [Problem](#problem)；`code` 是稳定的。",
        "",
        "| code | 是什么 |",
        "| --- | --- |",
    ]
    lines += [f"| `{code}` | {title} |" for code, title in description["x-problems"].items()]
    lines += ["", "## 数据形状", ""]
    for name, schema in sorted(description["components"]["schemas"].items()):
        lines += [
            f"### {name}",
            "",
            schema.get("description", ""),
            "",
            "| 字段 | 类型 | 说明 |",
            "| --- | --- | --- |",
        ]
        lines += [
            f"| `{field}` | {type_of(of)} | {of.get('description', '')} |"
            for field, of in schema.get("properties", {}).items()
        ]
        lines.append("")
    return "\n".join(lines)


def operation_rows(operation: dict[str, Any]) -> Iterator[str]:
    """Yield what a route takes and gives."""
    for parameter in operation.get("parameters", ()):
        described = parameter.get("description") or parameter["schema"].get("description", "")
        yield f"- 参数 `{parameter['name']}`（{type_of(parameter['schema'])}）{described}"
    if "requestBody" in operation:
        for media, body in operation["requestBody"]["content"].items():
            yield f"- 请求体（`{media}`）：{type_of(body['schema'])}"
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        shapes = "、".join(type_of(each["schema"]) for each in content.values() if "schema" in each)
        if status < "400":
            yield f"- {status}：{response['description']}{'，' + shapes if shapes else ''}"
    failing = "、".join(status for status in operation["responses"] if status >= "400")
    yield f"- 失败：{failing}，[Problem](#problem)"
    yield ""


def type_of(schema: dict[str, Any]) -> str:
    """Return the type of a schema in a word or two."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " 或 ".join(type_of(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{type_of(schema.get('items', {}))} 的列表"
    return str(schema.get("type", "任意"))


def settings_page() -> str:
    """Return the reference of the settings."""
    lines = [
        "# 设置",
        "",
        "来自环境变量；命令行选项优先。`qa serve` 另有 `QA_HOST` 与 `QA_PORT`。",
        "",
        "| 变量 | 说明 | 默认 |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "value", field.default)
        lines.append(
            f"| `QA_{name.upper()}` | {field.description} | {'' if default is None else f'`{default}`'} |"
        )
    return "\n".join([*lines, ""])


PAGES = {"cli.md": cli_page, "http.md": http_page, "settings.md": settings_page}


def main() -> int:
    """Write the pages, or say which of them are stale."""
    stale = []
    for name, page in PAGES.items():
        text = HEADER + page().rstrip() + "\n"
        path = DOCS / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/{name}")
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run: .venv/bin/python scripts/generate_docs.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
