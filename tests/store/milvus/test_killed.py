"""A server that is killed while it is written to loses nothing that it had acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.errors import StoreAway, StoreFailed
from qa.store.milvus import connection
from qa.store.milvus.connection import Address, Milvus
from qa.store.milvus.publications import MilvusPublications
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.milvus.verify import verify_milvus
from qa.store.milvus.writer import MilvusWriter
from qa.store.tokens import Tokens
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, story
from tests.milvus import Server, connected, running
from tests.store.conftest import IDENTITY


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data") as server:
        yield server


def until(is_so: Callable[[], bool], *, seconds: float = 90.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.1)


def answers(published: MilvusPublications) -> bool:
    """Tell whether the server can be asked; it may take a moment until it is looked for again."""
    try:
        return bool(published.latest())
    except StoreAway:
        return False


def test_what_was_acknowledged_is_there_after_a_kill_in_the_middle_of_writing(
    server: Server, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_S", 5.0)
    address = Address(uri=server.uri, prefix="killed")
    writer = MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)
    acknowledged: list[str] = []
    failed: list[StoreFailed] = []

    def write() -> None:
        try:
            for at in range(10_000):
                name = f"{at}.txt"
                writer.publish(put=[indexed(name, story(f"第{at}号消息。"))], remove=())
                acknowledged.append(name)
        except StoreFailed as error:
            failed.append(error)

    writing = threading.Thread(target=write)
    writing.start()
    until(lambda: len(acknowledged) >= 3)
    server.kill()
    writing.join()
    assert isinstance(failed[0], StoreAway)
    writer.close()

    server.start()
    with connected(address) as milvus:
        snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
        held = {each.name for each in snapshot.sources()}
        # The last one may have come to be published before its answer was lost.
        assert set(acknowledged) <= held <= {*acknowledged, f"{len(acknowledged)}.txt"}
        for at in range(len(acknowledged)):
            found = snapshot.search_lexical(f"第{at}号", limit=1, within=None)
            assert [each.source_name for each in snapshot.cite([found[0].number])] == [f"{at}.txt"]
        monkeypatch.setattr("qa.store.milvus.lease.until", lambda _: 0.0)
        again = MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)
        again.publish(put=pages(), remove=["0.txt"])
        again.close()
        assert verify_milvus(milvus, tokens=tokens, deep=True, encoder=FakeEncoder()).sound
        latest = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
        assert {each.name for each in latest.sources()} == (held - {"0.txt"}) | {
            page.source.name for page in pages()
        }


def test_an_open_version_answers_again_once_the_server_is_back(
    server: Server, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = Address(uri=server.uri, prefix="back")
    writer = MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)
    writer.publish(put=pages(), remove=())
    writer.close()
    with connected(address) as milvus:
        published = MilvusPublications(milvus, encoder=IDENTITY, tokens=tokens)
        snapshot = published.open()
        server.kill()
        with monkeypatch.context() as hurried:
            hurried.setattr(connection, "LOOK_S", 3.0)
            hurried.setattr(connection, "READ_S", 3.0)
            with pytest.raises(StoreAway):
                snapshot.search_lexical("大会", limit=3, within=None)
            with pytest.raises(StoreAway):
                published.latest()
        server.start()
        until(lambda: answers(published))
        assert published.latest() == snapshot.version
        assert [hit.number for hit in snapshot.search_lexical("气温", limit=3, within=None)] == [3]
