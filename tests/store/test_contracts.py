"""The index on disk keeps the contracts of its ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from qa.domain.ports import Publications, Snapshot, Writer
from qa.store.publications import LocalPublications
from qa.store.snapshot import LocalSnapshot
from tests.contracts import PublicationsContract, SnapshotContract, WriterContract
from tests.store.conftest import IDENTITY, Place


class TestLocalSnapshot(SnapshotContract):
    @pytest.fixture
    def snapshot(self, built: Place) -> Iterator[Snapshot]:
        with built.reading() as snapshot:
            yield snapshot


class TestLocalWriter(WriterContract):
    @pytest.fixture
    def writer(self, place: Place) -> Iterator[Writer]:
        with place.writing() as writer:
            yield writer

    @pytest.fixture
    def snapshot_of(self, place: Place) -> Iterator[Callable[[], Snapshot]]:
        opened: list[LocalSnapshot] = []

        def open_snapshot() -> LocalSnapshot:
            opened.append(LocalSnapshot(place.folder, encoder=IDENTITY, tokens=place.tokens))
            return opened[-1]

        yield open_snapshot
        for snapshot in opened:
            snapshot.close()


class TestLocalPublications(PublicationsContract):
    @pytest.fixture
    def writer(self, place: Place) -> Iterator[Writer]:
        with place.writing() as writer:
            yield writer

    @pytest.fixture
    def publications(self, place: Place) -> Publications:
        return LocalPublications(place.folder, encoder=IDENTITY, tokens=place.tokens)
