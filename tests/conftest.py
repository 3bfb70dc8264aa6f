"""Fixtures that several floors share: the real encoder, and an index of the sample pages."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from qa.assemble import make_encoder, open_engine
from qa.domain.ports import Encoder
from qa.engine.ask import Engine
from qa.engine.build import Builder
from qa.loaders.walk import load_all
from qa.settings import Settings
from qa.store.milvus.connection import Address
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests import milvus
from tests.fakes import SilentProgress
from tests.shipped import page_model

SEEDS = Path(__file__).parent.parent / "seeds"

# Property tests try the same cases every time, however busy the machine is.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_report_to_serializable(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make what a test printed fit for the way between processes, which takes no lone surrogates."""
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the environment of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_handlers_left() -> Iterator[None]:
    """Take away where a service sent its entries: what it wrote to is closed with the test."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if type(each) is logging.StreamHandler]:
        root.removeHandler(handler)


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[milvus.Server]:
    """Return a milvus-lite server that many tests share, each under a prefix of its own."""
    with milvus.running(tmp_path_factory.mktemp("milvus") / "data") as server:
        yield server


@pytest.fixture
def milvus_address(milvus_server: milvus.Server, request: pytest.FixtureRequest) -> Iterator[Address]:
    """Return where a test keeps an index of its own; nothing is there yet."""
    address = Address(uri=milvus_server.uri, prefix=milvus.prefix_of(request.node.name))
    yield address
    milvus.drop_all(address)


@pytest.fixture(scope="session")
def shipped_encoder() -> Encoder:
    """Return the encoder that is shipped."""
    return make_encoder(Settings())


@pytest.fixture(scope="session")
def encoder(shipped_encoder: Encoder) -> Encoder:
    """Return the encoder to test with; the tests of a contract put their own in its place."""
    return shipped_encoder


@pytest.fixture(scope="session")
def seeds_index(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index of the sample pages."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    writer = LocalWriter(folder, encoder=encoder.identity, tokens=Tokens())
    try:
        report = Builder(writer, encoder, pages=page_model(), progress=SilentProgress()).add(
            load_all([str(SEEDS)], limit=2**20)
        )
    finally:
        writer.close()
    assert len(report.added) == 5, report
    return folder


@pytest.fixture(scope="session")
def engine(seeds_index: Path) -> Iterator[Engine]:
    """Return an engine over the sample pages."""
    with open_engine(Settings(index=seeds_index)) as opened:
        yield opened
