"""The HTTP interface over the sample pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from qa.engine.ask import Engine
from qa.errors import IndexDamaged, NotFound, OffsetMismatch, QaError, SourceEmpty
from qa.settings import Settings
from qa.web.app import create_app
from qa.web.failures import STATUS_OF, status_of
from tests.conftest import SEEDS

PAGE = "003_313d145a827ed219.txt"


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(index=seeds_index, max_body_bytes=2000))) as opened:
        yield opened


def problem(response: Response, *, status: int, code: str) -> dict[str, Any]:
    """Return the body of a failure, held to the one shape that failures have."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response.headers["x-request-id"]
    return body


def test_an_answer_is_quoted_from_the_verbatim_text(client: TestClient) -> None:
    outcome = client.post("/v1/ask", json={"question": "吕梁市委书记是谁？"}).json()

    assert (outcome["answer"], outcome["abstained"]) == ("孙大军", False)
    ids = {each["name"]: each["id"] for each in client.get("/v1/sources").json()["sources"]}
    for citation in outcome["citations"]:
        texts = {
            s["source"]: client.get(f"/v1/sources/{ids[s['source']]}").json()["text"]
            for s in citation["spans"]
        }
        assert (
            "".join(texts[s["source"]][s["start"] : s["end"]] for s in citation["spans"]) == citation["quote"]
        )
        assert citation["supports"] is True
    assert set(outcome["timings_ms"]) == {"retrieve", "read", "total"}


def test_a_follow_up_takes_from_the_question_before_what_it_leaves_out(client: TestClient) -> None:
    asked = {"question": "那吕梁呢？", "before": {"question": "晋中市委书记是谁？", "title": None}}

    outcome = client.post("/v1/ask", json=asked).json()
    alone = client.post("/v1/ask", json={"question": "吕梁市委书记是谁？"}).json()

    assert outcome["question"] == "那吕梁呢？"
    assert "吕梁" in outcome["understood"]
    assert alone["understood"] is None
    assert alone["explanation"] is None


def test_an_explanation_comes_where_it_is_asked_for(client: TestClient) -> None:
    outcome = client.post("/v1/ask", json={"question": "吕梁市委书记是谁？", "explain": True}).json()

    assert outcome["explanation"][0]["answer"] == outcome["answer"]
    assert all(signal["words"] for signal in outcome["explanation"][0]["signals"])


def test_an_abstention_is_a_success_that_says_so(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "量子计算机的工作原理是什么？"})

    assert response.status_code == 200
    assert response.json()["answer"] is None
    assert {each["supports"] for each in response.json()["citations"]} == {False}


def test_filters_are_kept(client: TestClient) -> None:
    filters = {"sources": ["002_*"], "from": "2023-09-01", "to": "2023-09-30"}
    found = client.post("/v1/search", json={"question": "专业镇", "limit": 5, "filters": filters}).json()[
        "results"
    ]

    assert len(found) == 5
    assert {each["article"]["source"] for each in found} == {"002_c42a2dc98e3e15dd.txt"}
    assert {each["article"]["date"][:7] for each in found} == {"2023-09"}
    assert [each["rank"] for each in found] == [1, 2, 3, 4, 5]
    assert [each["fused"] for each in found] == sorted((each["fused"] for each in found), reverse=True)


def test_a_filter_that_nothing_passes_finds_nothing_and_abstains(client: TestClient) -> None:
    outcome = client.post("/v1/ask", json={"question": "谁？", "filters": {"sources": ["没有*"]}}).json()

    assert (outcome["answer"], outcome["citations"]) == (None, [])


def test_a_source_comes_back_verbatim_by_id_or_name(client: TestClient) -> None:
    text = (SEEDS / PAGE).read_bytes().decode("utf-8")
    by_name = client.get(f"/v1/sources/{PAGE}").json()

    assert by_name["text"] == text
    assert client.get(f"/v1/sources/{by_name['id']}").json() == by_name


def test_articles_are_paged_and_filtered(client: TestClient) -> None:
    everything = client.get("/v1/articles", params={"limit": 1000}).json()
    second = client.get("/v1/articles", params={"offset": 1, "limit": 1}).json()
    of_page = client.get("/v1/articles", params={"source": PAGE}).json()

    assert second["articles"] == everything["articles"][1:2]
    assert second["total"] == everything["total"] == len(everything["articles"]) > of_page["total"] > 5
    assert {span["source"] for each in of_page["articles"] for span in each["spans"]} == {PAGE}
    first = everything["articles"][0]
    assert client.get(f"/v1/articles/{first['id']}").json() == first


@pytest.mark.parametrize("day", ["0", "1677196800", "2023-2-3", "２０２３-02-03", "2023-02-30"])
def test_a_day_that_is_not_written_as_one_is_422(client: TestClient, day: str) -> None:
    told = problem(client.get("/v1/articles", params={"to": day}), status=422, code="invalid")

    assert told["detail"] == "query.to：应为 YYYY-MM-DD 形式的日期"


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"].startswith("ok ")


@pytest.mark.parametrize("path", ["/v1/sources/none", "/v1/articles/none", "/none", "/v1/none"])
def test_what_is_not_there_is_404_in_the_one_shape(client: TestClient, path: str) -> None:
    problem(client.get(path), status=404, code="not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "   "},
        {"question": "问" * 501},
        {"question": "谁？", "limit": 0},
        {"question": "谁？", "limit": 101},
        {"question": "谁？", "limit": "5"},
        {"question": "谁？", "explain": 0.0},
        {"question": "谁？", "limits": 5},
        {"question": 7},
        {"question": "谁？", "filters": {"from": "2023-02-30"}},
        {"question": "谁？", "filters": {"from": 0}},
        {"question": "谁？", "filters": {"to": "1677196800"}},
        {"question": "谁？", "filters": {"to": "2023-02-24T00:00:00"}},
    ],
)
def test_a_request_out_of_bounds_is_422(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/v1/ask", json=body)
    told = problem(response, status=422, code=response.json()["code"])

    assert told["code"] in ("invalid", "question_invalid")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "body.question：缺少这一项"),
        ({"question": "谁？", "limit": 101}, "body.limit：不得大于 100"),
        ({"question": "谁？", "limits": 5}, "body.limits：不认识的字段"),
        ({"question": 7}, "body.question：应为文字"),
        (
            {"question": "谁？", "filters": {"from": "2023-02-30"}},
            "body.filters.from：应为 YYYY-MM-DD 形式的日期",
        ),
    ],
)
def test_what_is_wrong_with_a_request_is_told_in_chinese(
    client: TestClient, body: dict[str, Any], detail: str
) -> None:
    assert client.post("/v1/ask", json=body).json()["detail"] == detail


def test_half_a_character_is_no_question(client: TestClient) -> None:
    body = b'{"question": "\\ud800"}'
    response = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})

    problem(response, status=422, code=response.json()["code"])


def test_probes_may_ask_by_head(client: TestClient) -> None:
    assert client.head("/healthz").status_code == 200
    assert client.head("/readyz").status_code == 200


def test_what_is_no_json_is_422(client: TestClient) -> None:
    problem(
        client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"}),
        status=422,
        code="invalid",
    )


def test_a_body_that_says_it_is_too_large_is_413(client: TestClient) -> None:
    problem(client.post("/v1/ask", json={"question": "问" * 3000}), status=413, code="too_large")


def test_a_body_that_does_not_say_how_large_it_is_is_counted(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(10):
            yield b" " * 500

    response = client.post("/v1/ask", content=chunks(), headers={"content-type": "application/json"})

    problem(response, status=413, code="too_large")


@pytest.mark.parametrize(
    ("method", "path", "taken"),
    [
        ("PUT", "/v1/ask", "POST"),
        ("GET", "/v1/ask", "POST"),
        ("DELETE", "/v1/sources", "GET, POST"),
        ("POST", "/v1/sources/9c2b7a1f0e3d4856", "DELETE, GET"),
        ("GET", "/v1/batches/none/cancel", "POST"),
        ("POST", "/healthz", "GET, HEAD"),
        ("POST", "/app.js", "GET, HEAD"),
    ],
)
def test_the_wrong_method_is_405_and_told_the_right_ones(
    client: TestClient, method: str, path: str, taken: str
) -> None:
    response = client.request(method, path)

    problem(response, status=405, code="method_not_allowed")
    assert response.headers["allow"] == taken


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", ["/nowhere", "/v1/nowhere", "/v1/answers", "/app.js/x", "/%00"])
def test_where_nothing_is_no_method_is_the_right_one(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)

    problem(response, status=404, code="not_found")
    assert "allow" not in response.headers


def test_a_request_id_that_is_given_is_kept_and_a_hostile_one_is_not(client: TestClient) -> None:
    assert client.get("/healthz", headers={"x-request-id": "a-1"}).headers["x-request-id"] == "a-1"
    assert client.get("/healthz", headers={"x-request-id": "a b"}).headers["x-request-id"] != "a b"


def test_every_response_keeps_browsers_strict(client: TestClient) -> None:
    for path in ("/", "/healthz", "/none"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_description_names_every_route_and_the_shape_of_failures(client: TestClient) -> None:
    description = client.get("/openapi.json").json()

    assert {"/v1/ask", "/v1/search", "/v1/sources", "/v1/articles", "/healthz", "/readyz"} <= set(
        description["paths"]
    )
    assert "Problem" in description["components"]["schemas"]


def test_an_unforeseen_error_tells_nothing_of_the_inside(engine: Engine) -> None:
    class Broken:
        snapshot = engine.snapshot

        def ask(self, *arguments: object, **named: object) -> None:
            raise RuntimeError("secret path")

        search = ask

    @contextmanager
    def open_broken(settings: Settings) -> Iterator[Any]:
        yield Broken()

    with TestClient(create_app(Settings(), open_asker=open_broken), raise_server_exceptions=False) as broken:
        told = problem(broken.post("/v1/ask", json={"question": "谁？"}), status=500, code="internal")

    assert "secret" not in told["detail"]


def test_an_error_of_the_index_is_503_with_its_own_code(engine: Engine) -> None:
    class Damaged:
        snapshot = engine.snapshot

        def ask(self, *arguments: object, **named: object) -> None:
            raise IndexDamaged("索引已损坏")

        search = ask

    @contextmanager
    def open_damaged(settings: Settings) -> Iterator[Any]:
        yield Damaged()

    with TestClient(create_app(Settings(), open_asker=open_damaged)) as damaged:
        problem(damaged.post("/v1/ask", json={"question": "谁？"}), status=503, code="index_damaged")


def test_every_error_has_a_status() -> None:
    assert (status_of(QaError("?")), status_of(NotFound("?"))) == (500, 404)
    assert (status_of(SourceEmpty("?")), status_of(OffsetMismatch("?"))) == (422, 503)
    assert all(400 <= status < 600 for status in STATUS_OF.values())
