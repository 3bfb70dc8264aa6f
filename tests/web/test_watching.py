"""What an operator sees: numbers that are right, and a log without questions that nobody can forge."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from qa.errors import SettingInvalid
from qa.settings import LogForm, Settings
from qa.web import traces
from qa.web.app import create_app
from qa.web.logs import formatter, logger
from tests.web.running import QUESTION, WAGES, WEATHER, Paper


def numbers(client: TestClient) -> dict[str, float]:
    """Return every sample by its name and labels."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


class Log:
    """The lines that the service would write."""

    def __init__(self, form: LogForm, *, questions: bool = False) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(formatter(form, questions=questions))

    @property
    def lines(self) -> list[str]:
        return self._stream.getvalue().splitlines()

    def entries(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in map(json.loads, self.lines) if entry["event"] == event]


@pytest.fixture(params=[False, True])
def questions(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def listening(log: Log) -> Iterator[Log]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(log.handler)
    root.setLevel(logging.INFO)
    yield log
    root.removeHandler(log.handler)
    root.setLevel(level)


@pytest.fixture
def log(questions: bool) -> Iterator[Log]:
    yield from listening(Log(LogForm.JSON, questions=questions))


def test_questions_are_counted_by_how_they_ended_and_timed_by_stage() -> None:
    with TestClient(Paper(sources=(WAGES, WEATHER)).app()) as client:
        for question in (QUESTION, QUESTION, " "):
            client.post("/v1/ask", json={"question": question})
        client.post("/v1/ask", json={"question": QUESTION, "filters": {"sources": ["乙*"]}})
        found = numbers(client)

    outcomes = {name.split()[-1]: value for name, value in found.items() if "wenbao_questions_total" in name}
    assert outcomes == {
        "answered": 2.0,
        "abstained": 1.0,
        "invalid": 1.0,
        "refused": 0.0,
        "gone": 0.0,
        "failed": 0.0,
    }
    for stage in ("wait", "retrieve", "read", "total"):
        assert found[f"wenbao_stage_seconds_count {stage}"] == 3.0
    assert found["wenbao_stage_seconds_sum total"] >= found["wenbao_stage_seconds_sum read"] > 0.0
    assert found["wenbao_stage_seconds_bucket +Inf total"] == 3.0
    assert found["wenbao_queue_depth"] == 0.0


def test_the_size_of_the_index_is_that_of_the_version_in_force() -> None:
    paper = Paper(sources=(WAGES,))
    with TestClient(paper.app()) as client:
        before = numbers(client)
        paper.writer.publish(put=(WEATHER,), remove=())
        client.app.state.service.changed()  # type: ignore[attr-defined]
        after = numbers(client)

    assert [before[f"wenbao_index {what}"] for what in ("sources", "articles", "passages")] == [1, 1, 1]
    assert [after[f"wenbao_index {what}"] for what in ("sources", "articles", "passages")] == [2, 2, 2]
    assert {name for name in after if "index_version" in name} == {"wenbao_index_version_info 2"}
    assert after["process_resident_memory_bytes"] > 10**7


def test_requests_are_counted_by_template_of_their_route_and_never_by_what_was_sent() -> None:
    with TestClient(Paper().app()) as client:
        id = client.get("/v1/sources").json()["sources"][0]["id"]
        client.get(f"/v1/sources/{id}")
        client.get("/v1/sources/none")
        client.get("/nowhere/私密")
        client.get("/app.js")
        client.request("BREW", "/v1/ask")
        found = numbers(client)

    requests = {name for name in found if name.startswith("wenbao_http_requests_total")}
    assert requests == {
        "wenbao_http_requests_total GET /v1/sources 200",
        "wenbao_http_requests_total GET /v1/sources/{id} 200",
        "wenbao_http_requests_total GET /v1/sources/{id} 404",
        "wenbao_http_requests_total GET none 404",
        "wenbao_http_requests_total GET static 200",
        "wenbao_http_requests_total OTHER none 405",
    }
    assert found["wenbao_http_seconds_count /v1/sources/{id}"] == 2.0


def test_the_log_holds_no_question_unless_a_setting_says_so(log: Log, questions: bool) -> None:
    with TestClient(Paper().app(log_questions=questions)) as client:
        client.post("/v1/ask?q=最低工资", json={"question": QUESTION}, headers={"x-request-id": "a-1"})
        client.post("/v1/search", json={"question": QUESTION})
        client.post("/v1/ask", json={"question": QUESTION, "limit": "最低工资"})

    (asked,) = log.entries("asked")
    assert (asked["outcome"], asked["request_id"], asked.get("question")) == (
        "answered",
        "a-1",
        QUESTION if questions else None,
    )
    assert any("最低工资" in line for line in log.lines) is questions
    first = log.entries("request")[0]
    assert (first["method"], first["route"], first["status"]) == ("POST", "/v1/ask", 200)
    assert (first["request_id"], first["level"], first["logger"]) == ("a-1", "info", "qa.access")


def test_an_unforeseen_error_is_logged_by_its_place_and_with_its_words_only_if_allowed(
    log: Log, questions: bool
) -> None:
    class Broken:
        name = "broken"

        def read(self, question: str, **named: object) -> Any:  # noqa: ANN401
            raise KeyError(question)

    with TestClient(Paper(reader=Broken()).app(), raise_server_exceptions=False) as client:
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 500

    (failed,) = log.entries("request_failed")
    assert failed["error"] == "KeyError"
    assert failed["at"].startswith(f"{__file__}:")
    assert ("message" in failed) is questions
    assert any(QUESTION in line for line in log.lines) is questions


FORGED = '问\n{"event": "forged"}\r\x1b[31m\u2028\x85\x00\ud800'


@pytest.mark.parametrize("form", LogForm)
def test_whatever_is_in_an_entry_it_stays_one_line_and_steers_no_terminal(form: LogForm) -> None:
    for log in listening(Log(form, questions=True)):
        logger("test").info("given", text=FORGED, name=FORGED)
        logging.getLogger("library").warning("plain %s", FORGED)
        try:
            raise ValueError(FORGED)
        except ValueError:
            logger("test").exception("failed")

        assert len(log.lines) == 3
        assert all(line.isprintable() for line in log.lines)
        if form is LogForm.JSON:
            given, plain, failed = (json.loads(line) for line in log.lines)
            assert given["text"] == FORGED
            assert plain["event"] == f"plain {FORGED}"
            assert failed["message"] == FORGED


def test_without_setting_up_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with TestClient(Paper().app()) as client:
        client.post("/v1/ask", json={"question": QUESTION})

    assert capfd.readouterr().out == ""


def test_probes_are_counted_but_not_logged() -> None:
    for log in listening(Log(LogForm.JSON)):
        with TestClient(Paper().app()) as client:
            client.get("/healthz")
            found = numbers(client)

        assert found["wenbao_http_requests_total GET /healthz 200"] == 1.0
        assert log.entries("request") == []


def test_traces_without_their_extra_say_what_is_missing() -> None:
    with pytest.raises(SettingInvalid, match=r"\[otel\]（缺少 opentelemetry\.\S+）"):
        traces.packages()
    with pytest.raises(SettingInvalid, match="QA_TRACES"):
        create_app(Settings(traces=True))
