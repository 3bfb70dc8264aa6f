"""Dense search at several sizes: what it costs and finds, beside comparing every passage.

    scripts/bench dense --index INDEX --work DIR [--sizes 10000,30000,100000,250000,1000000]

Vectors are those of an index, which is only read; where it has too few, copies of them that are moved by
chance. Each size is written as segments as a rebuild would, and searched by a process of its own; another one
holds the same vectors in flat segments and tells what is nearest. Questions are vectors moved by chance, each
asked without a filter and within three: one passage in 200 and every other one, both by lot, and the third
that is nearest to one direction. Times are of the one processor that a search keeps busy: other programs
lengthen them less than those of the clock, which are printed beside.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.page import keep, put, table
from qa.domain.ports import Vectors
from qa.store.dense import DenseIndex
from qa.store.inverted import moved
from qa.store.numbers import Numbers
from qa.store.segments import FULL, DenseSegments, in_full_segments, segments_in, write

PAGE = Path("docs/benchmarks.md")
SIZES = "10000,30000,100000,250000,1000000"
FILTERS = ("none", "narrow", "wide", "topic")
COPIED = 0.7
"""Length of what a copy is moved by: it is as near to what it was made of as a question to its passage."""
QUESTIONS, WARMING = 100, 5
LIMIT, NEAREST = 100, 10
"""Passages asked for, as the program does, and those that recall is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a process told: memory in MB, and by filter milliseconds a question and what was found."""

    memory: float
    busy: dict[str, list[float]]
    elapsed: dict[str, list[float]]
    found: dict[str, list[list[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one size costs: seconds, MB, and milliseconds at the median and the 95th percentile."""

    passages: int
    segments: int
    build_s: float
    size: float
    memory: float
    exact: tuple[float, float]
    busy: dict[str, tuple[float, float]]
    elapsed: dict[str, tuple[float, float]]
    recall: dict[str, float]
    measured: list[float | None]


def main() -> None:
    """Read the arguments, measure, print and write."""
    parser = argparse.ArgumentParser(description="What dense search costs and finds as a collection grows.")
    parser.add_argument("--index", type=Path, required=True, help="whose vectors are taken; only read")
    parser.add_argument("--work", type=Path, required=True, help="made for the purpose; removed afterwards")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    real = vectors_of(given.index)
    given.work.mkdir(parents=True)
    try:
        rows = []
        for passages in map(int, given.sizes.split(",")):
            rows.append(measured(real, passages, given.work))
            print(json.dumps(asdict(rows[-1])), flush=True)
    finally:
        shutil.rmtree(given.work)
    content = f"{len(real)} vectors are real, others moved copies.\n\n{table_of(rows)}"
    print(content)
    if not given.no_page:
        put(PAGE, mark="dense", content=content)
        keep("dense", [asdict(row) for row in rows])


def vectors_of(index: Path) -> Vectors:
    """Return the vectors of the newest version in an index."""
    newest = max((index / "generations").iterdir(), key=lambda folder: int(folder.name))
    return np.concatenate([DenseIndex.read(each.path).vectors for each in segments_in(newest / "dense")])


def measured(real: Vectors, passages: int, work: Path) -> Row:
    """Write so many passages as segments, search them both ways, and return what it cost."""
    vectors, folder = work / "vectors.npy", work / "segments"
    np.save(vectors, collection(real, passages))
    folder.mkdir()
    started = time.process_time()
    for part in in_turn(vectors):
        for full in in_full_segments([part]):
            write(folder, full)
    build = time.process_time() - started
    segments = segments_in(folder)
    exact, ours = (apart(vectors, place) for place in (None, folder))
    size = sum(each.path.stat().st_size for each in segments) / 1e6
    shutil.rmtree(folder)
    return Row(
        passages=passages,
        segments=len(segments),
        build_s=round(build, 1),
        size=round(size, 1),
        memory=round(ours.memory),
        exact=spread(exact.busy["none"]),
        busy={name: spread(each) for name, each in ours.busy.items()},
        elapsed={name: spread(each) for name, each in ours.elapsed.items()},
        recall={name: recall(ours.found[name], exact.found[name]) for name in FILTERS},
        measured=[each.recall for each in segments],
    )


def collection(real: Vectors, passages: int) -> NDArray[np.float16]:
    """Return so many vectors, those of an index first and copies behind, as the catalogue holds them."""
    chance = np.random.default_rng(0)
    made = np.empty((passages, real.shape[1]), dtype=np.float16)
    for start in range(0, passages, len(real)):
        rows = real[: passages - start]
        if start:
            rows = rows + chance.standard_normal(rows.shape, dtype=np.float32) * (
                COPIED / np.sqrt(real.shape[1])
            )
        made[start : start + len(rows)] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    # As they come in: not those that are alike together.
    return made[chance.permutation(passages)]


def in_turn(file: Path) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    """Yield numbers and vectors, as many at a time as a segment takes."""
    vectors = np.load(file, mmap_mode="r")
    for start in range(0, len(vectors), FULL):
        part = vectors[start : start + FULL].astype(np.float32)
        yield np.arange(start + 1, start + 1 + len(part)), part


def apart(vectors: Path, folder: Path | None) -> Searched:
    """Search in a new process, whose memory is what it holds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(searched, vectors, folder).result()


def searched(vectors: Path, folder: Path | None) -> Searched:
    """Ask all questions within each filter.

    :param folder: Of the segments; None to compare every vector.
    """
    before = resident()
    files = flat(vectors) if folder is None else (DenseIndex.read(each.path) for each in segments_in(folder))
    rows = len(np.load(vectors, mmap_mode="r"))
    index = DenseSegments(list(files), held=np.arange(1, rows + 1))
    memory = resident() - before
    questions = asked(vectors)
    busy: dict[str, list[float]] = {}
    elapsed: dict[str, list[float]] = {}
    found: dict[str, list[list[int]]] = {}
    for name, within in filters(vectors).items():
        busy[name], elapsed[name], found[name] = [], [], []
        for question in [*questions[:WARMING], *questions]:
            started, working = time.perf_counter(), time.thread_time()
            hits = index.search(question, limit=LIMIT, within=within)
            busy[name].append(1000 * (time.thread_time() - working))
            elapsed[name].append(1000 * (time.perf_counter() - started))
            found[name].append([hit.number for hit in hits[:NEAREST]])
        del busy[name][:WARMING], elapsed[name][:WARMING], found[name][:WARMING]
    return Searched(memory=memory, busy=busy, elapsed=elapsed, found=found)


def flat(file: Path) -> Iterator[DenseIndex]:
    """Yield segments in which every vector is compared."""
    for numbers, vectors in in_turn(file):
        segment = DenseIndex.empty(vectors.shape[1])
        segment.add(numbers.tolist(), vectors)
        yield segment


def asked(file: Path) -> Vectors:
    """Return the questions, the same for the same vectors."""
    vectors = np.load(file, mmap_mode="r")
    some = np.random.default_rng(1).choice(len(vectors), QUESTIONS, replace=False)
    return moved(vectors[np.sort(some)].astype(np.float32))


def filters(file: Path) -> dict[str, Numbers | None]:
    """Return the numbers that pass each filter; None for all."""
    chance, vectors = np.random.default_rng(2), np.load(file, mmap_mode="r")
    count = len(vectors)
    direction = vectors[0].astype(np.float32)
    near = np.concatenate([part @ direction for _, part in in_turn(file)])
    chosen = {
        "narrow": chance.choice(count, count // 200, replace=False),
        "wide": chance.choice(count, count // 2, replace=False),
        "topic": np.argpartition(-near, count // 3)[: count // 3],
    }
    return {"none": None} | {name: Numbers((rows + 1).tolist()) for name, rows in chosen.items()}


def resident(process: int | str = "self") -> float:
    """Return the MB of memory that a process holds, by its id; this one where none is given."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return round(cuts[9], 2), round(cuts[18], 2)


def recall(found: Sequence[Sequence[int]], nearest: Sequence[Sequence[int]]) -> float:
    """Return which part of the nearest passages was found."""
    pairs = list(zip(found, nearest, strict=True))
    return sum(len({*one} & {*other}) for one, other in pairs) / sum(len(other) for _, other in pairs)


def table_of(rows: Sequence[Row]) -> str:
    """Return the table of the page."""
    columns = ["passages", "segments", "build, s", "files, MB", "memory, MB", "exact, ms"]
    columns += [f"{name}, ms" for name in FILTERS] + [f"{name}, recall@10" for name in FILTERS]
    return table(columns, [shown(row) for row in rows])


def shown(row: Row) -> list[str]:
    """Return a line of the table; times are the median and the 95th percentile."""
    times = [f"{middle:.1f} / {high:.1f}" for middle, high in (row.exact, *row.busy.values())]
    costs = [f"{row.passages}", f"{row.segments}", f"{row.build_s}", f"{row.size}", f"{row.memory:.0f}"]
    return [*costs, *times, *(f"{row.recall[name]:.3f}" for name in FILTERS)]


if __name__ == "__main__":
    main()
