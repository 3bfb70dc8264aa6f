"""How many cores there are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.models.cores import usable_cores


@pytest.fixture
def eight_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)


@pytest.mark.usefixtures("eight_bound")
@pytest.mark.parametrize(
    ("written", "cores"),
    [
        ("200000 100000\n", 2),
        ("250000 100000\n", 2),
        ("50000 100000\n", 1),
        ("max 100000\n", 8),
        ("6400000 100000\n", 8),
        ("", 8),
        ("一 二\n", 8),
        ("100000 0\n", 8),
    ],
)
def test_a_container_has_the_whole_cores_that_it_is_allowed(written: str, cores: int, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(written, encoding="utf-8")

    assert usable_cores(quota) == cores


@pytest.mark.usefixtures("eight_bound")
def test_without_a_quota_the_cores_that_the_process_is_bound_to_count(tmp_path: Path) -> None:
    assert usable_cores(tmp_path / "none") == 8


def test_where_a_process_cannot_be_bound_all_cores_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert usable_cores(tmp_path / "none") == 1
