"""Sizes that were not measured are continued from those that were, and the model is held to the largest."""

from __future__ import annotations

import pytest

from bench.curve import Row
from bench.scale_model import Machines, checked_table, continued, sizing, sizing_table


def row(passages: int, *, memory_mb: float) -> Row:
    return Row(
        passages=passages,
        build_s=passages / 1000,
        disk_mb=passages / 500,
        memory_mb=memory_mb,
        p50_ms=1.0,
        p95_ms=passages**0.5,
    )


ROWS = [row(passages, memory_mb=passages / 1000) for passages in (10_000, 100_000, 200_000)]
MACHINES = Machines(node_gb=60, copies=2, cores=10)


@pytest.mark.parametrize(
    ("cost", "expected"), [("build_s", 1000), ("disk_mb", 2000), ("memory_mb", 1000), ("p95_ms", 1000)]
)
def test_powers_go_on(cost: str, expected: float) -> None:
    assert continued(ROWS, cost, 10**6) == pytest.approx(expected)


def test_memory_of_milvus_is_the_formula_and_nodes_are_filled_to_nine_tenths() -> None:
    asked = sizing(ROWS, 10**8, MACHINES, rate=5.0)

    assert asked.milvus_gb == pytest.approx(460.8)
    assert asked.nodes == 9  # of 54 GB each
    assert asked.embedding_h == pytest.approx(10**8 / 5 / 10 / 3600)


def test_the_largest_is_foretold_by_the_others() -> None:
    told = checked_table([*ROWS[:2], row(200_000, memory_mb=400.0)])

    assert "| 内存 MB | 200.0 | 400.0 | 0.50 |" in told
    assert "| 磁盘 MB | 400.0 | 400.0 | 1.00 | 1.00 |" in told


def test_the_table_says_what_it_is_for() -> None:
    told = sizing_table([sizing(ROWS, 10**6, MACHINES, rate=5.0)], MACHINES, rate=5.0)

    assert "每一百万段：算向量 55.6 核时（每核每秒 5.0 段）" in told
    assert "| 100 万 | 5.6 | 0.3 | 2.0 | 1.0 | 1,000 | 4.6 | 1 |" in told
