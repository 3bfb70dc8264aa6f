"""Schemathesis against the description: no 5xx, every answer fits its schema, also one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from qa.settings import Settings
from qa.web.connections import connection_options
from tests.web.kept import FIRST, kept_app, made_index
from tests.web.served import served

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.use_after_free,
    checks.ensure_resource_availability,
]
"""Not that what fits the schema is accepted: that a question is blank, a file empty, no schema says."""

FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FEW, max_examples=500, derandomize=False)
CASES = 5000
WITHIN_S = 120
"""Far more than an answer takes, so that a busy machine is not taken for a service that hangs."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    index = made_index(tmp_path_factory.mktemp("schema") / "index")
    app_settings = Settings(index=index, max_upload_sources=50, max_body_bytes=200_000)
    with served(kept_app(app_settings), **connection_options(app_settings)) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


def test_every_answer_fits_its_schema(api: schemathesis.BaseSchema) -> None:
    called = each_by_itself(api, FEW)

    assert {"POST /v1/ask", "POST /v1/search", "POST /v1/sources", "DELETE /v1/sources/{id}"} <= set(called)


def test_one_answer_after_another_fits_its_schema(api: schemathesis.BaseSchema) -> None:
    called = one_after_another(api, settings(FEW, stateful_step_count=6))

    assert {"POST /v1/sources", "GET /v1/sources"} & set(called)


@pytest.mark.slow
def test_thousands_of_answers_fit_their_schema(api: schemathesis.BaseSchema) -> None:
    called = each_by_itself(api, MANY)
    called += one_after_another(api, settings(MANY, max_examples=150, stateful_step_count=20))

    assert len(called) >= CASES, len(called)


def checked(case: schemathesis.Case[Any]) -> list[Any]:
    """Return what is checked of an answer.

    What does not fit the schema must be refused where it is ours and typed: in a form and in a
    query all is text, and clients of others are used to leniency.
    """
    ours = case.operation.label in ("POST /v1/ask", "POST /v1/search")
    return [*CHECKS, checks.negative_data_rejection] if ours else CHECKS


def each_by_itself(api: schemathesis.BaseSchema, how: settings) -> list[str]:
    """Call every operation with what fits its schema and with what does not; return what was called."""
    called: list[str] = []

    def check(case: schemathesis.Case[Any]) -> None:
        called.append(case.operation.label)
        case.call_and_validate(checks=checked(case), timeout=WITHIN_S)

    for result in api.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        for mode in schemathesis.GenerationMode:
            if mode.is_positive or operation.body or operation.query:
                how(given(case=operation.as_strategy(generation_mode=mode))(check))()
    return called


def one_after_another(api: schemathesis.BaseSchema, how: settings) -> list[str]:
    """Follow what one operation gives to the next; return the operations that were called."""
    called: list[str] = []

    class Following(api.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            # Each run begins alike; else what was drawn would depend on the runs before it.
            begin_anew(str(api.location))

        def before_call(self, case: schemathesis.Case[Any]) -> None:
            called.append(case.operation.label)

        def get_call_kwargs(self, case: schemathesis.Case[Any]) -> dict[str, object]:
            return {"timeout": WITHIN_S}

        def validate_response(
            self, response: Response, case: schemathesis.Case[Any], **named: object
        ) -> None:
            case.validate_response(response, checks=checked(case), recorder=self.recorder)

    Following.run(settings=how)
    return called


def begin_anew(address: str) -> None:
    """Take out whatever was not there from the start, batches as well, and put back what was."""
    with httpx2.Client(base_url=urljoin(address, "/"), timeout=WITHIN_S) as client:
        for each in client.get("/v1/batches").json()["batches"]:
            client.delete(f"/v1/batches/{each['id']}").raise_for_status()
        for each in client.get("/v1/sources").json()["sources"]:
            if each["name"] != FIRST.name:
                client.delete(f"/v1/sources/{each['id']}").raise_for_status()
        client.post("/v1/sources", files={"files": (FIRST.name, FIRST.text.encode())}).raise_for_status()
