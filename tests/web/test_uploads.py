"""Putting files in and taking sources out, over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.settings import Settings
from qa.store.lock import take_lock
from qa.web import keeper
from tests.loaders.files import docx, paragraph
from tests.web.kept import FIRST, kept_app, made_index
from tests.web.test_routes import problem

NOTICE = "本报讯 3月1日，市图书馆新馆开放，藏书三十万册。\n"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return made_index(tmp_path / "index")


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    with TestClient(kept_app(Settings(index=index, max_upload_sources=20))) as opened:
        yield opened


def put_in(client: TestClient, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    """Upload files; return what is told of each."""
    response = client.post("/v1/sources", files=[("files", (name, content)) for name, content in files])
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.json()["results"]
    assert len(results) == len(files)
    return results


def names(client: TestClient) -> list[str]:
    return [each["name"] for each in client.get("/v1/sources").json()["sources"]]


def test_what_is_put_in_is_held_verbatim_and_answers(client: TestClient) -> None:
    (told,) = put_in(client, ("新馆.txt", NOTICE.encode()))

    assert (told["name"], told["status"], told["code"], told["error"]) == ("新馆.txt", "added", None, None)
    assert (told["sources"], told["failed"]) == (1, 0)
    listed = client.get("/v1/sources").json()["sources"]
    assert told["source"] == next(each for each in listed if each["name"] == "新馆.txt")
    assert client.get(f"/v1/sources/{told['source']['id']}").json()["text"] == NOTICE
    (article,) = told["articles"]
    assert client.get(f"/v1/articles/{article['id']}").json()["title"] == article["title"]
    outcome = client.post("/v1/ask", json={"question": "市图书馆新馆藏书多少册？"}).json()
    assert outcome["answer"]
    assert {span["source"] for span in outcome["citations"][0]["spans"]} == {"新馆.txt"}


def test_the_version_that_is_told_is_the_one_that_is_served(client: TestClient) -> None:
    response = client.post("/v1/sources", files={"files": ("新馆.txt", NOTICE.encode())}).json()

    assert client.get("/readyz").json()["status"] == f"ok {response['index_version']}"


def test_put_in_again_it_is_unchanged_and_changed_it_takes_the_place(client: TestClient) -> None:
    put_in(client, ("新馆.txt", NOTICE.encode()))
    (same,) = put_in(client, ("新馆.txt", NOTICE.encode()))
    (other,) = put_in(client, ("新馆.txt", NOTICE.replace("三十", "四十").encode()))

    assert (same["status"], other["status"]) == ("unchanged", "updated")
    assert same["source"]["id"] == other["source"]["id"]
    assert "四十" in client.get(f"/v1/sources/{same['source']['id']}").json()["text"]
    assert names(client) == sorted([FIRST.name, "新馆.txt"])


def test_what_is_taken_out_answers_no_more(client: TestClient) -> None:
    (told,) = put_in(client, ("新馆.txt", NOTICE.encode()))
    path = f"/v1/sources/{told['source']['id']}"

    response = client.delete(path)

    assert (response.status_code, response.content) == (204, b"")
    problem(client.get(path), status=404, code="not_found")
    problem(client.delete(path), status=404, code="not_found")
    problem(client.get(f"/v1/articles/{told['articles'][0]['id']}"), status=404, code="not_found")
    found = client.post("/v1/search", json={"question": "市图书馆新馆藏书"}).json()["results"]
    assert {each["article"]["source"] for each in found} == {FIRST.name}
    assert client.post("/v1/ask", json={"question": "市图书馆新馆藏书多少册？"}).json()["abstained"]


def test_the_last_source_may_be_taken_out(client: TestClient) -> None:
    (first,) = client.get("/v1/sources").json()["sources"]

    assert client.delete(f"/v1/sources/{first['id']}").status_code == 204
    assert names(client) == []
    assert client.post("/v1/ask", json={"question": "谁主持会议？"}).json()["citations"] == []
    assert put_in(client, ("新馆.txt", NOTICE.encode()))[0]["status"] == "added"


def test_one_that_fails_does_not_hold_up_the_others(client: TestClient) -> None:
    told = put_in(
        client,
        ("空.txt", b""),
        ("新馆.txt", NOTICE.encode()),
        ("表.xlsx", b"PK\x03\x04"),
        ("坏.pdf", b"%PDF-1.7 "),
        ("乱.txt", bytes(range(256)) * 4),
    )

    assert [(each["name"], each["status"], each["code"]) for each in told] == [
        ("空.txt", "failed", "source_empty"),
        ("新馆.txt", "added", None),
        ("表.xlsx", "failed", "source_unsupported"),
        ("坏.pdf", "failed", "source_broken"),
        ("乱.txt", "failed", "source_not_text"),
    ]
    assert all(each["error"].startswith(each["name"]) for each in told if each["status"] == "failed")
    assert all(each["source"] is None and each["articles"] == [] for each in told if each["failed"])
    assert names(client) == sorted([FIRST.name, "新馆.txt"])


def test_the_content_decides_where_the_suffix_says_something_else(client: TestClient) -> None:
    written = docx(paragraph("本报讯 3月2日，新桥通车，全长八百米。"))
    told = put_in(
        client,
        ("新桥.txt", written),
        ("新馆.pdf", NOTICE.encode()),
        ("无后缀", NOTICE.encode()),
        ("新桥", written),
    )

    assert [each["status"] for each in told] == ["added"] * 4, told
    ids = {each["name"]: each["source"]["id"] for each in told}
    assert client.get(f"/v1/sources/{ids['新馆.pdf']}").json()["text"] == NOTICE
    assert "新桥通车" in client.get(f"/v1/sources/{ids['新桥.txt']}").json()["text"]


def test_two_of_one_name_are_not_both_taken(client: TestClient) -> None:
    first, second = put_in(client, ("a/新馆.txt", NOTICE.encode()), ("b/新馆.txt", NOTICE[:-2].encode()))

    assert (first["status"], second["status"], second["code"]) == ("added", "failed", "source_name_taken")
    assert "第 2 个文件 与 第 1 个文件 同名" in second["error"]
    assert client.get(f"/v1/sources/{first['source']['id']}").json()["text"] == NOTICE


def records(count: int, *, broken: int = 0) -> bytes:
    lines = [
        json.dumps({"id": f"r{at}", "title": f"第{at}条", "text": f"第{at}座桥通车。"}) for at in range(count)
    ]
    return "\n".join([*lines, *["{"] * broken]).encode()


def test_a_file_of_records_is_one_result_that_counts_them(client: TestClient) -> None:
    (told,) = put_in(client, ("记录.jsonl", records(12, broken=7)))

    assert (told["status"], told["sources"], told["failed"], told["source"]) == ("added", 12, 7, None)
    assert [each["title"] for each in told["articles"]] == [f"第{at}条" for at in range(12)]
    assert told["code"] == "source_broken"
    assert told["error"].count("不是合法的 JSON") == 5
    assert "r11" in names(client)


def test_of_a_file_of_records_those_that_are_new_or_changed_are_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fewer are told in full than are counted.
    monkeypatch.setattr(keeper, "SHOWN", 5)

    (first,) = put_in(client, ("记录.jsonl", records(12)))
    (again,) = put_in(client, ("记录.jsonl", records(12)))
    (more,) = put_in(client, ("记录.jsonl", records(15).replace(rb"3\u5ea7", rb"4\u5ea7")))

    assert (first["status"], first["sources"], first["taken"], len(first["articles"])) == ("added", 12, 12, 5)
    assert (again["status"], again["sources"], again["taken"]) == ("unchanged", 12, 0)
    assert (more["status"], more["sources"], more["taken"]) == ("added", 15, 4)


def test_more_sources_than_one_request_may_bring_stay_out(client: TestClient) -> None:
    many, after = put_in(client, ("记录.jsonl", records(25)), ("新馆.txt", NOTICE.encode()))

    assert (many["status"], many["sources"], many["code"]) == ("added", 20, "source_too_large")
    assert "QA_MAX_UPLOAD_SOURCES" in many["error"]
    assert (after["status"], after["code"]) == ("failed", "source_too_large")
    assert len(names(client)) == 21


def test_the_text_of_one_file_is_bounded(index: Path) -> None:
    with TestClient(kept_app(Settings(index=index, max_source_bytes=50))) as client:
        (told,) = put_in(client, ("长.txt", NOTICE.encode()))

    assert (told["status"], told["code"]) == ("failed", "source_too_large")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/新馆.txt", "新馆.txt"),
        ("C:\\报纸\\新馆.txt", "新馆.txt"),
        ("..", "未命名"),
        ("新\u202etxt.馆\u0000.txt", "新txt.馆.txt"),
        ("新\u0000馆.txt", "新馆.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("报" * 300 + ".txt", "报" * 196 + ".txt"),
        (".隐藏.txt", "隐藏.txt"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(client: TestClient, given: str, name: str) -> None:
    # By hand: a client library would quote some of these itself.
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="'
        + given.replace("\\", "\\\\").encode()
        + b'"\r\n\r\n'
        + NOTICE.encode()
        + b"\r\n--x--\r\n"
    )
    response = client.post(
        "/v1/sources", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )

    assert response.status_code == 200, response.text
    (told,) = response.json()["results"]
    assert (told["name"], told["status"]) == (name, "added")
    assert name in names(client)


def test_a_form_without_a_file_is_422(client: TestClient) -> None:
    for form in ({"files": "no file"}, {"other": "x"}):
        told = problem(client.post("/v1/sources", data=form), status=422, code="invalid")
        assert "files" in told["detail"]
    told = problem(client.post("/v1/sources", json={"files": []}), status=422, code="invalid")
    assert told["detail"] == "body.files：缺少这一项"


def test_more_than_a_hundred_files_are_422(client: TestClient) -> None:
    files = [("files", (f"{at}.txt", b"x")) for at in range(101)]

    told = problem(client.post("/v1/sources", files=files), status=422, code="invalid")
    assert told["detail"] == "body.files：不得多于 100 项"
    assert names(client) == [FIRST.name]


def test_an_index_that_another_process_writes_is_503_and_names_it(client: TestClient, index: Path) -> None:
    lock = take_lock(index)
    try:
        response = client.post("/v1/sources", files={"files": ("新馆.txt", NOTICE.encode())})
        told = problem(response, status=503, code="index_locked")
        assert "另一进程" in told["detail"]
        assert int(response.headers["retry-after"]) > 0
        (first,) = client.get("/v1/sources").json()["sources"]
        problem(client.delete(f"/v1/sources/{first['id']}"), status=503, code="index_locked")
    finally:
        os.close(lock)
    assert put_in(client, ("新馆.txt", NOTICE.encode()))[0]["status"] == "added"


def test_too_many_that_wait_are_sent_away(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "WAITING", 0)

    response = client.post("/v1/sources", files={"files": ("新馆.txt", NOTICE.encode())})

    problem(response, status=503, code="index_locked")


def test_nothing_of_an_upload_stays_in_the_temporary_folder(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    put_in(client, ("新馆.txt", NOTICE.encode()), ("坏.pdf", b"%PDF-1.7 "))

    assert list(folder.iterdir()) == []
