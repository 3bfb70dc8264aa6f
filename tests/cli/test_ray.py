"""``qa index --ray`` as a person types it; who labours is in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.cli.main import app
from qa.cluster import ray_connection
from qa.cluster.address import Address
from qa.cluster.tasks import Standing
from qa.cluster.worker import Make
from qa.settings import Settings
from tests.cluster.crews import FakeCrew
from tests.milvus import free_port
from tests.store.rebuilt import rows, rows_without_numbers


def qa(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@contextmanager
def crew_here(address: Address, *, make: Make, settings: Settings, wanted: Standing) -> Iterator[FakeCrew]:
    """Hire nobody else."""
    workshop = make(settings)
    assert (address, workshop.standing) == (Address("auto"), wanted)
    yield FakeCrew(workshop=workshop)


def test_an_index_is_added_to_and_rebuilt_by_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_connection, "open_crew", crew_here)
    pages = tmp_path / "报"
    pages.mkdir()
    (pages / "一.txt").write_text("本报讯 大会在京开幕。\n", encoding="utf-8")
    (pages / "二.bin").write_bytes(b"\0")
    alone, shared = str(tmp_path / "alone"), str(tmp_path / "shared")

    assert qa("index", str(pages), "--index", alone).exit_code == 1
    told = [qa("index", str(pages), "--index", shared, "--ray", "auto", "--json") for _ in range(2)]

    first, again = (json.loads(each.stdout) for each in told)
    assert [each.exit_code for each in told] == [1, 1]
    assert (first["added"], again["unchanged"]) == (["一.txt"], ["一.txt"])
    assert [each["source"] for each in first["failed"]] == ["二.bin"]
    assert rows(Path(shared)) == rows(Path(alone))
    rebuilt = qa("index", "--rebuild", "--index", shared, "--ray", "auto")
    assert (rebuilt.exit_code, rebuilt.stdout.split("，")[1]) == (0, "更新 1")
    assert rows_without_numbers(Path(shared)) == rows_without_numbers(Path(alone))


def test_an_address_that_is_none_is_a_misuse(tmp_path: Path) -> None:
    told = qa("index", str(tmp_path), "--index", str(tmp_path / "index"), "--ray", "head")

    assert told.exit_code == 2
    assert "应为 auto、local 或 主机:端口" in told.stderr


def test_nobody_at_the_address_is_told_plainly(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="ray is not installed; scripts/setup dev installs it")
    address = f"127.0.0.1:{free_port()}"

    told = qa("index", str(tmp_path), "--index", str(tmp_path / "index"), "--ray", address)

    assert told.exit_code == 8
    assert told.stderr.startswith(f"cluster_away: 连不上集群 {address}（那里没有程序在监听）")
    assert len(told.stderr.splitlines()) == 1
    assert not (tmp_path / "index").exists()


def test_without_the_option_ray_is_not_imported() -> None:
    script = (
        "import sys, qa.cli.index, qa.assemble; print('ray' in sys.modules, 'qa.cluster.pool' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
