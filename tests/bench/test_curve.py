"""Costs that grow by a power are given that power, in the table and in a drawing that stays the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.curve import Row, exponent, plot, table_of

ROWS = [
    Row(
        passages=passages,
        build_s=passages / 1000,
        disk_mb=passages / 500,
        memory_mb=passages**0.5,
        p50_ms=1.0,
        p95_ms=3.0,
    )
    for passages in (10_000, 30_000, 100_000)
]


@pytest.mark.parametrize(("cost", "power"), [("build_s", 1.0), ("memory_mb", 0.5), ("p95_ms", 0.0)])
def test_the_exponent_is_that_of_the_power(cost: str, power: float) -> None:
    assert exponent(ROWS, cost)[0] == pytest.approx(power, abs=1e-9)


def test_the_last_line_of_the_table_is_of_exponents() -> None:
    assert table_of(ROWS).splitlines()[-1] == "| exponent | 1.00 | 1.00 | 0.50 | 0.00 |"


def test_a_drawing_is_the_same_twice_and_names_each_cost(tmp_path: Path) -> None:
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        plot(ROWS, file)

    assert files[0].read_bytes() == files[1].read_bytes()
    assert "search p95, ms: n^" in files[0].read_text("utf-8")
