"""The official mcp package as a client: over HTTP by either protocol, and of the command in a process."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from qa.domain.answers import Outcome
from qa.settings import Settings
from qa.web.app import create_app
from tests.web.served import SILENT, app_over_stories, engine_over_stories, served

QUESTION = "吕梁市委书记主持会议？"
T = TypeVar("T")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(app_over_stories()) as running:
        yield running


def with_client(address: str, talk: Callable[[Client], Awaitable[T]], *, mode: str = "auto") -> T:
    """Return what comes of talking to a server."""

    async def connected() -> T:
        async with Client(f"{address}/mcp", mode=mode) as client:
            return await talk(client)

    return asyncio.run(connected())


def call(address: str, name: str, arguments: dict[str, Any], *, mode: str = "auto") -> CallToolResult:
    return with_client(address, lambda client: client.call_tool(name, arguments), mode=mode)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def without_timings(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outcome.items() if name != "timings_ms"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("question", [QUESTION, SILENT])
def test_asking_gives_what_ask_gives_over_http(address: str, mode: str, question: str) -> None:
    result = call(address, "ask", {"question": question}, mode=mode)
    outcome = httpx2.post(f"{address}/v1/ask", json={"question": question}).json()

    assert result.is_error is False
    assert without_timings(cast(dict[str, Any], result.structured_content)) == without_timings(outcome)
    assert json.loads(text_of(result)) == result.structured_content
    assert outcome["citations"]


def test_a_follow_up_and_filters_are_asked_as_over_http(address: str) -> None:
    asked = {
        "question": "那二类呢？",
        "before": {"question": "最低工资标准一类是多少？"},
        "filters": {"sources": ["吕梁日报/*"], "from": "2023-03-01"},
        "limit": 3,
    }
    result = cast(dict[str, Any], call(address, "ask", asked).structured_content)

    assert result["understood"] == "最低工资标准二类是多少？"
    assert result["answer"] == "最低工资标准二类是1880元"


def test_searching_gives_what_search_gives_over_http(address: str) -> None:
    asked = {"question": "最低工资", "limit": 2, "mode": "lexical"}

    result = call(address, "search", asked)

    assert result.structured_content == httpx2.post(f"{address}/v1/search", json=asked).json()
    assert len(cast(dict[str, Any], result.structured_content)["results"]) == 2


def test_an_article_is_read_verbatim_and_in_stretches(address: str) -> None:
    (listed, *_) = httpx2.get(f"{address}/v1/articles", params={"source": "太原日报/*"}).json()["articles"]

    async def both(client: Client) -> list[Any]:
        stretches = [{"id": listed["id"]}, {"id": listed["id"], "offset": 2, "length": 4}]
        return [(await client.call_tool("read_article", each)).structured_content for each in stretches]

    whole, part = with_client(address, both)

    sources = httpx2.get(f"{address}/v1/sources").json()["sources"]
    id = next(each["id"] for each in sources if each["name"] == "太原日报/0301.txt")
    verbatim = httpx2.get(f"{address}/v1/sources/{id}").json()["text"]
    assert whole["text"] == "".join(verbatim[span["start"] : span["end"]] for span in listed["spans"])
    assert {name: whole[name] for name in listed} == listed
    assert (part["text"], part["offset"]) == (whole["text"][2:6], 2)
    assert part["characters"] == whole["characters"] == len(whole["text"])


def test_tools_are_described_in_chinese_and_change_nothing(address: str) -> None:
    tools = {each.name: each for each in with_client(address, lambda client: client.list_tools()).tools}

    assert set(tools) == {"ask", "search", "read_article"}
    for tool in tools.values():
        assert tool.annotations
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert re.search(r"[一-龥]{3}", f"{tool.title}，{tool.description}")
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
    assert tools["ask"].input_schema["properties"]["question"]["description"] == "要问的问题"


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {"question": "  "}, "question_invalid：问题是空的；请写出要问的内容"),
        (
            "ask",
            {"question": "问" * 10_000},
            "question_invalid：问题有 10000 字，上限是 500 字；请缩短后再问",
        ),
        ("ask", {"question": "谁？", "limit": 101}, "invalid：limit：不得大于 100"),
        ("ask", {"question": "谁？", "limits": 5}, "invalid：limits：不认识的字段"),
        ("ask", {}, "invalid：question：缺少这一项"),
        ("search", {"question": ""}, "question_invalid：问题是空的；请写出要问的内容"),
        ("read_article", {"id": "none"}, "not_found：索引中没有文章 none"),
        ("read_article", {"id": "x", "length": 0}, "invalid：length：不得小于 1"),
    ],
)
def test_what_is_out_of_bounds_is_told_to_the_model(
    address: str, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = call(address, name, arguments)

    assert (result.is_error, text_of(result)) == (True, told)


def test_there_are_no_other_tools(address: str) -> None:
    async def remove(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("remove", {})
        return refused.value.message

    assert with_client(address, remove) == "没有工具 'remove'；有的是 ask、search、read_article"


def request(name: str = "tools/list") -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": name}


JSON = {"accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost:8000"}, 403),
        ({"host": "rebound.example"}, 421),
        ({"host": "127.0.0.1.rebound.example:80"}, 421),
        ({"origin": "http://rebound.example"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_a_page_that_rebinds_its_name_is_turned_away(
    address: str, headers: dict[str, str], status: int
) -> None:
    response = httpx2.post(f"{address}/mcp", json=request(), headers={**JSON, **headers})

    assert response.status_code == status
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response.headers["content-type"] == kind


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions_to_get_or_delete(address: str, method: str) -> None:
    response = httpx2.request(method, f"{address}/mcp", headers=JSON)

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["code"] == "method_not_allowed"


def test_a_body_too_large_is_413_as_everywhere() -> None:
    app = create_app(Settings(max_body_bytes=1000), open_asker=lambda _: nullcontext(engine_over_stories()))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        response = client.post("/mcp", json=request("问" * 1000), headers=JSON)

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_an_unforeseen_error_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        snapshot = engine_over_stories().snapshot

        def ask(self, *arguments: object, **named: object) -> Outcome:
            raise RuntimeError("secret path")

        search = ask

    app = create_app(Settings(), open_asker=lambda _: nullcontext(cast(Any, Broken())))
    with served(app) as running, caplog.at_level(logging.ERROR, logger="qa.web.mcp"):
        result = call(running, "ask", {"question": "谁？"})

    assert (result.is_error, text_of(result)) == (True, "internal：服务内部出错，详情见服务日志")
    assert "secret path" in caplog.text


def talk_to(*arguments: str, question: str = QUESTION) -> tuple[list[str], CallToolResult, list[object]]:
    """Return the tools of a command, what it answers, and what else it said."""
    strays: list[object] = []

    async def heed(message: object) -> None:
        strays.append(message)

    async def talk() -> tuple[list[str], CallToolResult, list[object]]:
        command = StdioServerParameters(command=sys.executable, args=[*arguments], cwd=ROOT)
        async with Client(command, message_handler=heed) as client:
            tools = [each.name for each in (await client.list_tools()).tools]
            return tools, await client.call_tool("ask", {"question": question}), strays

    return asyncio.run(talk())


NO_MODEL = """
from contextlib import contextmanager
import qa.cli.mcp as command
from qa.cli.main import app
from qa.engine.live import FixedAsker
from tests.web.served import engine_over_stories

@contextmanager
def open_live(settings):
    print("a library that talks while it is loaded")
    yield FixedAsker(engine_over_stories())

command.open_live = open_live
app(["mcp"])
"""


def test_the_command_speaks_nothing_but_the_protocol() -> None:
    tools, result, strays = talk_to("-c", NO_MODEL)

    assert tools == ["ask", "search", "read_article"]
    assert cast(dict[str, Any], result.structured_content)["answer"] == "吕梁市委书记孙大军主持会议"
    assert strays == []


@pytest.mark.slow
def test_the_command_answers_from_an_index(seeds_index: Path) -> None:
    command = ["-m", "qa", "mcp", "--index", str(seeds_index)]
    tools, result, strays = talk_to(*command, question="吕梁市委书记是谁？")

    assert tools == ["ask", "search", "read_article"]
    assert cast(dict[str, Any], result.structured_content)["answer"] == "孙大军"
    assert strays == []


def test_the_command_ends_with_its_input_and_tells_where_there_is_no_index(tmp_path: Path) -> None:
    async def run() -> tuple[int | None, bytes, bytes]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "qa", "mcp", "--index", str(tmp_path / "none")),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        told, complained = await process.communicate()
        return process.returncode, told, complained

    code, told, complained = asyncio.run(run())

    assert (code, told) == (4, b"")
    assert "index_missing" in complained.decode()
