"""The collection in short, and papers as a filter, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.domain.articles import Article
from qa.settings import Settings
from qa.store.rows import article_from_row
from qa.web.holdings import HoldingsBody
from qa.web.opening import open_service, unchanging
from tests.web.room import QUESTION, Room, pages
from tests.web.served import engine_over_stories


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(Room(pages(), folder=tmp_path / "index").app) as opened:
        yield opened


def test_the_collection_is_told_in_short(client: TestClient) -> None:
    told = client.get("/v1/collection").json()

    assert (told["sources"], told["articles"], told["passages"]) == (2, 3, 4)
    assert told["newest"] == "2023-03-01"
    assert told["upload_bytes"] == 20 * 2**20 - 1024
    assert told["question_characters"] == 500
    assert told["newspapers"] == [
        {"name": "吕梁日报", "articles": 2, "first": "2023-02-16", "last": "2023-02-16"},
        {"name": "并州晚报", "articles": 1, "first": "2023-03-01", "last": "2023-03-01"},
    ]
    (example,) = told["examples"]
    assert example["question"] == "市委常委会什么时候召开会议？"
    assert client.get(f"/v1/articles/{example['article']}").json()["title"] == example["title"]


def test_a_page_of_articles_costs_what_is_on_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(row: Sequence[Any]) -> Article:
        read.append(row[0])
        return article_from_row(row)

    monkeypatch.setattr("qa.store.catalogue.article_from_row", counted)
    listed = client.get("/v1/articles", params={"offset": 1, "limit": 1}).json()

    assert listed["total"] == 3
    assert read == [each["id"] for each in listed["articles"]]
    read.clear()
    assert client.get("/v1/articles", params={"offset": 3}).json()["articles"] == []
    assert read == []


def test_only_one_paper_is_asked(client: TestClient) -> None:
    body = {"question": QUESTION, "filters": {"newspapers": ["并州晚报"]}}
    answered = client.post("/v1/ask", json=body).json()

    assert [each["article"]["source"] for each in answered["citations"]] == ["晚报.txt"]
    assert [each["article"]["newspaper"] for each in answered["citations"]] == ["并州晚报"]


def test_only_the_articles_of_one_paper_are_listed(client: TestClient) -> None:
    listed = client.get("/v1/articles", params={"newspaper": ["并州晚报", "没有这份报"]}).json()

    assert (listed["total"], [each["title"] for each in listed["articles"]]) == (1, ["走访社区"])


def test_how_long_a_question_may_be_is_told_as_it_is_set() -> None:
    asker = engine_over_stories()
    settings = Settings(max_question=700, keep_answers=False)

    with open_service(settings, unchanging(lambda _: nullcontext(asker))) as service:
        told = HoldingsBody.of(asker.snapshot, bounds=service.bounds)

    assert told.question_characters == 700
