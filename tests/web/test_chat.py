"""The official openai package, pointed at the service: nothing that /v1/ask tells may get lost on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, cast

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

from tests.web.served import SILENT, app_over_stories, served

QUESTION = "吕梁市委书记主持会议？"
ANSWER = "吕梁市委书记孙大军主持会议"
STRUCTURED = ("answer", "understood", "abstained", "confidence", "citations", "alternatives", "index_version")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(app_over_stories()) as running:
        yield running


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def user(*questions: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": question} for question in questions]


def outcome_of(address: str, question: str, **more: object) -> dict[str, Any]:
    told = httpx2.post(f"{address}/v1/ask", json={"question": question, **more})
    assert told.status_code == 200, told.text
    return cast(dict[str, Any], told.json())


def structured(said: Any) -> dict[str, Any]:  # noqa: ANN401 - fields that the package has no types for
    """Return what a message or a delta has beside its text."""
    return {name: said.model_extra[name] for name in STRUCTURED}


def expected(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: outcome[name] for name in STRUCTURED}


def content_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(each.choices[0].delta.content or "" for each in chunks if each.choices)


def carrying(chunks: list[ChatCompletionChunk]) -> list[Any]:
    """Return the deltas that have citations."""
    deltas = [each.choices[0].delta for each in chunks if each.choices]
    return [delta for delta in deltas if "citations" in (delta.model_extra or {})]


def test_an_answer_has_marks_sources_and_the_very_citations_of_ask(client: OpenAI, address: str) -> None:
    outcome = outcome_of(address, QUESTION)
    completion = client.chat.completions.create(model="wenbao", messages=user(QUESTION))
    message = completion.choices[0].message

    assert structured(message) == expected(outcome)
    assert outcome["answer"] == ANSWER
    lines = str(message.content).splitlines()
    assert lines[0] == f"{ANSWER}[1]"
    assert "[1] 《市委召开会议》，2023-02-23，吕梁日报/0223.txt" in lines
    assert f"…【{ANSWER}】。会议强调安全生产。…" in lines
    assert (completion.object, completion.model) == ("chat.completion", "wenbao")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.system_fingerprint == outcome["index_version"]
    assert completion.usage
    assert completion.usage.total_tokens == 0


def test_a_stream_loses_no_character_and_no_citation(client: OpenAI, address: str) -> None:
    whole = client.chat.completions.create(model="wenbao", messages=user(QUESTION)).choices[0].message
    chunks = list(client.chat.completions.create(model="wenbao", messages=user(QUESTION), stream=True))

    assert content_of(chunks) == whole.content
    (carrier,) = carrying(chunks)
    assert structured(carrier) == structured(whole) == expected(outcome_of(address, QUESTION))
    assert carrier is [each.choices[0].delta for each in chunks if each.choices[0].delta.content][-1]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [each.choices[0].finish_reason for each in chunks][-1] == "stop"
    assert {each.id for each in chunks} == {chunks[0].id}


def test_the_clients_own_joining_of_deltas_keeps_the_citations(client: OpenAI, address: str) -> None:
    with client.chat.completions.stream(model="wenbao", messages=user(QUESTION)) as stream:
        message = stream.get_final_completion().choices[0].message

    assert structured(message) == expected(outcome_of(address, QUESTION))


def test_usage_comes_last_where_it_is_asked_for(client: OpenAI) -> None:
    options = {"include_usage": True}
    chunks = list(
        client.chat.completions.create(
            model="wenbao", messages=user(QUESTION), stream=True, stream_options=cast(Any, options)
        )
    )

    assert chunks[-1].choices == []
    assert chunks[-1].usage
    assert chunks[-1].usage.total_tokens == 0
    assert {each.usage for each in chunks[:-1]} == {None}


def test_asynchronous_clients_get_the_same(address: str) -> None:
    async def both() -> tuple[Any, list[ChatCompletionChunk]]:
        async with AsyncOpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
            whole = await client.chat.completions.create(model="wenbao", messages=user(QUESTION))
            stream = await client.chat.completions.create(
                model="wenbao", messages=user(QUESTION), stream=True
            )
            return whole.choices[0].message, [chunk async for chunk in stream]

    message, chunks = asyncio.run(both())

    assert structured(message) == expected(outcome_of(address, QUESTION))
    assert structured(carrying(chunks)[0]) == structured(message)
    assert content_of(chunks) == message.content


@pytest.mark.parametrize("stream", [False, True])
def test_an_abstention_says_so_and_keeps_the_nearest_passages_apart(
    client: OpenAI, address: str, stream: bool
) -> None:
    outcome = outcome_of(address, SILENT)
    if stream:
        chunks = list(client.chat.completions.create(model="wenbao", messages=user(SILENT), stream=True))
        said, content = carrying(chunks)[0], content_of(chunks)
    else:
        said = client.chat.completions.create(model="wenbao", messages=user(SILENT)).choices[0].message
        content = str(said.content)

    assert content == "来源中没有找到这个问题的答案。"
    assert structured(said) == expected(outcome)
    assert (said.answer, said.abstained) == (None, True)
    assert {each["supports"] for each in said.citations} == {False}


def test_every_character_of_an_answer_is_the_papers(client: OpenAI, address: str) -> None:
    message = client.chat.completions.create(model="wenbao", messages=user("市图书馆新馆本月开放？"))
    said = cast(Any, message.choices[0].message)

    for citation in said.citations:
        printed = ""
        for span in citation["spans"]:
            text = httpx2.get(f"{address}/v1/sources", timeout=5).json()["sources"]
            id = next(each["id"] for each in text if each["name"] == span["source"])
            verbatim = httpx2.get(f"{address}/v1/sources/{id}").json()["text"]
            printed += verbatim[span["start"] : span["end"]]
        assert printed == citation["quote"]
    assert said.content.startswith(said.answer)
    assert said.answer == said.citations[0]["quote"]


def test_a_stream_is_ascii_for_clients_that_break_lines_at_every_separator(address: str) -> None:
    body = {"model": "wenbao", "messages": user("市图书馆新馆藏书读者可以预约？"), "stream": True}
    response = httpx2.post(f"{address}/v1/chat/completions", json=body)

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.content.isascii()
    events = response.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    texts = [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
    assert any("\u2028" in json.dumps(each, ensure_ascii=False) for each in texts)
    assert {len(event.splitlines()) for event in events[:-1]} == {1}


def test_a_follow_up_leans_on_the_question_before(client: OpenAI, address: str) -> None:
    asked = user("最低工资标准一类是多少？", "那二类呢？")
    said = cast(Any, client.chat.completions.create(model="wenbao", messages=asked).choices[0].message)
    before = {"question": "最低工资标准一类是多少？", "title": None}

    assert said.understood == "最低工资标准二类是多少？"
    assert structured(said) == expected(outcome_of(address, "那二类呢？", before=before))
    assert said.answer == "最低工资标准二类是1880元"


def test_a_follow_up_to_a_follow_up_leans_on_what_that_meant(client: OpenAI) -> None:
    asked = user("最低工资标准一类是多少？", "那二类呢？", "那三类呢？")
    said = cast(Any, client.chat.completions.create(model="wenbao", messages=asked).choices[0].message)

    assert said.understood == "最低工资标准三类是多少？"


def test_this_report_is_the_one_that_the_answer_before_cites(client: OpenAI) -> None:
    asked = user(QUESTION)
    answer = client.chat.completions.create(model="wenbao", messages=asked).choices[0].message
    asked.append(cast(ChatCompletionMessageParam, answer.to_dict()))
    asked += user("这篇报道强调什么？")
    said = cast(Any, client.chat.completions.create(model="wenbao", messages=asked).choices[0].message)

    assert "市委召开会议" in said.understood


def test_a_question_in_parts_with_a_system_message_and_harmless_parameters_is_answered(
    client: OpenAI,
) -> None:
    parts = [{"type": "text", "text": QUESTION}]
    messages = [
        {"role": "system", "content": "你是诗人，请用诗回答。"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "user", "content": parts},
    ]
    completion = client.chat.completions.create(
        model="wenbao",
        messages=cast(Any, messages),
        temperature=2,
        max_tokens=1,
        seed=7,
        stop=["会"],
        n=1,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        tool_choice="auto",
        response_format={"type": "text"},
        user="某人",
    )

    assert cast(Any, completion.choices[0].message).answer == ANSWER


def test_filters_are_kept(client: OpenAI, address: str) -> None:
    filters = {"sources": ["太原日报/*"]}
    completion = client.chat.completions.create(
        model="wenbao", messages=user(QUESTION), extra_body={"filters": filters, "limit": 3}
    )

    said = structured(completion.choices[0].message)
    assert said == expected(outcome_of(address, QUESTION, filters=filters, limit=3))
    assert {each["article"]["source"] for each in said["citations"]} == {"太原日报/0301.txt"}


def test_models_are_listed_and_found(client: OpenAI) -> None:
    assert [each.id for each in client.models.list()] == ["wenbao"]
    assert client.models.retrieve("wenbao").object == "model"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"n": 2}, "只给一个答案，n 只能是 1"),
        ({"response_format": {"type": "json_object"}}, "答案逐字引自原文，不能改写成指定的格式"),
        ({"tool_choice": "required"}, "不会调用工具；tool_choice 只能是 none 或 auto"),
        ({"function_call": {"name": "f"}}, "不会调用函数；function_call 只能是 none 或 auto"),
        ({"modalities": ["text", "audio"]}, "只用文字回答"),
        ({"logprobs": True}, "答案不是逐字生成的，没有 logprobs；把握见 confidence"),
        ({"web_search_options": {}}, "只在已收的来源里找，不上网"),
        ({"messages": []}, "messages：不得少于 1 项"),
        ({"messages": [{"role": "system", "content": "问"}]}, "messages 里没有用户的消息（role 为 user）"),
        ({"messages": [{"role": "客人", "content": "问"}]}, "messages.0.role：应为其中之一"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages.0.content：应为文字"),
        ({"messages": [{"role": "user", "content": "  "}]}, "问题是空的"),
        ({"messages": [{"role": "user"}]}, "问题是空的"),
        ({"messages": user("问" * 10_000)}, "问题有 10000 字，上限是 500 字"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            "messages.0.content：只读文字；图片、声音与文件读不了",
        ),
        ({"messages": [{"role": "user", "content": ["问"]}]}, "messages.0.content：只读文字"),
        ({"limit": 101}, "limit：不得大于 100"),
        ({"filters": {"from": "昨天"}}, "filters.from：应为 YYYY-MM-DD 形式的日期"),
        ({"stream": "若"}, "stream：应为 true 或 false"),
    ],
)
def test_what_cannot_be_had_is_refused_in_words_that_the_client_shows(
    client: OpenAI, changed: dict[str, Any], told: str
) -> None:
    asked: dict[str, Any] = {"messages": user(QUESTION), **changed}
    known = {name: asked.pop(name) for name in ("messages",)}
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        client.chat.completions.create(model="wenbao", messages=known["messages"], extra_body=asked)

    assert told in refused.value.message
    assert refused.value.type == "invalid_request_error"
    assert refused.value.code in ("invalid", "question_invalid")
    assert refused.value.response.headers["content-type"] == "application/problem+json"
    problem = refused.value.response.json()
    assert {"type", "title", "status", "detail", "code", "request_id", "error"} == set(problem)
    assert problem["detail"] == problem["error"]["message"]
    assert refused.value.request_id == problem["request_id"]


def test_a_stream_that_cannot_be_had_is_refused_before_it_begins(client: OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="问题是空的"):
        client.chat.completions.create(model="wenbao", messages=user(""), stream=True)


def test_an_unknown_model_is_404(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="没有模型 'gpt-4o'；可用的是 wenbao") as refused:
        client.chat.completions.create(model="gpt-4o", messages=user(QUESTION))
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")

    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("name", "status"), [("question", 422), ("before", 422), ("model", 422), ("role", 422), ("key", 200)]
)
def test_half_a_character_is_refused_wherever_it_is_read(address: str, name: str, status: int) -> None:
    half, sound = "\ud800", {"question": "那二类呢？", "before": "最低工资标准一类是多少？"}
    at = {**sound, "model": "wenbao", "role": "user", "key": "x", name: half}
    body = {
        "model": at["model"],
        "messages": [{"role": at["role"], "content": at["before"]}, *user(at["question"])],
        at["key"]: 1,
    }
    response = httpx2.post(
        f"{address}/v1/chat/completions",
        content=json.dumps(body).encode("ascii"),
        headers={"content-type": "application/json"},
    )

    told = response.json()
    assert response.status_code == status, told
    assert told.get("status", 200) == status
