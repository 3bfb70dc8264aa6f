"""The service while it runs: other versions, many questions, clients that leave, and being stopped."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.engine.live import LiveAsker
from qa.errors import IndexDamaged
from qa.settings import Settings
from qa.web.app import create_app
from qa.web.connections import Patience
from qa.web.service import Service
from tests.fakes import MemoryPublications, PhraseReader, indexed, over_two_pages, story
from tests.web.running import (
    PHRASES,
    QUESTION,
    WAGES,
    WAITS_S,
    WEATHER,
    Gate,
    GateEncoder,
    Paper,
    Running,
    damaged,
    served,
)


def post(
    running: Running, path: str, body: dict[str, Any], **headers: str
) -> tuple[int, dict[str, str], str]:
    """Return status, headers and body of one request on a connection of its own."""
    connection = http.client.HTTPConnection(*running.address, timeout=WAITS_S)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def ask(running: Running, question: str = QUESTION) -> tuple[int, dict[str, Any]]:
    status, _, body = post(running, "/v1/ask", {"question": question})
    return status, json.loads(body)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def service_of(running: Running) -> Service:
    service: Service = running.server.lifespan.state["service"]
    return service


def until_waiting(running: Running, count: int) -> None:
    """Return once so many questions wait."""
    given = threading.Event()
    while service_of(running).turns.waiting != count:
        assert running.thread.is_alive()
        given.wait(0.005)


def until_answered(running: Running, count: int) -> None:
    """Return once so many questions are answered."""
    given, metrics = threading.Event(), service_of(running).metrics
    answered = 0.0
    while answered < count:
        assert running.thread.is_alive()
        found = metrics.registry.get_sample_value("wenbao_questions_total", {"outcome": "answered"})
        answered = found or 0.0
        given.wait(0.005)


def until_gone(running: Running, count: int) -> None:
    """Return once so many clients are known to have left."""
    given = threading.Event()
    while f'outcome="gone"}} {count}.0'.encode() not in service_of(running).metrics.text():
        assert running.thread.is_alive()
        given.wait(0.005)


class TestOtherVersions:
    def test_what_is_published_is_served_at_once_after_a_word(self) -> None:
        paper = Paper(sources=(WEATHER,))
        with TestClient(paper.app()) as client:
            assert client.post("/v1/ask", json={"question": QUESTION}).json()["answer"] is None
            paper.writer.publish(put=(WAGES,), remove=())
            client.app.state.service.changed()  # type: ignore[attr-defined]

            outcome = client.post("/v1/ask", json={"question": QUESTION}).json()

            assert (outcome["answer"], outcome["index_version"]) == ("1880元", "2")
            names = [each["name"] for each in client.get("/v1/sources").json()["sources"]]
            assert names == ["乙.txt", "甲.txt"]
            assert client.get("/readyz").json() == {"status": "ok 2", "index_version": "2", "fault": None}

    def test_what_another_process_publishes_is_served_soon(self) -> None:
        paper = Paper(sources=(WEATHER,))
        with TestClient(paper.app(refresh_seconds=0.01)) as client:
            paper.writer.publish(put=(WAGES,), remove=())
            assert paper.publications.reopened.wait(WAITS_S)
            while client.get("/readyz").json()["index_version"] != "2":
                pass
            assert client.post("/v1/ask", json={"question": QUESTION}).json()["answer"] == "1880元"

    def test_a_damaged_version_is_told_and_the_one_before_goes_on_being_served(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        paper = Paper()
        with TestClient(paper.app()) as client:
            service: Service = client.app.state.service  # type: ignore[attr-defined]
            paper.writer.publish(put=(WEATHER,), remove=("甲.txt",))
            paper.publications.fault = damaged()
            for _ in range(3):
                with pytest.raises(IndexDamaged):
                    service.changed()

            assert client.get("/readyz").json() == {
                "status": "ok 1",
                "index_version": "1",
                "fault": "index_damaged",
            }
            assert client.post("/v1/ask", json={"question": QUESTION}).json()["answer"] == "1880元"
            assert "wenbao_index_fault 1.0" in client.get("/metrics").text
            told = [r for r in caplog.records if isinstance(r.msg, dict) and r.msg["event"] == "index_fault"]
            assert len(told) == 1
            paper.publications.fault = None
            service.changed()
            assert client.get("/readyz").json()["fault"] is None
            assert "wenbao_index_fault 0.0" in client.get("/metrics").text

    def test_under_load_no_request_is_dropped_while_versions_change(self) -> None:
        paper, enough = Paper(), threading.Event()
        with served(paper.app(queue=100)) as running, ThreadPoolExecutor(4) as clients:

            def keep_asking() -> list[tuple[int, str]]:
                got: list[tuple[int, str]] = []
                while not enough.is_set() or len(got) < 5:
                    status, body = ask(running)
                    got.append((status, body["answer"]))
                return got

            asking = [clients.submit(keep_asking) for _ in range(4)]
            for _ in range(6):
                paper.writer.publish(put=(WEATHER,), remove=())
                service_of(running).changed()
            enough.set()
            got = [each for future in asking for each in future.result(WAITS_S)]

        assert len(got) >= 20
        assert set(got) == {(200, "1880元")}
        assert [each.closed for each in paper.publications.opened[:-1]] == [True] * 6


class TestTheQueue:
    def test_a_full_queue_is_503_and_says_when_to_come_again(self, gate: Gate) -> None:
        with (
            served(Paper(reader=gate).app(queue=1)) as running,
            ThreadPoolExecutor(2) as clients,
        ):
            asking = [clients.submit(ask, running)]
            assert gate.reached.acquire(timeout=WAITS_S)
            asking.append(clients.submit(ask, running))
            until_waiting(running, 1)

            status, headers, body = post(running, "/v1/ask", {"question": QUESTION})

            assert (status, json.loads(body)["code"]) == (503, "queue_full")
            assert headers["content-type"] == "application/problem+json"
            assert int(headers["retry-after"]) >= 1
            gate.open.set()
            assert [each.result(WAITS_S)[0] for each in asking] == [200, 200]

    def test_a_client_that_leaves_while_it_waits_is_not_worked_for(self, gate: Gate) -> None:
        with served(Paper(reader=gate).app()) as running, ThreadPoolExecutor(1) as clients:
            first = clients.submit(ask, running)
            assert gate.reached.acquire(timeout=WAITS_S)
            with leaving(running, "最低工资标准是多少钱？"):
                until_waiting(running, 1)
            until_waiting(running, 0)
            gate.open.set()
            assert first.result(WAITS_S)[0] == 200
            assert ask(running)[0] == 200
            until_gone(running, 1)

        assert gate.read_questions == [QUESTION, QUESTION]

    def test_a_client_that_leaves_while_it_is_searched_for_is_not_read_for(self) -> None:
        encoder, reader = GateEncoder(), PhraseReader(PHRASES)
        with served(Paper(reader=reader, encoder=encoder).app()) as running:
            with leaving(running, "最低工资标准是多少钱？"):
                assert encoder.reached.wait(WAITS_S)
            until_gone(running, 1)
            encoder.open.set()
            assert ask(running)[0] == 200

        assert [question for question, _, _ in reader.asked] == [QUESTION]

    def test_stopped_it_finishes_what_it_took_and_sends_newcomers_away(self, gate: Gate) -> None:
        with served(Paper(reader=gate).app()) as running, ThreadPoolExecutor(3) as clients:
            asking: list[Future[tuple[int, dict[str, Any]]]] = [clients.submit(ask, running)]
            assert gate.reached.acquire(timeout=WAITS_S)
            asking += [clients.submit(ask, running) for _ in range(2)]
            until_waiting(running, 2)
            running.stop()
            while not service_of(running).turns.stopping:
                assert running.thread.is_alive()

            status, headers, body = post(running, "/v1/ask", {"question": QUESTION})
            assert (status, json.loads(body)["code"]) == (503, "stopping")
            assert int(headers["retry-after"]) >= 1
            gate.open.set()
            got = [each.result(WAITS_S) for each in asking]
            running.thread.join(WAITS_S)

        assert [(status, body["answer"]) for status, body in got] == [(200, "1880元")] * 3
        assert not running.thread.is_alive()

    def test_stopped_under_load_every_request_is_answered_or_refused(self) -> None:
        with served(Paper().app(queue=4)) as running, ThreadPoolExecutor(8) as clients:

            def keep_asking() -> list[int]:
                got = [ask(running)[0]]
                # Whoever is told that it stops does not come again; any other end would be a loss.
                while got[-1] == 200:
                    got.append(ask(running)[0])
                return got

            asking = [clients.submit(keep_asking) for _ in range(8)]
            until_answered(running, 40)
            running.stop()
            got = Counter(status for each in asking for status in each.result(WAITS_S))

        assert got[200] >= 40
        assert got == {200: got[200], 503: 8}

    def test_who_was_let_in_before_it_stopped_is_still_told(self) -> None:
        with served(Paper().app(), http=Patient) as running:
            with socket.create_connection(running.address, timeout=WAITS_S) as connection:
                while not running.server.server_state.connections:
                    assert running.thread.is_alive()
                running.stop()
                while running.server.servers[0].is_serving():
                    assert running.thread.is_alive()
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                said = b"".join(iter(lambda: connection.recv(65536), b""))
            running.thread.join(WAITS_S)

        assert said.startswith(b"HTTP/1.1 503")
        assert b'"code":"stopping"' in said
        assert not running.thread.is_alive()


class Patient(Patience):
    last_word_seconds = WAITS_S


def leaving(running: Running, question: str) -> socket.socket:
    """Return the connection of a client that has asked and will leave when the context ends."""
    body = json.dumps({"question": question}).encode()
    connection = socket.create_connection(running.address, timeout=WAITS_S)
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    connection.sendall(f"{head}\r\n\r\n".encode() + body)
    return connection


def events_of(text: str) -> list[tuple[str, Any]]:
    """Return names and data of server-sent events."""
    events = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


EVENTS = {"accept": "text/event-stream"}


class TestEvents:
    def test_passages_come_first_then_the_answer_then_the_end(self) -> None:
        with TestClient(Paper(sources=(WAGES, WEATHER)).app()) as client:
            asked = {"question": QUESTION, "limit": 2}
            response = client.post("/v1/ask", json=asked, headers=EVENTS)
            alone = client.post("/v1/ask", json=asked).json()
            searched = client.post("/v1/search", json=asked).json()

        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        names = [name for name, _ in events_of(response.text)]
        passages, answer, done = [data for _, data in events_of(response.text)]
        assert names == ["passages", "answer", "done"]
        assert passages == searched
        assert answer | {"timings_ms": None} == alone | {"timings_ms": None}
        assert answer["citations"][0]["quote"] == "1880元"
        assert done == {}

    def test_the_passages_are_there_before_anything_is_read(self, gate: Gate) -> None:
        with served(Paper(reader=gate).app()) as running:
            connection = http.client.HTTPConnection(*running.address, timeout=WAITS_S)
            headers = {"Content-Type": "application/json", **EVENTS}
            connection.request("POST", "/v1/ask", json.dumps({"question": QUESTION}), headers)
            response = connection.getresponse()
            first = response.readline() + response.readline()
            assert gate.read_questions == []
            gate.open.set()
            rest = response.read()
            connection.close()

        assert first.startswith(b'event: passages\ndata: {"results": [{"rank": 1')
        assert [line for line in rest.split(b"\n") if line.startswith(b"event")] == [
            b"event: answer",
            b"event: done",
        ]

    def test_what_is_wrong_with_a_question_has_its_status(self) -> None:
        with TestClient(Paper().app()) as client:
            response = client.post("/v1/ask", json={"question": " "}, headers=EVENTS)

        assert (response.status_code, response.json()["code"]) == (422, "question_invalid")

    @pytest.mark.parametrize(
        ("fault", "code"), [(damaged(), "index_damaged"), (RuntimeError("secret"), "internal")]
    )
    def test_what_goes_wrong_while_reading_is_an_event(self, fault: Exception, code: str) -> None:
        class Broken:
            name = "broken"

            def read(self, *arguments: object, **named: object) -> Any:  # noqa: ANN401
                raise fault

        with TestClient(Paper(reader=Broken()).app()) as client:
            response = client.post("/v1/ask", json={"question": QUESTION}, headers=EVENTS)

        assert [name for name, _ in events_of(response.text)] == ["passages", "error", "done"]
        problem = events_of(response.text)[1][1]
        assert (problem["code"], problem["request_id"]) == (code, response.headers["x-request-id"])
        assert "secret" not in response.text

    def test_a_client_that_leaves_the_stream_stops_the_work(self, gate: Gate) -> None:
        with served(Paper(reader=gate).app()) as running:
            body = json.dumps({"question": QUESTION}).encode()
            with socket.create_connection(running.address, timeout=WAITS_S) as connection:
                head = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall((head + kind).encode() + body)
                assert connection.recv(12) == b"HTTP/1.1 200"
                assert gate.reached.acquire(timeout=WAITS_S)
            until_gone(running, 1)
            gate.open.set()
            assert ask(running)[0] == 200


class TestKeptAnswers:
    def test_an_answer_has_a_link_that_shows_it_again_also_after_a_restart(self, tmp_path: Path) -> None:
        with TestClient(Paper().app(index=tmp_path)) as client:
            outcome = client.post("/v1/ask", json={"question": QUESTION}).json()
            assert len(outcome["id"]) == 24
        with TestClient(Paper().app(index=tmp_path)) as client:
            again = client.get(f"/v1/answers/{outcome['id']}").json()
            assert "wenbao_kept_answers 1.0" in client.get("/metrics").text

        asked_at = again.pop("asked_at")
        assert again == outcome
        assert asked_at.endswith("Z")

    def test_an_abstention_has_one_as_well_and_so_has_a_stream(self, tmp_path: Path) -> None:
        with TestClient(Paper(sources=(WEATHER,)).app(index=tmp_path)) as client:
            alone = client.post("/v1/ask", json={"question": QUESTION}).json()
            streamed = client.post("/v1/ask", json={"question": QUESTION}, headers=EVENTS)
            answer = events_of(streamed.text)[1][1]

            assert client.get(f"/v1/answers/{alone['id']}").json()["abstained"] is True
            assert client.get(f"/v1/answers/{answer['id']}").json()["id"] == answer["id"]

    def test_a_deleted_answer_is_gone(self, tmp_path: Path) -> None:
        with TestClient(Paper().app(index=tmp_path)) as client:
            id = client.post("/v1/ask", json={"question": QUESTION}).json()["id"]
            assert client.delete(f"/v1/answers/{id}").status_code == 204
            for response in (client.get(f"/v1/answers/{id}"), client.delete(f"/v1/answers/{id}")):
                assert (response.status_code, response.json()["code"]) == (404, "not_found")

    def test_an_answer_from_a_source_that_is_removed_or_changed_is_not_shown_again(
        self, tmp_path: Path
    ) -> None:
        paper = Paper(sources=(WAGES, WEATHER))
        with TestClient(paper.app(index=tmp_path)) as client:
            service: Service = client.app.state.service  # type: ignore[attr-defined]
            limited = {"question": QUESTION, "filters": {"sources": ["甲.txt"]}}
            id = client.post("/v1/ask", json=limited).json()["id"]
            other = client.post("/v1/ask", json=limited).json()["id"]
            paper.writer.publish(put=(WEATHER,), remove=())
            service.changed()
            assert client.get(f"/v1/answers/{id}").status_code == 200
            changed = indexed("甲.txt", story("新的最低工资标准为二类1880元。"))
            paper.writer.publish(put=(changed,), remove=())
            service.changed()
            problem = client.get(f"/v1/answers/{id}").json()
            assert (problem["status"], problem["code"]) == (410, "answer_withdrawn")
            assert problem["question"] == QUESTION
            assert "已经改动" in problem["detail"]
            assert service.answers.count() == 1
            paper.writer.publish(put=(), remove=("甲.txt",))
            service.changed()
            assert service.answers.count() == 0
            problem = client.get(f"/v1/answers/{other}").json()
            assert (problem["status"], problem["question"]) == (410, QUESTION)
            assert "已被移除" in problem["detail"]
            assert client.delete(f"/v1/answers/{other}").status_code == 204
            assert client.get(f"/v1/answers/{other}").status_code == 404

    def test_one_process_shows_what_another_answered_from_a_version_it_does_not_serve_yet(
        self, tmp_path: Path
    ) -> None:
        paper, late = Paper(sources=(WEATHER,)), Paper(sources=(WEATHER,))
        late.publications = MemoryPublications(paper.writer)
        late.live = LiveAsker(late.publications, late._over)
        slow = {"index": tmp_path, "refresh_seconds": 3600}
        with TestClient(paper.app(**slow)) as first, TestClient(late.app(**slow)) as second:
            paper.writer.publish(put=(WAGES,), remove=())
            first.app.state.service.changed()  # type: ignore[attr-defined]
            outcome = first.post("/v1/ask", json={"question": QUESTION}).json()
            assert outcome["answer"] == "1880元"

            for client in (second, first):
                assert client.get(f"/v1/answers/{outcome['id']}").json()["answer"] == "1880元"
            assert second.get("/readyz").json()["index_version"] == "2"

    def test_an_answer_goes_with_any_source_that_its_passage_is_printed_in(self, tmp_path: Path) -> None:
        reader = PhraseReader({"煤炭产量稳步": 3.0})
        paper = Paper(reader=reader, sources=over_two_pages())
        with TestClient(paper.app(index=tmp_path)) as client:
            service: Service = client.app.state.service  # type: ignore[attr-defined]
            outcome = client.post("/v1/ask", json={"question": "煤炭产量怎样？"}).json()
            assert {span["source"] for span in outcome["citations"][0]["spans"]} == {"一版.txt"}
            assert outcome["citations"][0]["passage"]["text"] == "煤炭产量稳步增长。"

            paper.writer.publish(put=(), remove=("四版.txt",))
            service.changed()

            assert client.get(f"/v1/answers/{outcome['id']}").status_code == 410

    def test_what_was_considered_goes_with_the_source_it_was_read_in(self, tmp_path: Path) -> None:
        reader = PhraseReader({"1880元": 3.0, "气温三度": 0.1})
        paper = Paper(reader=reader, sources=(WAGES, WEATHER))
        with TestClient(paper.app(index=tmp_path)) as client:
            service: Service = client.app.state.service  # type: ignore[attr-defined]
            asked = {"question": QUESTION, "explain": True}
            outcome = client.post("/v1/ask", json=asked).json()
            assert "气温三度" in {each["answer"] for each in outcome["explanation"]}
            assert "气温三度" not in json.dumps([outcome["citations"]], ensure_ascii=False)

            paper.writer.publish(put=(), remove=("乙.txt",))
            service.changed()

            assert client.get(f"/v1/answers/{outcome['id']}").status_code == 410

    def test_switched_off_nothing_is_kept(self, tmp_path: Path) -> None:
        with TestClient(Paper().app(index=tmp_path, keep_answers=False)) as client:
            assert client.post("/v1/ask", json={"question": QUESTION}).json()["id"] is None
            assert client.get("/v1/answers/none").status_code == 404
        assert list(tmp_path.iterdir()) == []

    def test_where_nothing_can_be_written_answers_are_given_all_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with TestClient(Paper().app(index=tmp_path / "file")) as client:
            outcome = client.post("/v1/ask", json={"question": QUESTION}).json()

        assert (outcome["answer"], outcome["id"]) == ("1880元", None)


def test_an_asker_that_sees_to_changes_itself_keeps_no_answers(tmp_path: Path) -> None:
    with Paper().live.held() as asker:
        app = create_app(Settings(index=tmp_path), open_asker=lambda _: nullcontext(asker))
        with TestClient(app) as client:
            assert client.post("/v1/ask", json={"question": QUESTION}).json()["id"] is None
