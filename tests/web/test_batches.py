"""Batches over HTTP: questions in, progress, predictions and reports out; people come first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.domain.answers import Filters, Outcome, Reading
from qa.errors import IndexDamaged
from qa.evaluation.own import question_of
from qa.evaluation.run import over_index
from qa.settings import Settings
from qa.web.access import needed
from qa.web.batch_reports import Reports, signature
from qa.web.batch_runner import BatchRunner
from qa.web.key_file import KeyFile
from qa.web.keys import Access
from qa.web.schemas import told_of
from tests.fakes import PhraseReader
from tests.web.batch_calls import (
    LINES,
    Told,
    done,
    lines_of,
    made,
    post,
    predictions,
    question,
    when,
    without_times,
)
from tests.web.kept import kept_app, made_index
from tests.web.running import PHRASES, WAITS_S, WEATHER, Gate, Paper
from tests.web.test_access import bearer
from tests.web.test_routes import problem

WAGE = question("a", "最低工资标准是多少？", "1880元", source="甲.txt")
UNKNOWN = question("b", "量子计算机的工作原理是什么？")
EMPTY = question("c", " ", "1880元")
THREE = [WAGE, UNKNOWN, EMPTY]


def app_over(paper: Paper, folder: Path, **settings: Any) -> Any:  # noqa: ANN401
    return paper.app(index=folder, keep_answers=False, **settings)


class WageReader:
    """Finds the wage, for questions that are about it."""

    name = "wage-reader"

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        phrases = PHRASES if "工资" in question else {}
        return PhraseReader(phrases).read(question, passages=passages, titles=titles)


@pytest.fixture
def paper() -> Paper:
    return Paper(reader=WageReader())


@pytest.fixture
def client(paper: Paper, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_over(paper, tmp_path)) as opened:
        yield opened


@contextmanager
def gated(folder: Path) -> Iterator[tuple[TestClient, Gate]]:
    """Give a service whose reader reads on only when it is let."""
    gate = Gate()
    try:
        with TestClient(app_over(Paper(reader=gate), folder)) as opened:
            yield opened, gate
            gate.open.set()
    finally:
        gate.open.set()


# In and out


def test_a_batch_is_taken_worked_through_and_gives_what_the_command_line_gives(
    client: TestClient, paper: Paper
) -> None:
    response = post(client, THREE, name="C:\\问题/一.jsonl", limit=7)

    assert response.status_code == 202
    told = response.json()
    assert response.headers["location"] == f"/v1/batches/{told['id']}"
    assert (told["state"], told["asked"], told["of"], told["passages"]) == ("waiting", 0, 3, 7)
    assert (told["name"], told["report"], told["seconds_left"]) == ("一.jsonl", None, None)
    ended = done(client, told["id"])
    assert (ended["asked"], ended["fault"], ended["index_versions"]) == (3, None, ["1"])
    assert ended["ended_at"] >= ended["made_at"]
    with paper.live.held() as asker:
        answer = over_index(asker, limit=7, body_of=told_of)
        asked = [question_of(each, where="") for each in THREE]
        expected = [json.loads(answer(each).line(each)) for each in asked]
    assert predictions(client, told["id"]) == [without_times(each) for each in expected]
    assert [each["answer"] for each in expected] == ["1880元", None, None]
    assert expected[2]["error"] == "question_invalid"


def test_json_gives_the_same_as_lines(client: TestClient) -> None:
    as_json = client.post("/v1/batches", json={"questions": THREE})
    assert as_json.status_code == 202, as_json.text
    as_lines = made(client, THREE)

    assert (as_json.json()["name"], as_lines["name"]) == ("请求体", "请求体")
    done(client, as_json.json()["id"])
    done(client, as_lines["id"])
    assert predictions(client, as_json.json()["id"]) == predictions(client, as_lines["id"])


def test_batches_are_listed_the_newest_first(client: TestClient) -> None:
    first, second = made(client, [WAGE], name="一"), made(client, [UNKNOWN], name="二")
    done(client, first["id"])
    done(client, second["id"])

    listed = client.get("/v1/batches").json()["batches"]

    assert [(each["name"], each["state"]) for each in listed] == [("二", "done"), ("一", "done")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "没有问题"),
        (b"\xff\xfe", "第 1 行：不是 UTF-8"),
        (lines_of([WAGE]) + b"{", "第 2 行：不是 JSON"),
        (lines_of([WAGE, WAGE]), "第 2 行：id a 重复，已见于 q.jsonl 第 1 行"),
        (lines_of([WAGE]) + b'\n{"id": 5}\n', "第 3 行：缺少 question"),
        (b'{"id": 1, "question": "\\ud800"}', "第 1 行 的 question：有残缺的字符"),
        (b"[" * 100_000, "嵌套太深"),
    ],
)
def test_lines_that_are_no_questions_are_refused_with_their_place(
    client: TestClient, body: bytes, reason: str
) -> None:
    response = client.post("/v1/batches", content=body, params={"name": "q.jsonl"}, headers=LINES)

    assert reason in problem(response, status=422, code="questions_invalid")["detail"]
    assert client.get("/v1/batches").json() == {"batches": []}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "应为对象，这里是列表"),
        ({}, "缺少 questions"),
        ({"questions": 1}, "应为列表"),
        ({"questions": [WAGE, 5]}, r"questions[1]：应为对象"),
        ({"questions": [WAGE], "qestions": 1}, "不认识的字段 qestions"),
    ],
)
def test_json_that_holds_no_questions_is_refused_with_its_place(
    client: TestClient, body: object, reason: str
) -> None:
    response = client.post("/v1/batches", json=body)

    assert reason in problem(response, status=422, code="questions_invalid")["detail"]


def test_how_many_and_how_large_is_bounded(paper: Paper, tmp_path: Path) -> None:
    bounds = {"max_batch_questions": 2, "max_body_bytes": 2000, "max_batches": 1}
    with TestClient(app_over(paper, tmp_path, **bounds)) as client:
        assert (
            "QA_MAX_BATCH_QUESTIONS"
            in problem(post(client, THREE), status=422, code="questions_invalid")["detail"]
        )
        problem(post(client, [question("x", "问" * 2000)]), status=413, code="too_large")
        for limit in (0, 101, "x"):
            problem(post(client, [WAGE], limit=limit), status=422, code="invalid")


def test_beyond_the_batches_that_may_wait_the_next_is_sent_away(tmp_path: Path) -> None:
    gate = Gate()
    with TestClient(app_over(Paper(reader=gate), tmp_path, max_batches=1)) as client:
        made(client, [WAGE])
        response = post(client, [WAGE])
        gate.open.set()

        problem(response, status=503, code="queue_full")
        assert response.headers["retry-after"] == "60"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
def test_a_body_of_another_kind_is_refused(client: TestClient, media: str) -> None:
    response = client.post("/v1/batches", content=lines_of([WAGE]), headers={"Content-Type": media})

    assert "application/x-ndjson" in problem(response, status=415, code="unsupported_media_type")["detail"]


@pytest.mark.parametrize("id", ["none", "..%2fanswers.sqlite", "%00", "batches.sqlite", "a" * 3000, "%ff"])
def test_an_id_is_never_a_path(client: TestClient, id: str) -> None:
    calls = [
        client.get(f"/v1/batches/{id}"),
        client.get(f"/v1/batches/{id}/predictions"),
        client.get(f"/v1/batches/{id}/report"),
        client.get(f"/v1/batches/{id}/report.html"),
        client.post(f"/v1/batches/{id}/cancel"),
        client.delete(f"/v1/batches/{id}"),
        client.get(f"/reports/{id}"),
    ]

    assert {each.status_code for each in calls} <= {404, 405, 422}, [each.status_code for each in calls]


def test_switched_off_there_are_none(paper: Paper, tmp_path: Path) -> None:
    with TestClient(app_over(paper, tmp_path, batches=False)) as client:
        for response in (post(client, [WAGE]), client.get("/v1/batches"), client.get("/v1/batches/x")):
            assert "QA_BATCHES" in problem(response, status=404, code="not_found")["detail"]
    assert list(tmp_path.iterdir()) == []


# Stopping and going on


def test_what_is_cancelled_keeps_what_was_asked(tmp_path: Path) -> None:
    with gated(tmp_path) as (client, gate):
        batch = made(client, [question(str(at), "最低工资标准是多少？", "1880元") for at in range(5)])
        assert gate.reached.acquire(timeout=WAITS_S)

        stopped = client.post(f"/v1/batches/{batch['id']}/cancel")

        assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
        gate.open.set()
        # The next batch is begun after the question in hand has ended, which is not kept.
        done(client, made(client, [WAGE])["id"])
        assert predictions(client, batch["id"]) == []
        assert len(gate.read_questions) == 2


def test_what_is_deleted_is_gone(client: TestClient) -> None:
    batch = done(client, made(client, [WAGE])["id"])

    assert client.delete(f"/v1/batches/{batch['id']}").status_code == 204

    for path in ("", "/predictions", "/report", "/report.html"):
        problem(client.get(f"/v1/batches/{batch['id']}{path}"), status=404, code="not_found")
    problem(client.get(f"/{batch['report']}"), status=404, code="not_found")
    problem(client.delete(f"/v1/batches/{batch['id']}"), status=404, code="not_found")


def test_a_service_that_is_stopped_finishes_the_question_in_hand_and_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [question(str(at), f"最低工资标准是多少？{at}", "1880元") for at in range(6)]
    gate = Gate()
    stopping = BatchRunner.stop

    def stop(runner: BatchRunner) -> None:
        stopping(runner)
        gate.open.set()

    monkeypatch.setattr(BatchRunner, "stop", stop)
    with TestClient(app_over(Paper(reader=gate), tmp_path)) as client:
        batch = made(client, asked)
        assert gate.reached.acquire(timeout=WAITS_S)
    assert len(gate.read_questions) == 1

    again = Gate()
    again.open.set()
    with TestClient(app_over(Paper(reader=again), tmp_path)) as client:
        done(client, batch["id"])
        found = predictions(client, batch["id"])

    assert [each["id"] for each in found] == [each["id"] for each in asked]
    assert gate.read_questions + again.read_questions == [each["question"] for each in asked]


def test_only_one_process_asks(tmp_path: Path) -> None:
    gate = Gate()
    gate.open.set()
    with TestClient(app_over(Paper(reader=gate), tmp_path)) as first:
        done(first, made(first, [WAGE])["id"])
        other = Gate()
        with TestClient(app_over(Paper(reader=other), tmp_path)) as second:
            batch = made(second, [WAGE, UNKNOWN])
            assert done(second, batch["id"])["asked"] == 2
        assert other.read_questions == []


def test_what_keeps_the_index_from_answering_is_told_and_then_it_goes_on(
    client: TestClient, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.web.batch_runner.AGAIN_S", 0.01)
    with paper.live.held() as asker:
        answering = type(asker).ask

    def damaged(*_: object, **__: object) -> Outcome:
        raise IndexDamaged("索引坏了")

    monkeypatch.setattr("qa.engine.ask.Engine.ask", damaged)
    batch = made(client, [WAGE])
    told = when(client, batch["id"], lambda told: told["fault"] is not None)
    assert (told["fault"], told["state"], told["asked"]) == ("index_damaged", "waiting", 0)

    monkeypatch.setattr("qa.engine.ask.Engine.ask", answering)

    assert done(client, batch["id"])["fault"] is None
    assert predictions(client, batch["id"])[0]["answer"] == "1880元"


def test_a_question_that_breaks_the_program_fails_and_the_others_are_asked(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.engine.ask import Engine

    answering = Engine.ask

    def fragile(self: Engine, text: str, *, limit: int, filters: Filters) -> Outcome:
        if "量子" in text:
            raise ZeroDivisionError
        return answering(self, text, limit=limit, filters=filters)

    monkeypatch.setattr(Engine, "ask", fragile)
    batch = made(client, [UNKNOWN, WAGE])
    done(client, batch["id"])

    broken, right = predictions(client, batch["id"])
    assert (broken["error"], broken["answer"], right["answer"]) == ("internal", None, "1880元")
    assert client.get(f"/v1/batches/{batch['id']}/report").json()["endings"]["not_asked"] == 1


def test_another_version_of_the_index_answers_from_then_on_and_the_report_says_so(tmp_path: Path) -> None:
    gate = Gate()
    paper = Paper(reader=gate)
    with TestClient(app_over(paper, tmp_path)) as client:
        batch = made(client, [WAGE, question("z", "天气怎样？")])
        assert gate.reached.acquire(timeout=WAITS_S)
        paper.writer.publish(put=[WEATHER], remove=())
        paper.live.refresh()
        gate.open.set()
        told = done(client, batch["id"])
        page = client.get(f"/{told['report']}").text

    assert told["index_versions"] == ["1", "2"]
    assert "作答期间索引换过版本：1、2" in page


# People first


def test_a_person_waits_for_the_question_in_hand_and_not_for_the_batch(tmp_path: Path) -> None:
    with gated(tmp_path) as (client, gate):
        batch = made(client, [question(str(at), f"工资标准？{at}") for at in range(20)])
        assert gate.reached.acquire(timeout=WAITS_S)
        answers: list[Told] = []

        def ask(text: str) -> None:
            answers.append(client.post("/v1/ask", json={"question": text}).json())

        people = [threading.Thread(target=ask, args=(f"最低工资标准是多少？{name}",)) for name in "甲乙"]
        for each in people:
            each.start()
        when_waiting(client, 2)
        gate.open.set()
        for each in people:
            each.join()
        done(client, batch["id"])

        order = gate.read_questions
        assert order[0] == "工资标准？0"
        assert {order[1], order[2]} == {"最低工资标准是多少？甲", "最低工资标准是多少？乙"}
        assert order[3:] == [f"工资标准？{at}" for at in range(1, 20)]
        assert len(answers) == 2


def when_waiting(client: TestClient, count: int) -> None:
    """Return once so many questions wait for their turn."""
    turns = client.app.state.service.turns  # type: ignore[attr-defined]
    moment = threading.Event()
    for _ in range(1000):
        if turns.waiting == count:
            return
        moment.wait(0.01)
    raise AssertionError(turns.waiting)


def test_questions_of_batches_are_counted_apart(client: TestClient) -> None:
    done(client, made(client, THREE)["id"])

    text = client.get("/metrics").text
    assert "wenbao_batch_questions_total 3.0" in text
    assert 'wenbao_questions_total{outcome="answered"} 0.0' in text


# Reports


def test_the_report_has_the_figures_and_the_page_is_fenced_in(client: TestClient) -> None:
    hostile = question("<i>", "<script>alert(1)</script>", "<b>", source='"><img src=x>')
    batch = done(client, made(client, [WAGE, UNKNOWN, hostile], name="<u>.jsonl")["id"])

    figures = client.get(f"/v1/batches/{batch['id']}/report").json()
    page = client.get(f"/v1/batches/{batch['id']}/report.html")

    assert (figures["asked"], figures["of"], figures["n"]) == (3, 3, 3)
    assert (figures["correct"], figures["refused_right"]) == (0.5, 1.0)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'", "")
    assert "unsafe-inline" not in client.get("/").headers["content-security-policy"]
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert page.text.count("<script>") == 1
    assert client.get(f"/{batch['report']}").text == page.text


def test_of_a_batch_that_is_not_done_the_report_is_of_what_was_asked(tmp_path: Path) -> None:
    with gated(tmp_path) as (client, gate):
        batch = made(client, [WAGE, UNKNOWN])
        assert gate.reached.acquire(timeout=WAITS_S)
        for report in ("report", "report.html"):
            early = client.get(f"/v1/batches/{batch['id']}/{report}")
            problem(early, status=409, code="report_pending")
            assert early.headers["Retry-After"] == "5"
        gate.open.set()
        done(client, batch["id"])
    with TestClient(app_over(Paper(), tmp_path)) as client:
        reports: Reports = client.app.state.reports  # type: ignore[attr-defined]
        batches = client.app.state.batches  # type: ignore[attr-defined]
        batches.kept._file()._connection.execute("UPDATE batches SET total = 9, state = 'cancelled'")

        assert client.get(f"/v1/batches/{batch['id']}/report").json()["of"] == 9
        page = client.get(f"/{reports.link_to(batches.get(batch['id']).batch)}").text
        assert "这批共 9 题，这里只有已经问完的 2 题。" in page


def test_a_link_to_a_report_ends_and_cannot_be_forged(client: TestClient) -> None:
    id = done(client, made(client, [WAGE])["id"])["id"]
    other = done(client, made(client, [UNKNOWN])["id"])["id"]
    batch = client.app.state.batches.get(id).batch  # type: ignore[attr-defined]
    link = client.get(f"/v1/batches/{id}").json()["report"]
    assert client.get(f"/{link}").status_code == 200
    _, hour, mac = link.removeprefix("reports/").split(".")

    forged = [
        f"{id}.{int(hour) - 5}.{signature(batch, int(hour) - 5)}",
        f"{id}.{int(hour) + 1}.{mac}",
        f"{other}.{hour}.{mac}",
        f"{id}.{hour}.{mac[:-1]}",
        f"{id}.{hour}.",
        f"{id}..{mac}",
        f"{id}.９９９９９９.{mac}",
        id,
    ]
    for ticket in forged:
        problem(client.get(f"/reports/{ticket}"), status=404, code="not_found")


# Keys


def test_who_may_read_sees_and_who_may_write_makes_and_stops(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    reader, writer = (bearer(keys.add(each, access=each).secret) for each in (Access.READ, Access.WRITE))
    app = app_over(Paper(), tmp_path, api_keys=tmp_path / "keys.json")
    with TestClient(app) as client:
        problem(client.post("/v1/batches", json={"questions": THREE}), status=401, code="unauthorized")
        problem(
            client.post("/v1/batches", json={"questions": THREE}, headers=reader),
            status=403,
            code="forbidden",
        )
        batch = client.post("/v1/batches", json={"questions": THREE}, headers=writer).json()
        client.headers.update(reader)
        told = done(client, batch["id"])
        for path in ("", "/predictions", "/report", "/report.html"):
            assert client.get(f"/v1/batches/{batch['id']}{path}").status_code == 200
        problem(client.post(f"/v1/batches/{batch['id']}/cancel"), status=403, code="forbidden")
        problem(client.delete(f"/v1/batches/{batch['id']}"), status=403, code="forbidden")
        client.headers.pop("Authorization")
        problem(client.get(f"/v1/batches/{batch['id']}/report.html"), status=401, code="unauthorized")
        # What a browser opens in another tab brings no key; the link itself is what lets it in.
        assert client.get(f"/{told['report']}").status_code == 200
        problem(client.get("/reports/x"), status=404, code="not_found")
        for path in ("/reports/", "/reports/x/y", "/reports/../v1/sources", "/reports"):
            problem(client.get(path), status=401, code="unauthorized")
        problem(client.post(f"/{told['report']}"), status=401, code="unauthorized")
    assert needed("POST", "/v1/batches/x/cancel") is Access.WRITE


def test_links_are_counted_with_what_an_address_asks(tmp_path: Path) -> None:
    with TestClient(app_over(Paper(), tmp_path, rate="3/hour")) as client:
        assert [client.get("/reports/x.1.y").status_code for _ in range(4)] == [404, 404, 404, 429]


# On disk


def test_a_batch_over_an_index_on_disk_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = made_index(tmp_path / "index")
    before = {each.name for each in index.iterdir()}
    with TestClient(kept_app(Settings(index=index, keep_answers=False))) as client:
        done(client, made(client, [question("1", "谁主持会议？", "孙大军")])["id"])
    # What SQLite keeps beside a file that is read is no part of it.
    after = {each.name for each in index.iterdir() if not each.name.endswith(("-wal", "-shm"))}

    assert after - before == {"batches.sqlite", "batches.lock"}
