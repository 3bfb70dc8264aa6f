"""How what an index costs grows with its passages: a table with exponents, and a plot on log axes.

    scripts/bench curve --index INDEX --work DIR [--sizes 10000,30000,100000,230000]

Takes the first sources of an index until they have so many passages, and makes an index of them, vectors and
all, as ``qa import`` does: everything but embedding, which costs the same for every passage. A process of
its own opens it and asks it both ways with sentences of passages that were left out. Writes
docs/benchmarks.md and docs/images/growth.svg. The exponent is that of the power of the number of passages
that fits best: 1 is a cost that doubles with the collection.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from bench.agreement import Asked, both_ways, taken
from bench.dense import resident, spread
from bench.growth import size_of
from bench.page import keep, put, table
from qa.domain.ports import EncoderIdentity
from qa.store.moving import import_folder
from qa.store.snapshot import LocalSnapshot
from qa.store.tokens import Tokens

PAGE, PLOT = Path("docs/benchmarks.md"), Path("docs/images/growth.svg")
SIZES = "10000,30000,100000,230000"
QUESTIONS = 200

COSTS = {
    "build_s": "build without embedding, s",
    "disk_mb": "disk, MB",
    "memory_mb": "memory, MB",
    "p95_ms": "search p95, ms",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one size costs; memory is what opening and asking it added to a process."""

    passages: int
    build_s: float
    disk_mb: float
    memory_mb: float
    p50_ms: float
    p95_ms: float


def main() -> None:
    """Read the arguments, measure, write the table and the plot."""
    parser = argparse.ArgumentParser(description="How what an index costs grows with its passages.")
    parser.add_argument("--index", type=Path, required=True, help="only read")
    parser.add_argument("--work", type=Path, required=True, help="made for the purpose; removed afterwards")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    rows: list[Row] = []
    for passages in map(int, given.sizes.split(",")):
        rows.append(measured(given.index, passages, given.work))
        print(json.dumps(asdict(rows[-1])), flush=True)
    content = table_of(rows)
    print(content)
    if not given.no_page:
        put(PAGE, mark="growth", content=f"{content}\n![]({PLOT.relative_to(PAGE.parent)})\n")
        plot(rows, PLOT)
        keep("growth", [asdict(row) for row in rows])


def measured(index: Path, passages: int, work: Path) -> Row:
    """Make an index of so many passages, ask it, and return what it cost."""
    work.mkdir(parents=True)
    try:
        folder, file = work / "index", work / "some.parquet"
        about, questions = taken(index, passages=passages, questions=QUESTIONS, file=file)
        started = time.process_time()
        import_folder(file, folder, tokens=Tokens())
        build = time.process_time() - started
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            memory, took = process.submit(asked, folder, about.encoder, questions).result()
        middle, high = spread(took)
        return Row(
            passages=about.counts.passages,
            build_s=round(build, 1),
            disk_mb=round(size_of(folder) / 1e6, 1),
            memory_mb=round(memory, 1),
            p50_ms=middle,
            p95_ms=high,
        )
    finally:
        shutil.rmtree(work)


def asked(folder: Path, encoder: EncoderIdentity, questions: Sequence[Asked]) -> tuple[float, list[float]]:
    """Open an index and ask it everything twice; return the MB that it added, and the second milliseconds."""
    tokens = Tokens()
    for each in questions:
        tokens.cut(each.text)
    before = resident()
    with closing(LocalSnapshot(folder, encoder=encoder, tokens=tokens)) as snapshot:
        for _ in range(2):
            took = [both_ways(snapshot, each)["fused"][1] for each in questions]
        return resident() - before, took


def exponent(rows: Sequence[Row], cost: str) -> tuple[float, float]:
    """Return the exponent and the factor of the power of the passages that fits a cost best."""
    passages, costs = (np.log([getattr(row, name) for row in rows]) for name in ("passages", cost))
    slope, offset = np.polyfit(passages, costs, 1)
    return float(slope), float(np.exp(offset))


def table_of(rows: Sequence[Row]) -> str:
    """Return the table of the page."""
    lines = [[f"{row.passages}", *(f"{getattr(row, name):.1f}" for name in COSTS)] for row in rows]
    fitted = ["exponent", *(f"{exponent(rows, name)[0]:.2f}" for name in COSTS)]
    return table(["passages", *COSTS.values()], [*lines, fitted])


def plot(rows: Sequence[Row], file: Path) -> None:
    """Draw the costs on log axes, with the powers that fit them; the same drawing for the same rows."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.family": "sans-serif"}):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.add_subplot(xscale="log", yscale="log", xlabel="passages")
        ends = np.array([rows[0].passages, rows[-1].passages])
        for name, title in COSTS.items():
            slope, factor = exponent(rows, name)
            (line,) = axes.plot(ends, factor * ends**slope, linewidth=1)
            axes.plot(
                [row.passages for row in rows],
                [getattr(row, name) for row in rows],
                "o",
                color=line.get_color(),
                label=f"{title}: n^{slope:.2f}",
            )
        axes.grid(visible=True, which="major", linewidth=0.3)
        axes.legend(frameon=False)
        figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main()
