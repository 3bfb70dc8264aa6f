"""The service over an index in Milvus: the reason while it is away, and answers again once it is back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.domain.ports import AskerInForce, Snapshot
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.settings import Settings
from qa.store.milvus import connection
from qa.store.milvus.connection import Address, Milvus
from qa.store.milvus.publications import MilvusPublications
from qa.store.milvus.writer import MilvusWriter
from qa.store.tokens import Tokens
from qa.web.app import create_app
from tests.fakes import FakeEncoder, FakeReader, confidence_by_margin, indexed, story
from tests.milvus import connected, running

IDENTITY = FakeEncoder().identity


def engine_over(snapshot: Snapshot) -> Engine:
    confidence = confidence_by_margin(midpoint=0.5, slope=20.0)
    return Engine(snapshot, FakeEncoder(), FakeReader(), confidence=confidence, longest=500)


def until(is_so: Callable[[], bool], *, seconds: float = 90.0) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.2)


def test_readiness_says_why_while_the_store_is_away_and_comes_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Tokens()
    with running(tmp_path / "data") as server:
        address = Address(uri=server.uri)

        def put(name: str, text: str) -> None:
            with closing(MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)) as writer:
                writer.publish(put=[indexed(name, story(text))], remove=())

        @contextmanager
        def askers(settings: Settings) -> Iterator[AskerInForce]:
            with connected(address) as milvus:
                published = MilvusPublications(milvus, encoder=IDENTITY, tokens=tokens)
                with closing(LiveAsker(published, engine_over)) as live:
                    yield live

        put("一.txt", "市图书馆新馆藏书三十万册。")
        settings = Settings(index=tmp_path / "index", store=server.uri, refresh_seconds=0.2, batches=False)
        with TestClient(create_app(settings, open_askers=askers), base_url="http://127.0.0.1") as client:
            asked = {"question": "市图书馆新馆藏书多少册？"}
            before = client.post("/v1/ask", json=asked).json()
            assert before["answer"] == "市图书馆新馆藏书三十万册"
            assert client.get("/readyz").status_code == 200

            server.kill()
            with monkeypatch.context() as hurried:
                hurried.setattr(connection, "LOOK_S", 2.0)
                hurried.setattr(connection, "READ_S", 2.0)
                until(lambda: client.get("/readyz").status_code == 503)
                told = client.get("/readyz").json()
                assert told["code"] == "store_away"
                assert "请检查它是否在运行" in told["detail"]
                assert client.get("/healthz").status_code == 200
                assert client.post("/v1/ask", json=asked).json()["code"] == "store_away"

            server.start()
            until(lambda: client.get("/readyz").status_code == 200)
            after = client.post("/v1/ask", json=asked).json()
            assert (after["answer"], after["citations"]) == (before["answer"], before["citations"])
            # Another process publishes, and the service goes over to it.
            put("二.txt", "博物馆本月开放。")
            until(lambda: client.get("/readyz").json()["index_version"].startswith("2-"))
            found = client.post("/v1/ask", json={"question": "博物馆什么时候开放？"}).json()
            assert found["index_version"].startswith("2-")
            assert found["citations"][0]["spans"][0]["source"] == "二.txt"
