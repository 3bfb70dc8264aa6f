"""The description of the service, and the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from pydantic import BaseModel

from qa.settings import Settings
from qa.web import batch_schemas, collection, holdings, schemas
from qa.web.examples import EXAMPLES
from qa.web.failures import STATUS_OF
from qa.web.problems import CODE_OF, TITLES, codes_of
from tests.web.conftest import Watched, faults
from tests.web.kept import FIRST, kept_app, made_index
from tests.web.served import served

OF_OTHERS = ("OpenAI", "Dify")
"""Interfaces whose shapes others have described; their fields have examples."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_index(tmp_path_factory.mktemp("description") / "index")


@pytest.fixture(scope="module")
def client(index: Path) -> Iterator[TestClient]:
    with TestClient(kept_app(Settings(index=index))) as opened:
        yield opened


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def shape_of(content: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a content refers to."""
    schema: dict[str, Any] = content["schema"]
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def test_every_operation_is_told_in_chinese(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        assert CHINESE.search(operation["summary"]), name
        assert CHINESE.search(operation["description"]), name
        assert all(CHINESE.search(each["description"]) for each in operation["responses"].values()), name


def test_every_failure_is_a_problem(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        failing = {status: each for status, each in operation["responses"].items() if status >= "400"}
        assert {"400", "421", "500"} <= set(failing), name
        for each in failing.values():
            assert each["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }, name
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_what_is_guarded_says_so(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        if name in ("GET /healthz", "GET /readyz", "GET /reports/{ticket}"):
            assert operation["security"] == []
            assert "401" not in operation["responses"]
            assert ("429" in operation["responses"]) == name.endswith("{ticket}")
        else:
            assert operation["security"] == [{"bearer": []}, {}]
            assert {"401", "403", "429"} <= set(operation["responses"]), name


def test_every_body_has_an_example(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        if operation["tags"][-1] in OF_OTHERS:
            continue
        bodies = [operation.get("requestBody", {}), operation["responses"].get("200", {})]
        for content in (
            each["content"]["application/json"]
            for each in bodies
            if "application/json" in each.get("content", {})
        ):
            shape = shape_of(content, description)
            assert shape.get("examples") or shape["title"] == "Health", (name, shape["title"])


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_have_their_shape(name: str) -> None:
    (shape,) = {
        found
        for module in (batch_schemas, collection, holdings, schemas)
        if (found := getattr(module, name, None))
    }

    assert issubclass(shape, BaseModel)
    shape.model_validate(EXAMPLES[name])


def test_the_example_is_quoted_as_the_promise_says() -> None:
    (citation,) = EXAMPLES["OutcomeBody"]["citations"]
    start, end = citation["passage"]["highlight"][0]

    assert citation["passage"]["text"][start:end] == citation["quote"]
    assert sum(span["end"] - span["start"] for span in citation["spans"]) == len(citation["quote"])


def test_every_code_has_a_title() -> None:
    assert set(codes_of()) | set(CODE_OF.values()) <= set(TITLES)
    assert STATUS_OF


def test_a_failure_names_its_kind_by_an_address_that_explains_it(client: TestClient) -> None:
    told = client.get("/v1/sources/none").json()

    assert (told["type"], told["title"]) == ("/docs#not_found", "没有这一项")
    assert client.get(told["type"].partition("#")[0]).status_code == 200
    assert told["code"] in client.get("/openapi.json").json()["x-problems"]


def test_what_the_framework_says_in_english_is_told_in_chinese(client: TestClient) -> None:
    for response in (client.get("/none"), client.put("/v1/ask"), client.post("/v1/sources", files={})):
        assert CHINESE.search(response.json()["detail"])
        assert CHINESE.search(response.json()["title"])


def test_links_lead_to_operations(description: dict[str, Any]) -> None:
    ids = {operation["operationId"] for _, operation in operations(description)}
    links = [
        link
        for _, operation in operations(description)
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]

    assert {link["operationId"] for link in links} <= ids
    assert len(links) == 9


def test_a_description_is_completed_once(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == client.get("/openapi.json").json()


# The page


@pytest.fixture(scope="module")
def address(index: Path) -> Iterator[str]:
    with served(kept_app(Settings(index=index))) as address:
        yield address


def open_route(page: Page, name: str) -> None:
    page.locator(f"[id='{name}'] > summary").click()


def test_the_page_shows_every_route_and_asks_nothing_of_others(
    watched: Watched, address: str, description: dict[str, Any]
) -> None:
    page = watched.page
    page.goto(f"{address}/docs")
    routes = page.locator("section[id^=tag-] details.route > summary .path")
    expect(routes).to_have_count(len(operations(description)))
    expect(page.get_by_role("heading", level=1)).to_contain_text("接口说明")
    open_route(page, "post-v1-ask")
    expect(page.locator("#post-v1-ask textarea")).to_have_value(re.compile("吕梁市委书记是谁？"))
    expect(page.locator("#post-v1-ask")).to_contain_text("application/problem+json")
    assert watched.errors == []
    assert all(each.startswith(address) for each in watched.requests)


def test_a_route_can_be_tried(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/docs")
    open_route(page, "get-v1-sources-id")
    route = page.locator("#get-v1-sources-id")
    route.get_by_label("id").fill(FIRST.name)
    route.get_by_role("button", name="发送").click()
    expect(route.locator(".result")).to_contain_text("→ 200")
    expect(route.locator(".result pre")).to_contain_text("孙大军")


def test_the_address_of_a_kind_of_failure_shows_it(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/docs#index_locked")
    expect(page.locator("#index_locked")).to_be_in_viewport()
    page.goto(f"{address}/docs#shape-Problem")
    page.reload()
    expect(page.locator("#shape-Problem table")).to_be_visible()


def test_an_address_with_broken_escapes_shows_the_description_all_the_same(
    watched: Watched, address: str
) -> None:
    page = watched.page
    page.goto(f"{address}/docs#%")
    expect(page.locator("#post-v1-ask")).to_be_visible()
    # Later, and a character in pieces.
    page.evaluate("location.hash = '%E4%B8'")
    page.evaluate("location.hash = 'shape-Problem'")
    expect(page.locator("#shape-Problem table")).to_be_visible()
    assert watched.errors == []


def test_the_page_is_as_narrow_as_a_telephone(watched: Watched, address: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/docs")
    open_route(page, "post-v1-ask")
    open_route(page, "post-v1-sources")

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_axe_finds_no_fault_in_the_description(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/docs#shape-OutcomeBody")
    open_route(page, "post-v1-ask")
    page.locator("#post-v1-ask").get_by_role("button", name="发送").click()
    expect(page.locator("#post-v1-ask .result")).to_contain_text("→ 200")
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = faults(page)
    assert found == {"light": [], "dark": []}
