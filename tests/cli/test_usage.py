"""What a person reads who asks for help or misuses a command: Chinese, and nothing of it cut off."""

from __future__ import annotations

import re

import pytest

from qa.cli.help_page import columns, wrapped
from qa.cli.misuse import in_chinese
from tests.cli.test_commands import qa

COMMANDS = [
    *([], *([each] for each in ("index", "ask", "search", "sources", "articles", "show", "remove", "stats"))),
    *([each] for each in ("evaluate", "compare", "serve", "mcp", "verify", "repair", "compact", "backup")),
    *(["restore"], ["migrate"], ["keys"], ["keys", "add"], ["keys", "list"], ["keys", "revoke"]),
]
ENGLISH = re.compile(
    r"\b(Usage|Options?|Arguments?|Commands?|Error|Missing|Invalid|Try|Show|default|required|env var)\b"
    r"|COMMAND|\[ARGS\]|<int|<str|<path|<list|<bool"
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_in_chinese_and_fits_the_terminal(command: list[str]) -> None:
    result = qa(*command, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith(f"用法：{' '.join(['qa', *command])} [选项]")
    assert "--help" in result.stdout
    assert "显示这份说明。" in result.stdout
    assert not ENGLISH.search(result.stdout)
    assert max(columns(line) for line in result.stdout.splitlines()) <= 80


def test_help_says_bounds_defaults_and_variables() -> None:
    told = qa("ask", "--help").stdout

    assert "--limit <数>" in told
    assert "检索的段落数，其中最好的几段会被细读。（1–100，默认 10）" in told
    assert "（环境变量 QA_INDEX）" in told
    assert "question <文字>  要问的问题；- 表示从标准输入读。（必填）" in told


def test_help_is_shown_where_no_command_is_given_and_counts_as_misuse() -> None:
    for command in ([], ["keys"]):
        result = qa(*command)

        assert result.exit_code == 2
        assert result.stdout == qa(*command, "--help").stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["ask"], "缺少参数 question"),
        (["remove"], "缺少参数 source"),
        (["nonsense"], "没有 nonsense 这个命令"),
        (["serch", "谁"], "没有 serch 这个命令；是不是 search、serve？"),
        (["keys", "ad"], "没有 ad 这个命令；是不是 add？"),
        (["ask", "谁？", "--limits", "3"], "没有 --limits 这个选项；是不是 --limit？"),
        (["ask", "谁？", "-x"], "没有 -x 这个选项"),
        (["ask", "谁？", "还有谁？"], "多出了参数 还有谁？"),
        (["ask", "谁？", "--limit"], "选项 --limit 后面缺少它的值"),
        (["ask", "谁？", "--json=1"], "选项 --json 不带值"),
        (["ask", "谁？", "--limit", "0"], "--limit：不得小于 1"),
        (["ask", "谁？", "--limit", "101"], "--limit：不得大于 100"),
        (["ask", "谁？", "--limit", "多"], "--limit：应为整数"),
        (["ask", "谁？", "--limit", "9" * 5000], "--limit：应为整数"),
        (["ask", "谁？", "--from", "2月23日"], "--from：2月23日 不是 YYYY-MM-DD 形式的日期"),
        (["search", "谁", "--mode", "it's"], "--mode：it's 不在可选的值之中：hybrid、dense、lexical"),
        (["index"], "PATH… / --rebuild：请给出文件或文件夹，或者只用 --rebuild"),
    ],
)
def test_misuse_is_told_in_chinese_with_exit_code_2(command: list[str], told: str) -> None:
    result = qa(*command)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"用法不对：{told}\n" in result.stderr
    assert not ENGLISH.search(result.stderr)


def test_misuse_comes_with_the_usage_and_where_it_is_explained() -> None:
    assert qa("keys", "add").stderr == (
        "用法：qa keys add [选项] {name}\n用法不对：缺少参数 name\n说明见 qa keys add --help\n"
    )


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "很多")

    result = qa("serve")

    assert result.exit_code == 2
    assert "用法不对：--port（环境变量 QA_PORT）：应为整数\n" in result.stderr


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert in_chinese("Something new.") == "Something new."
    assert in_chinese("Invalid value: a.html 会被覆盖") == "a.html 会被覆盖"


def test_lines_break_between_characters_but_neither_in_a_word_nor_before_punctuation() -> None:
    assert wrapped("列出全部来源，以及 QA_INDEX。", width=12) == ["列出全部来", "源，以及", "QA_INDEX。"]
    assert wrapped("", width=10) == []
