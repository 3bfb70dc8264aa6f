"""docs/clients.md: every snippet does what the page says, against a service on another port."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import StdioServerParameters
from typer.main import get_command

from qa.cli.main import app as command_line
from qa.web.chat_schemas import REFUSED
from qa.web.dify_conditions import DAYS_BY, GLOB_BY
from tests.web.served import app_over_stories, served

PAGE = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
WRITTEN = "http://127.0.0.1:8000"
ASKED, ASKABLE = "吕梁市委书记是谁？", "吕梁市委书记主持会议？"
ANSWER = "吕梁市委书记孙大军主持会议"


def snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(app_over_stories()) as running:
        yield running


def here(snippet: str, address: str) -> str:
    """Return a snippet for the service of the test, with a question that its stories answer."""
    return snippet.replace(WRITTEN, address).replace(ASKED, ASKABLE)


def curl(snippet: str, address: str) -> dict[str, object]:
    done = subprocess.run(
        ["bash", "-c", here(snippet, address)], capture_output=True, text=True, check=True, timeout=30
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_the_lines_for_the_shell_ask_search_and_retrieve(address: str) -> None:
    ask, search, retrieve = (curl(each, address) for each in snippets("bash"))

    assert ask["answer"] == ANSWER
    assert search["results"]
    assert retrieve["records"]


def test_the_lines_for_openai_print_answer_and_citations(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, stream, filtered, _ = snippets("python")
    names: dict[str, object] = {}

    exec(here(whole, address), names)
    first = capsys.readouterr().out
    exec(here(stream, address), names)
    second = capsys.readouterr().out
    exec(here(filtered, address), names)
    names["client"].close()  # type: ignore[attr-defined]

    assert first.startswith(f"{ANSWER}[1]\n\n[1] 《市委召开会议》")
    assert f"{ANSWER} 市委召开会议" in first
    assert second.startswith(f"{ANSWER}[1]")
    assert second.strip() in first
    citations = names["citations"]
    assert isinstance(citations, list)
    assert citations[0]["quote"] == ANSWER


def test_the_lines_for_mcp_print_the_answer(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(here(snippets("python")[-1], address), {})

    assert capsys.readouterr().out == f"{ANSWER}\n"


def test_hosts_are_told_a_command_that_there_is(address: str) -> None:
    launched, connected = (json.loads(each)["mcpServers"]["wenbao"] for each in snippets("json"))
    command = StdioServerParameters(**launched)

    assert Path(command.command).name == "qa"
    name, *options = command.args
    context = get_command(command_line).commands[name].make_context(name, options)  # type: ignore[attr-defined]
    assert str(context.params["index"]).endswith("/index")
    assert connected == {"type": "http", "url": f"{WRITTEN}/mcp"}


def test_what_is_refused_and_what_conditions_there_are_is_told() -> None:
    for name in [*REFUSED, *DAYS_BY, *GLOB_BY]:
        assert f"`{name}`" in PAGE, name
