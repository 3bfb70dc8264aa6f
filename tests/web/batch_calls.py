"""Calling the routes of batches."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.web.running import WAITS_S

Told = dict[str, Any]
LINES = {"Content-Type": "application/x-ndjson"}


def question(id: str, text: str, *answers: str, source: str | None = None) -> Told:
    """Return a question as a file has it."""
    return {"id": id, "question": text, "answers": list(answers)} | ({"source": source} if source else {})


def lines_of(questions: Sequence[Mapping[str, Any]]) -> bytes:
    """Return questions as JSON Lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in questions).encode()


def post(client: TestClient, questions: Sequence[Mapping[str, Any]], **query: Any) -> Response:  # noqa: ANN401
    """Hand in questions as JSON Lines."""
    return client.post("/v1/batches", content=lines_of(questions), params=query, headers=LINES)


def made(client: TestClient, questions: Sequence[Mapping[str, Any]], **query: Any) -> Told:  # noqa: ANN401
    """Return the batch that was made."""
    response = post(client, questions, **query)
    assert response.status_code == 202, response.text
    told: Told = response.json()
    return told


def when(client: TestClient, id: str, holds: Callable[[Told], bool], *, within: float = WAITS_S) -> Told:
    """Return a batch once something holds of it.

    :param within: Seconds after which the test fails.
    """
    until = time.monotonic() + within
    while True:
        told: Told = client.get(f"/v1/batches/{id}").json()
        if holds(told):
            return told
        assert time.monotonic() < until, told
        time.sleep(0.01)


def done(client: TestClient, id: str) -> Told:
    """Return a batch once every question was asked."""
    return when(client, id, lambda told: told["state"] == "done")


def predictions(client: TestClient, id: str) -> list[Told]:
    """Return the predictions of a batch, without the times that they took."""
    response = client.get(f"/v1/batches/{id}/predictions")
    assert response.status_code == 200, response.text
    return [without_times(json.loads(line)) for line in response.text.splitlines()]


def without_times(prediction: Told) -> Told:
    """Return a prediction without what differs from run to run."""
    return {name: value for name, value in prediction.items() if name != "timings_ms"}
