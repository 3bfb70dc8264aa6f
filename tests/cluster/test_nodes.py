"""Two nodes of one machine index what one process would, though a worker is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.cluster.address import Address
from qa.cluster.inputs import inputs_of
from qa.cluster.labour import SharedLabour
from qa.cluster.pool import Pool
from qa.cluster.ray_connection import open_crew
from qa.cluster.worker import Make
from qa.domain.ports import Failed
from qa.domain.sources import Source
from qa.engine import build
from qa.engine.articles import SegmentedSource
from qa.engine.build import Builder, BuildReport
from qa.engine.labour import Labour
from qa.errors import ClusterUnfit, SourceBroken
from qa.loaders.table import LOADERS
from qa.loaders.walk import load_all
from qa.settings import Settings
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.cluster import workshops
from tests.cluster.workshops import FATAL, WANTED
from tests.fakes import FakeEncoder, SilentProgress
from tests.ray_nodes import ACCESS, HEAD, OTHER, Cluster, running
from tests.shipped import page_model
from tests.store.rebuilt import rows

LIMIT = 2**20


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Return a cluster of two nodes, of one processor each."""
    with pytest.MonkeyPatch.context() as environment, running(HEAD, OTHER) as cluster:
        for name, value in ACCESS.items():
            environment.setenv(name, value)
        yield cluster


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Return a folder of pages, of which one jumps to another, a web page and records."""
    folder = tmp_path / "报"
    folder.mkdir()
    for number in range(30):
        jump = {3: "（下转第4版）", 20: "（上接第1版）"}.get(number, "")
        day = f"吕梁日报 2023年2月{number % 28 + 1}日"
        text = f"{day}\n\n{jump}本报讯 第{number}次会议召开，运煤{number}吨。{jump}\n"
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    (folder / "网.html").write_text("<html><body><p>网页上的一篇文章。</p></body></html>", encoding="utf-8")
    records = [{"id": f"n-{at}", "title": "新闻", "text": f"消息{at}。" * (at + 1)} for at in range(20)]
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    (folder / "条.jsonl").write_text(lines, encoding="utf-8")
    return folder


@dataclass
class Killing(SilentProgress):
    """Kills a worker of a cluster when the first passages are embedded."""

    cluster: Cluster | None = None
    killed: int = 0

    def advance(self, steps: int) -> None:
        super().advance(steps)
        workers = [pid for node in self.cluster.nodes for pid in node.workers()] if self.cluster else []
        if workers and not self.killed:
            self.killed = workers[0]
            os.kill(self.killed, signal.SIGKILL)


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish, and embed, a few passages at a time."""
    monkeypatch.setattr(build, "BATCH_PASSAGES", 20)
    monkeypatch.setattr(build, "STEP", 2)


def indexed_alone(folder: Path, collection: Path) -> tuple[dict[str, Any], BuildReport]:
    """Return all rows of an index that this process made, and its report."""
    return Built(folder, labour=None, progress=SilentProgress()).rows(
        load_all([str(collection)], limit=LIMIT)
    )


@dataclass(frozen=True)
class Built:
    """An index to be."""

    folder: Path
    labour: Labour | None
    progress: SilentProgress

    def rows(self, found: Iterable[Source | SegmentedSource | Failed]) -> tuple[dict[str, Any], BuildReport]:
        writer = LocalWriter(self.folder, encoder=FakeEncoder().identity, tokens=Tokens())
        try:
            builder = Builder(
                writer, FakeEncoder(), pages=page_model(), progress=self.progress, labour=self.labour
            )
            report = builder.add(found)
        finally:
            writer.close()
        return rows(self.folder), report


def indexed_by(
    cluster: Cluster, make: Make, folder: Path, collection: Path, progress: SilentProgress
) -> tuple[dict[str, Any], BuildReport]:
    """Return all rows of an index that a cluster made, and its report."""
    with open_crew(Address(cluster.address), make=make, settings=Settings(), wanted=WANTED) as crew:
        labour = SharedLabour(Pool(crew))
        found = labour.found(inputs_of([str(collection)], limit=LIMIT, loaders=LOADERS), held={})
        return Built(folder, labour=labour, progress=progress).rows(found)


@pytest.mark.usefixtures("in_small_batches")
def test_with_a_worker_killed_in_the_middle_the_index_is_the_same(
    cluster: Cluster, collection: Path, tmp_path: Path
) -> None:
    progress = Killing(cluster=cluster)
    here, report = indexed_alone(tmp_path / "一", collection)

    there, shared = indexed_by(cluster, workshops.slow, tmp_path / "二", collection, progress)

    assert progress.killed
    assert there == here
    assert len(here["sources"]) == len(shared.added) == 51
    assert (shared.added, shared.passages, shared.failed) == (report.added, report.passages, [])
    assert progress.advanced == report.passages


def test_a_file_that_kills_its_worker_each_time_fails_alone(
    cluster: Cluster, collection: Path, tmp_path: Path
) -> None:
    wanted, _ = indexed_alone(tmp_path / "一", collection)
    (collection / f"05{FATAL}.txt").write_text("本报讯 大会开幕。\n", encoding="utf-8")

    made, report = indexed_by(cluster, workshops.fatal, tmp_path / "二", collection, SilentProgress())

    assert made == wanted
    assert [(each.name, type(each.error)) for each in report.failed] == [(f"05{FATAL}.txt", SourceBroken)]
    assert isinstance(report.failed[0], Failed)


def test_a_cluster_with_another_model_is_refused(cluster: Cluster, collection: Path, tmp_path: Path) -> None:
    with pytest.raises(ClusterUnfit, match="各节点须用同一个模型"):
        indexed_by(cluster, workshops.of_another_model, tmp_path / "二", collection, SilentProgress())


@pytest.mark.usefixtures("in_small_batches")
def test_a_node_that_is_lost_is_done_without(cluster: Cluster, collection: Path, tmp_path: Path) -> None:
    """The last of these: the node is gone."""

    class Unplugging(SilentProgress):
        def advance(self, steps: int) -> None:
            super().advance(steps)
            cluster.nodes[1].kill()

    wanted, _ = indexed_alone(tmp_path / "一", collection)

    made, _ = indexed_by(cluster, workshops.slow, tmp_path / "二", collection, Unplugging())

    assert made == wanted
