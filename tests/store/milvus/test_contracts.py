"""The index in Milvus keeps the contracts of its ports, over a milvus-lite server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from qa.domain.ports import Publications, Snapshot, Writer
from qa.store.milvus.connection import Address, Milvus
from qa.store.milvus.publications import MilvusPublications
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.milvus.writer import MilvusWriter
from qa.store.tokens import Tokens
from tests.contracts import PublicationsContract, SnapshotContract, WriterContract, pages
from tests.milvus import Server, connected, drop_all, prefix_of
from tests.store.conftest import IDENTITY


@pytest.fixture
def milvus(milvus_address: Address) -> Iterator[Milvus]:
    with connected(milvus_address) as milvus:
        yield milvus


@pytest.fixture
def milvus_writer(milvus_address: Address, tokens: Tokens) -> Iterator[MilvusWriter]:
    writer = MilvusWriter(Milvus(milvus_address), encoder=IDENTITY, tokens=tokens)
    yield writer
    writer.close()


@pytest.fixture(scope="module")
def built_once(milvus_server: Server, tokens: Tokens) -> Iterator[Address]:
    address = Address(uri=milvus_server.uri, prefix=prefix_of("snapshot"))
    writer = MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)
    writer.publish(put=pages(), remove=())
    writer.close()
    yield address
    drop_all(address)


class TestMilvusSnapshot(SnapshotContract):
    @pytest.fixture
    def snapshot(self, built_once: Address, tokens: Tokens) -> Iterator[Snapshot]:
        with connected(built_once) as milvus:
            yield MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)


class TestMilvusWriter(WriterContract):
    @pytest.fixture
    def writer(self, milvus_writer: MilvusWriter) -> Writer:
        return milvus_writer

    @pytest.fixture
    def snapshot_of(self, milvus: Milvus, tokens: Tokens) -> Callable[[], Snapshot]:
        return lambda: MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)


class TestMilvusPublications(PublicationsContract):
    @pytest.fixture
    def writer(self, milvus_writer: MilvusWriter) -> Writer:
        return milvus_writer

    @pytest.fixture
    def publications(self, milvus: Milvus, tokens: Tokens) -> Publications:
        return MilvusPublications(milvus, encoder=IDENTITY, tokens=tokens)
