"""Articles over two pages in the HTTP interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.domain.ports import Encoder
from qa.engine import articles
from qa.engine.build import Builder
from qa.settings import Settings
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from qa.web.app import create_app
from tests.engine.pages import paper_page, segment_lines
from tests.fakes import SilentProgress
from tests.shipped import page_model

ONE = paper_page("一版.txt", "本市煤炭产量去年稳步（下转第4版）", "天气晴。")
FOUR = paper_page("四版.txt", "（上接第1版）增长到三百万吨。", head="吕梁日报 2023-02-24 4")


@pytest.fixture(scope="module")
def client(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("pages") / "index"
    writer = LocalWriter(folder, encoder=encoder.identity, tokens=Tokens())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(articles, "segment", segment_lines)
        Builder(writer, encoder, pages=page_model(), progress=SilentProgress()).add([FOUR, ONE])
    writer.close()
    with TestClient(create_app(Settings(index=folder))) as opened:
        yield opened


def test_an_article_has_its_places_in_both_sources(client: TestClient) -> None:
    listed = client.get("/v1/articles").json()["articles"]

    assert [[span["source"] for span in each["spans"]] for each in listed] == [
        ["一版.txt", "四版.txt"],
        ["一版.txt"],
    ]
    article = client.get(f"/v1/articles/{listed[0]['id']}").json()
    assert article == listed[0]
    assert (article["published"], article["jump_to"], article["jump_from"]) == ("2023-02-24", "4", "1")
    assert article["facts_at"] == {"title": [{"source": "一版.txt", "start": 18, "end": 22}]}


def test_either_source_lists_it(client: TestClient) -> None:
    for name, total in (("一版.txt", 2), ("四版.txt", 1)):
        assert client.get("/v1/articles", params={"source": name}).json()["total"] == total
    counts = [(each["name"], each["articles"]) for each in client.get("/v1/sources").json()["sources"]]
    assert counts == [("一版.txt", 2), ("四版.txt", 1)]


def test_a_citation_over_the_jump_is_verbatim_in_both_sources(client: TestClient) -> None:
    body = {"question": "煤炭产量增长到多少？", "filters": {"sources": ["四版.txt"]}}
    (found,) = client.post("/v1/search", json=body).json()["results"]

    texts = {page.name: page.text for page in (ONE, FOUR)}
    printed = "".join(texts[s["source"]][s["start"] : s["end"]] for s in found["spans"])
    assert printed == found["quote"] == "本市煤炭产量去年稳步（下转第4版）（上接第1版）增长到三百万吨。"
    assert found["article"]["source"] == "一版.txt"
    assert found["article"]["published"] == "2023-02-24"
