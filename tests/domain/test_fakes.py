"""The fakes keep the contracts that the adapters keep."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.domain.ports import Encoder, Publications, Reader, Snapshot, Writer
from tests.contracts import (
    EncoderContract,
    PublicationsContract,
    ReaderContract,
    SnapshotContract,
    WriterContract,
    pages,
)
from tests.fakes import FakeEncoder, FakeReader, MemoryPublications, MemoryWriter


class TestFakeEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return FakeEncoder()


class TestFakeReader(ReaderContract):
    @pytest.fixture
    def reader(self) -> Reader:
        return FakeReader()


class TestMemorySnapshot(SnapshotContract):
    @pytest.fixture
    def snapshot(self) -> Snapshot:
        writer = MemoryWriter()
        writer.publish(put=pages(), remove=())
        return writer.snapshot()


class TestMemoryWriter(WriterContract):
    @pytest.fixture
    def writer(self) -> MemoryWriter:
        return MemoryWriter()

    @pytest.fixture
    def snapshot_of(self, writer: Writer) -> Callable[[], Snapshot]:
        assert isinstance(writer, MemoryWriter)
        return writer.snapshot


class TestMemoryPublications(PublicationsContract):
    @pytest.fixture
    def writer(self) -> MemoryWriter:
        return MemoryWriter()

    @pytest.fixture
    def publications(self, writer: MemoryWriter) -> Publications:
        return MemoryPublications(writer)
