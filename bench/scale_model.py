"""What a collection of any size costs, continued from what was measured, and how far that can be trusted.

    python -m bench.scale_model [--node-gb 64] [--copies 1] [--cores 16]

Reads docs/measured/growth.json (``scripts/bench curve``) and docs/measured/peers-embed.json (``scripts/bench
peers embed``), and writes two tables into docs/scale.md. Every cost of the folder is taken for a power of the
number of passages. To be checked, the power is fitted without the largest size and asked for it; then it is
fitted to all sizes and continued. Memory of Milvus is its makers' formula, not a measurement.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.curve import Row, exponent
from bench.page import kept, put, table

PAGE = Path("docs/scale.md")
SIZES = (10**6, 10**7, 10**8)
DIMENSION = 384
MILVUS_OVERHEAD = 1.5
"""Bytes that Milvus holds for a byte of vectors, by its makers' sizing."""

FULL = 0.9
"""Share of a query node's memory that Milvus loads at most."""

EMBEDDED_BY = 2
"""Cores of the machine that embedding was measured on."""

COSTS = {
    "build_s": "建索引（不含向量计算）秒",
    "disk_mb": "磁盘 MB",
    "memory_mb": "内存 MB",
    "p95_ms": "检索 p95 ms",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """What a user has, or would rent.

    :param cores: That embed.
    :param copies: Of the vectors, for answering more questions at once or outliving a node.
    """

    node_gb: float
    copies: int
    cores: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What a number of passages asks for; embedding in hours."""

    passages: int
    folder: dict[str, float]
    milvus_gb: float
    nodes: int
    embedding_h: float


def main() -> None:
    """Read the arguments and what was measured, and write the tables."""
    parser = argparse.ArgumentParser(description="What a collection of any size costs.")
    parser.add_argument("--node-gb", type=float, default=64.0, help="memory of a query node of Milvus")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--cores", type=int, default=16, help="that embed")
    given = parser.parse_args()
    rows = [Row(**row) for row in kept("growth")]
    embedded = kept("peers-embed")["问报"]
    rate = statistics.median(each["passages"] / each["whole_s"] for each in embedded) / EMBEDDED_BY
    machines = Machines(node_gb=given.node_gb, copies=given.copies, cores=given.cores)
    sizes = [sizing(rows, passages, machines, rate=rate) for passages in SIZES]
    content = f"{checked_table(rows)}\n{sizing_table(sizes, machines, rate=rate)}"
    print(content)
    put(PAGE, mark="sizing", content=content)


def continued(rows: Sequence[Row], cost: str, passages: int) -> float:
    """Return what so many passages cost, by the power that fits the rows best."""
    power, factor = exponent(rows, cost)
    return float(factor * passages**power)


def sizing(rows: Sequence[Row], passages: int, machines: Machines, *, rate: float) -> Sizing:
    """Return what so many passages ask for.

    :param rate: Passages that a core embeds in a second.
    """
    memory = passages * DIMENSION * 4 * MILVUS_OVERHEAD * machines.copies / 1e9
    return Sizing(
        passages=passages,
        folder={cost: continued(rows, cost, passages) for cost in COSTS},
        milvus_gb=memory,
        nodes=math.ceil(memory / (machines.node_gb * FULL)),
        embedding_h=passages / rate / machines.cores / 3600,
    )


def checked_table(rows: Sequence[Row]) -> str:
    """Return the largest size as the smaller ones foretell it, beside what was measured."""
    largest = rows[-1]
    lines = []
    for cost, title in COSTS.items():
        foretold, seen = continued(rows[:-1], cost, largest.passages), getattr(largest, cost)
        power = f"{exponent(rows, cost)[0]:.2f}"
        lines.append([title, f"{foretold:.1f}", f"{seen:.1f}", f"{foretold / seen:.2f}", power])
    columns = [f"{largest.passages} 段", "由较小的几个推算", "实测", "推算 ÷ 实测", "指数"]
    return table(columns, lines)


def sizing_table(sizes: Sequence[Sizing], machines: Machines, *, rate: float) -> str:
    """Return what each size asks for."""
    lines = [
        [
            f"{each.passages // 10**4} 万",
            f"{each.embedding_h:,.1f}",
            f"{each.folder['build_s'] / 3600:,.1f}",
            f"{each.folder['disk_mb'] / 1000:,.1f}",
            f"{each.folder['memory_mb'] / 1000:,.1f}",
            f"{each.folder['p95_ms']:,.0f}",
            f"{each.milvus_gb:,.1f}",
            f"{each.nodes}",
        ]
        for each in sizes
    ]
    columns = [
        "段落",
        f"算向量（{machines.cores} 核）小时",
        "建索引小时",
        "目录 GB",
        "目录的内存 GB",
        "目录的检索 p95 ms",
        f"Milvus 内存 GB（{machines.copies} 份）",
        f"查询节点（{machines.node_gb:g} GB）",
    ]
    hours = 10**6 / rate / 3600
    return f"每一百万段：算向量 {hours:,.1f} 核时（每核每秒 {rate:.1f} 段）。\n\n{table(columns, lines)}"


if __name__ == "__main__":
    main()
