"""Several processes behind one door: what one takes in or keeps the others have, and stopping loses none."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.web.kept import made_index
from tests.web.workers import SLOW

WAITS_S = 240
"""Seconds after which what does not come is given up; on an idle machine all takes few."""

QUESTION = "谁主持会议？"
NOTICE = "本报讯 3月1日，市图书馆新馆开放，藏书三十万册。\n"
BOUNDARY = "b0undary"
FORM = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="new.txt"\r\n\r\n'
    f"{NOTICE}\r\n--{BOUNDARY}--\r\n"
).encode()


class Connection(http.client.HTTPConnection):
    """A connection, which stays with one process for as long as it lasts."""

    def asked(self, method: str, path: str, body: object = None, **headers: str) -> http.client.HTTPResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        self.request(method, path, sent, {"Content-Type": "application/json"} | headers)
        return self.getresponse()

    def json(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        response = self.asked(method, path, body, **headers)
        content = response.read()
        return response.status, json.loads(content) if content else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The supervisor of two processes."""

    process: subprocess.Popen[bytes]
    port: int
    go: Path
    log: Path

    def connect(self) -> Connection:
        return Connection("127.0.0.1", self.port, timeout=WAITS_S)

    def ready(self, connection: Connection) -> tuple[str, int]:
        """Return which process is behind a connection, and the status of its readiness."""
        response = connection.asked("GET", "/readyz")
        response.read()
        return response.headers["X-Process"], response.status


def until(waited: threading.Event = threading.Event()) -> Iterator[None]:  # noqa: B008 - never set
    """Go on asking other processes until the time is up."""
    end = time.monotonic() + WAITS_S
    while time.monotonic() < end:
        yield
        waited.wait(0.02)
    pytest.fail("what was waited for did not come")


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    index, log = made_index(tmp_path / "index"), tmp_path / "log"
    os.mkfifo(tmp_path / "go")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "tests.web.workers", str(index), str(port)]
    with log.open("wb") as file, subprocess.Popen(command, stderr=file) as process:
        try:
            yield Workers(process=process, port=port, go=tmp_path / "go", log=log)
        finally:
            process.terminate()


def one_each(workers: Workers, stack: ExitStack) -> list[Connection]:
    """Return a connection to each of the two processes."""
    found: dict[str, Connection] = {}
    for _ in until():
        assert workers.process.poll() is None, workers.log.read_text("utf-8")
        connection = stack.enter_context(closing(workers.connect()))
        try:
            found.setdefault(workers.ready(connection)[0], connection)
        except ConnectionRefusedError:
            continue
        if len(found) == 2:
            break
    return list(found.values())


def test_two_processes_share_what_is_put_in_and_kept_and_finish_what_they_took(workers: Workers) -> None:
    with ExitStack() as stack:
        first, second = one_each(workers, stack)

        # Both answer, and each shows what the other kept, and deletes it for both.
        for one, other in ((first, second), (second, first)):
            status, outcome = one.json("POST", "/v1/ask", {"question": QUESTION})
            assert (status, outcome["abstained"]) == (200, False)
            status, kept = other.json("GET", f"/v1/answers/{outcome['id']}")
            assert (status, kept["citations"]) == (200, outcome["citations"])
            assert other.json("DELETE", f"/v1/answers/{outcome['id']}")[0] == 204
            assert one.json("GET", f"/v1/answers/{outcome['id']}")[0] == 404

        # What is put in through one is soon asked of the other.
        form = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        status, change = first.json("POST", "/v1/sources", FORM, **form)
        assert (status, change["results"][0]["status"]) == (200, "added")
        for _ in until():
            if second.json("GET", "/readyz")[1]["index_version"] == change["index_version"]:
                break
        asked = {"question": "市图书馆新馆藏书多少册？"}
        _, outcome = second.json("POST", "/v1/ask", asked)
        assert {span["source"] for span in outcome["citations"][0]["spans"]} == {"new.txt"}

        # Told to stop, each finishes the question that it reads and the one that waits behind it.
        slow = {"question": QUESTION + SLOW}
        reading = [
            each.asked("POST", "/v1/ask", slow, Accept="text/event-stream") for each in (first, second)
        ]
        assert [each.readline() for each in reading] == [b"event: passages\n"] * 2
        with ThreadPoolExecutor(1) as clients, closing(workers.connect()) as late:
            waiting = clients.submit(late.json, "POST", "/v1/ask", {"question": QUESTION})
            depth = 0.0
            for _ in until():
                with closing(workers.connect()) as connection:
                    text = connection.asked("GET", "/metrics").read().decode()
                depth = float(text.split("\nwenbao_queue_depth ")[1].split("\n")[0])
                if depth == 1:
                    break
            os.kill(workers.process.pid, signal.SIGTERM)
            stopping: set[str] = set()
            for _ in until():
                with closing(workers.connect()) as connection:
                    process, status = workers.ready(connection)
                stopping |= {process} if status == 503 else set()
                if len(stopping) == 2:
                    break
            with closing(workers.connect()) as connection:
                status, problem = connection.json("POST", "/v1/ask", {"question": QUESTION})
                assert (status, problem["code"]) == (503, "stopping")
            with closing(workers.connect()) as connection:
                status, problem = connection.json("POST", "/v1/sources", FORM, **form)
                assert (status, problem["code"]) == (503, "stopping")
            with workers.go.open("wb"):
                told = [each.read().decode() for each in reading]
            assert waiting.result(WAITS_S)[0] == 200

        assert [text.count("event: answer\n") for text in told] == [1, 1]
        assert [text.endswith("event: done\ndata: {}\n\n") for text in told] == [True, True]
        assert workers.process.wait(WAITS_S) == 0
    with pytest.raises(ConnectionRefusedError):
        workers.connect().connect()
    assert "Traceback" not in workers.log.read_text("utf-8")
