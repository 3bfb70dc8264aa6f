"""The service over an index on disk that uploads change, with models that are fakes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from qa.domain.ports import Snapshot
from qa.domain.sources import Source
from qa.engine.ask import Engine
from qa.engine.build import Builder
from qa.engine.live import LiveAsker
from qa.settings import Settings
from qa.store.publications import LocalPublications
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from qa.web.app import create_app
from tests.fakes import FakeEncoder, FakeReader, SilentProgress, confidence_by_margin
from tests.shipped import page_model

FIRST = Source(name="一版.txt", text="本报讯 2月23日，市委书记孙大军主持会议。\n")


@contextmanager
def live(settings: Settings) -> Iterator[LiveAsker]:
    """Open whatever version of an index is published, with the fakes."""
    encoder = FakeEncoder()

    def over(snapshot: Snapshot) -> Engine:
        confidence = confidence_by_margin(midpoint=0.5, slope=20.0)
        return Engine(snapshot, encoder, FakeReader(), confidence=confidence, longest=500)

    opened = LiveAsker(LocalPublications(settings.index, encoder=encoder.identity, tokens=Tokens()), over)
    try:
        yield opened
    finally:
        opened.close()


def made_index(folder: Path, *sources: Source) -> Path:
    """Return the folder of an index with the fake encoder's vectors."""
    writer = LocalWriter(folder, encoder=FakeEncoder().identity, tokens=Tokens())
    try:
        builder = Builder(writer, FakeEncoder(), pages=page_model(), progress=SilentProgress())
        builder.add(sources or [FIRST])
    finally:
        writer.close()
    return folder


def kept_app(settings: Settings) -> FastAPI:
    """Return the application over what follows the index that is set."""
    return create_app(settings, open_askers=live)
