"""Requests that mean harm, one kind after another (OWASP API and file upload lists)."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.types import Message

from qa.settings import Settings
from qa.web.access import ASKING
from qa.web.guards import Guards
from tests.loaders.files import DOCUMENT, docx, paragraph
from tests.web.kept import FIRST, kept_app, made_index
from tests.web.test_routes import problem

QUESTION = {"question": "谁主持会议？"}
TRAVERSALS = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..%5c..%5cetc%5cpasswd",
    "....//....//etc/passwd",
    "%252e%252e%252fetc%252fpasswd",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "file:%2f%2f%2fetc%2fpasswd",
    "%00",
    "passwd%00.txt",
    "catalogue.sqlite",
    "writer.lock",
    "%ff%fe",
    "*",
    "%27%20OR%201=1%20--",
    "a" * 5000,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    index = made_index(tmp_path_factory.mktemp("hostile") / "index")
    settings = Settings(
        index=index, max_body_bytes=200_000, max_question_bytes=150_000, max_expanded_bytes=10**6
    )
    with TestClient(kept_app(settings), raise_server_exceptions=False) as opened:
        yield opened


def uploaded(client: TestClient, name: str, content: bytes) -> tuple[str, str | None]:
    """Upload a file; return what became of it, and the code of its failure."""
    response = client.post("/v1/sources", files={"files": (name, content)})
    assert response.status_code == 200, response.text
    (told,) = response.json()["results"]
    return told["status"], told["code"]


# Oversize


def test_a_body_that_is_too_large_is_413_and_the_connection_ends(client: TestClient) -> None:
    response = client.post("/v1/sources", files={"files": ("大.txt", b"x" * 300_000)})

    problem(response, status=413, code="too_large")
    assert response.headers["connection"] == "close"


def test_a_body_in_chunks_is_counted_while_it_comes(client: TestClient) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            sent += 1
            yield b"x" * 10_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    problem(client.post("/v1/sources", content=chunks(), headers=headers), status=413, code="too_large")


@pytest.mark.parametrize("path", sorted(ASKING))
def test_a_question_may_have_less_than_an_upload(client: TestClient, path: str) -> None:
    body = json.dumps({"question": "谁？", "filters": {"sources": ["一版.txt"] * 7_500}})
    response = client.post(path, content=body, headers={"content-type": "application/json"})

    told = response.json()
    assert (response.status_code, told["code"]) == (413, "too_large")
    assert "0.143 MiB" in told["detail"]
    assert uploaded(client, "空.txt", b" " * len(body)) == ("failed", "source_empty")


def test_a_filter_is_as_long_as_a_name(client: TestClient) -> None:
    for filters in ({"sources": ["*" * 1001]}, {"newspapers": ["报" * 1001]}):
        problem(client.post("/v1/search", json=QUESTION | {"filters": filters}), status=422, code="invalid")


def test_a_condition_of_dify_names_as_many_sources_as_a_filter(client: TestClient) -> None:
    def asked(*names: str) -> Response:
        one = {"name": "source", "comparison_operator": "in", "value": names}
        return client.post(
            "/retrieval",
            json={
                "knowledge_id": "wenbao",
                "query": "谁？",
                "retrieval_setting": {"top_k": 1},
                "metadata_condition": {"conditions": [one]},
            },
        )

    assert asked(*["一版.txt"] * 100).status_code == 200
    for refused in (asked(*["一版.txt"] * 101), asked("版" * 1001)):
        assert (refused.status_code, refused.json()["code"]) == (422, "condition_invalid")


def test_a_form_of_endless_fields_is_refused(client: TestClient) -> None:
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(1001))
    headers = {"content-type": "multipart/form-data; boundary=x"}

    problem(
        client.post("/v1/sources", content=parts + b"--x--\r\n", headers=headers),
        status=400,
        code="bad_request",
    )


# Traversal


@pytest.mark.parametrize("id", TRAVERSALS)
@pytest.mark.parametrize("route", ["/v1/sources/{}", "/v1/articles/{}", "/{}", "/docs/{}"])
def test_an_id_is_never_a_path(client: TestClient, route: str, id: str) -> None:
    response = client.get(route.format(id))

    assert response.status_code in (400, 404, 405), response.status_code
    assert "root:" not in response.text
    problem(response, status=response.status_code, code=response.json()["code"])


@pytest.mark.parametrize("id", TRAVERSALS)
def test_nothing_is_removed_by_a_path(client: TestClient, id: str) -> None:
    response = client.delete(f"/v1/sources/{id}")

    assert response.status_code in (404, 405), response.status_code
    assert [each["name"] for each in client.get("/v1/sources").json()["sources"]] == [FIRST.name]


def test_a_filter_is_never_a_path(client: TestClient) -> None:
    for glob in ("../../*", "/etc/*", "[", "[!", "\u0000", "*" * 200):
        listed = client.get("/v1/articles", params={"source": glob})
        assert (listed.status_code, listed.json()["total"] <= 1) == (200, True)


# Injection


def test_a_request_id_cannot_forge_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("broken")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"x-request-id", b"a\r\nSet-Cookie: x=1\nFORGED")]
    scope = {"type": "http", "method": "GET", "path": "/\r\nFORGED", "headers": headers, "query_string": b""}
    with caplog.at_level(logging.INFO):
        asyncio.run(Guards(broken, max_body_bytes=1, body_seconds=1)(scope, receive, send))

    assert [each.getMessage().count("\n") for each in caplog.records if each.name.startswith("qa")] == [0]
    assert "FORGED" not in "".join(each.getMessage() for each in caplog.records if each.name.startswith("qa"))
    assert sent[0]["status"] == 500
    assert all(b"\n" not in value and b"\r" not in value for _, value in sent[0]["headers"])


def test_nothing_that_is_sent_comes_back_in_a_header(client: TestClient) -> None:
    marker = "x\r\nSet-Cookie: hacked=1"
    responses: list[Response] = [
        client.post("/v1/ask", json={"question": marker}),
        client.get("/v1/sources/x%0d%0aSet-Cookie:%20hacked=1"),
        client.get("/v1/articles", params={"source": marker}),
        client.post("/v1/sources", files={"files": ("a\r\nSet-Cookie: hacked=1.txt", b"")}),
        client.get("/%0d%0aSet-Cookie:%20hacked=1"),
    ]

    for response in responses:
        assert "set-cookie" not in response.headers
        assert "hacked" not in str(response.headers)
        # No answer is a download whose name could split a header.
        assert "content-disposition" not in response.headers


# Bombs


def test_a_zip_bomb_is_refused(client: TestClient) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (20 * 2**20))

    assert len(written.getvalue()) < 100_000
    assert uploaded(client, "炸弹.docx", written.getvalue()) == ("failed", "source_inflated")
    assert uploaded(client, "炸弹.txt", written.getvalue()) == ("failed", "source_inflated")


def test_an_xml_bomb_and_an_outside_entity_are_refused(client: TestClient) -> None:
    head, body = DOCUMENT.split("?>", 1)
    grown = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    for entities, used in (
        (f'<!ENTITY e0 "ha">{grown}', "&e9;"),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
    ):
        document = f"{head}?><!DOCTYPE d [{entities}]>{body}"
        status, code = uploaded(client, "实体.docx", docx(paragraph(used), document=document))
        assert (status, code) == ("failed", "source_broken")


def test_a_compressed_body_is_not_unpacked(client: TestClient) -> None:
    body = gzip.compress(json.dumps({"question": "问" * 10**6}).encode())
    headers = {"content-type": "application/json", "content-encoding": "gzip"}

    response = client.post("/v1/ask", content=body, headers=headers)
    assert response.status_code in (400, 422)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"question": ' + b"9" * 10_000 + b"}", b'{"a":' * 20_000])
def test_json_that_is_deep_or_long_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})

    assert response.status_code in (400, 422)


# Wrong content types


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"],
)
def test_a_question_in_another_content_type_is_refused(client: TestClient, content_type: str) -> None:
    response = client.post("/v1/ask", content=b'{"question":"?"}', headers={"content-type": content_type})

    assert response.status_code in (400, 415, 422)
    problem(response, status=response.status_code, code=response.json()["code"])


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x",
    ],
)
def test_a_form_in_another_content_type_is_refused(client: TestClient, content_type: str) -> None:
    response = client.post("/v1/sources", content=b"--x\r\n", headers={"content-type": content_type})

    assert response.status_code in (400, 415, 422)
    problem(response, status=response.status_code, code=response.json()["code"])


# Extremes


@pytest.mark.parametrize("limit", [0, -1, 101, 10**30, 1.5, "x", None, [], float("1e300")])
def test_a_limit_out_of_bounds_is_422(client: TestClient, limit: object) -> None:
    for path in ("/v1/ask", "/v1/search"):
        response = client.post(path, json={**QUESTION, "limit": limit})
        problem(response, status=422, code="invalid")


@pytest.mark.parametrize(("offset", "limit"), [(-1, 1), (10**9 + 1, 1), (0, 0), (0, 1001), (10**40, 1)])
def test_a_page_out_of_bounds_is_422(client: TestClient, offset: int, limit: int) -> None:
    response = client.get("/v1/articles", params={"offset": offset, "limit": limit})

    problem(response, status=422, code="invalid")


def test_filters_out_of_bounds_are_422(client: TestClient) -> None:
    response = client.post("/v1/ask", json={**QUESTION, "filters": {"sources": ["*"] * 101}})
    problem(response, status=422, code="invalid")
    response = client.get("/v1/articles", params={"source": ["*"] * 101})
    problem(response, status=422, code="invalid")


def test_the_largest_limit_is_answered(client: TestClient) -> None:
    assert client.post("/v1/ask", json={**QUESTION, "limit": 100}).status_code == 200


# Slow bodies; slow headers are in test_connections


def test_a_body_that_does_not_end_is_408(tmp_path: Path) -> None:
    app = kept_app(Settings(index=made_index(tmp_path / "index"), body_seconds=0.05))

    async def run() -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError("nothing comes")

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"content-length", b"99"),
        ]
        async with app.router.lifespan_context(app):
            scope = {
                **{
                    "type": "http",
                    "method": "POST",
                    "path": "/v1/ask",
                    "raw_path": b"/v1/ask",
                    "root_path": "",
                },
                **{"headers": headers, "query_string": b"", "http_version": "1.1", "scheme": "http"},
                **{"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)},
            }
            await app(scope, receive, send)
        return sent

    start, *_ = asyncio.run(run())
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
