"""An index of small pages on disk, and the dictionary loaded once for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.domain.ports import EncoderIdentity
from qa.store.snapshot import LocalSnapshot
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.contracts import pages
from tests.fakes import FakeEncoder

IDENTITY = FakeEncoder().identity

DAY_S = 86_400.0
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON.timestamp()

    def __call__(self) -> float:
        return self.now


def flip(path: Path) -> None:
    """Turn the bits of the byte in the middle of a file; in place: what is mapped must not be cut off."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 0xFF]))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder for an index, and ways to open it."""

    folder: Path
    tokens: Tokens

    @contextmanager
    def writing(
        self,
        encoder: EncoderIdentity | None = IDENTITY,
        *,
        create: bool = True,
        rebuild: bool = False,
        cutting: str = "",
    ) -> Iterator[LocalWriter]:
        """Open the index for writing."""
        writer = LocalWriter(
            self.folder,
            encoder=encoder,
            tokens=self.tokens,
            create=create,
            rebuild=rebuild,
            cutting=cutting,
        )
        try:
            yield writer
        finally:
            writer.close()

    @contextmanager
    def reading(self, encoder: EncoderIdentity | None = IDENTITY) -> Iterator[LocalSnapshot]:
        """Open the version that is published."""
        snapshot = LocalSnapshot(self.folder, encoder=encoder, tokens=self.tokens)
        try:
            yield snapshot
        finally:
            snapshot.close()

    def names(self) -> list[str]:
        """Return the sources of the published version, once both searches agree with the catalogue."""
        with self.reading() as snapshot:
            statistics = snapshot.statistics()
            question = FakeEncoder().embed_questions(["大会"])[0]
            found = snapshot.search_dense(question, limit=1000, within=None)
            assert len(found) == statistics.passages
            snapshot.cite([hit.number for hit in found])
            return [each.name for each in snapshot.sources()]

    def derived(self) -> list[Path]:
        """Return the derived files of the latest version."""
        latest = max((self.folder / "generations").iterdir())
        return sorted(p for p in latest.rglob("*") if p.is_file() and not p.name.endswith(".lock"))


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    """Return the cutter of words; its dictionary takes most of a second to load."""
    return Tokens()


@pytest.fixture
def place(tmp_path: Path, tokens: Tokens) -> Place:
    """Return a folder without an index."""
    return Place(folder=tmp_path / "index", tokens=tokens)


@pytest.fixture
def built(place: Place) -> Place:
    """Return an index that holds the pages of the contracts."""
    with place.writing() as writer:
        writer.publish(put=pages(), remove=())
    return place
