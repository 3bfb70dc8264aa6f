"""How far an index in Milvus finds what the index in a folder finds.

    scripts/bench agreement --index FOLDER --store URI [--passages 2000] [--questions 200] [--work FOLDER]

Takes the first sources of an index until they have so many passages, and puts them, vectors and all, into
a folder and into a store, both under --work or a temporary folder, by ``qa export`` and ``qa import``. Asks
both with passages of the index that were left out: their first sentences, and the vectors that they have
in the index; nothing is embedded. Writes a table into docs/scale.md: of the ten best of the folder, how many
are among the ten best of the store, dense, lexical and fused, and how long each took, one question after
another.
"""

from __future__ import annotations

import argparse
import itertools
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.page import put, table
from qa.domain.answers import Hit
from qa.domain.ports import Snapshot, Vectors
from qa.engine.search import DEPTH
from qa.ranking.fusion import fuse
from qa.store.manifest import Counts
from qa.store.milvus.connection import Address, Milvus
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.moving import import_folder, import_milvus, whole
from qa.store.portable import About, write_portable
from qa.store.published import noted, published_in
from qa.store.row_json import VECTOR
from qa.store.rows import vector_from_bytes
from qa.store.schema import connect
from qa.store.snapshot import LocalSnapshot
from qa.store.source_rows import SourceRows, rows_in
from qa.store.tokens import Tokens
from qa.text.sentences import sentences

PAGE = Path("docs/scale.md")
TOP = 10
EVERY = 7
"""Of the passages that were left out, one in so many asks: neighbours say the same."""

WAYS = {"dense": "向量", "lexical": "词面", "fused": "融合"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What both are asked: words, and the vector that goes with them."""

    text: str
    vector: Vectors


@dataclass(slots=True, kw_only=True)
class Measured:
    """Overlaps in [0, 1] and milliseconds of one way of searching."""

    overlaps: list[float] = field(default_factory=list)
    folder: list[float] = field(default_factory=list)
    store: list[float] = field(default_factory=list)


def taken(index: Path, *, passages: int, questions: int, file: Path) -> tuple[About, list[Asked]]:
    """Write the first sources of an index into a file; return what is in it, and questions from the rest."""
    with closing(connect(index, write=False)) as connection:
        connection.execute("BEGIN")
        manifest = published_in(connection, index, noted=noted(index))
        rows = rows_in(connection)
        chosen: list[SourceRows] = []
        count = 0
        while count < passages:
            chosen.append(whole(next(rows)))
            count += len(chosen[-1].passages)
        counts = Counts(
            sources=len(chosen),
            articles=sum(len(each.articles) for each in chosen),
            passages=count,
        )
        about = About(
            version=manifest.version,
            encoder=manifest.encoder,
            tokenizer=manifest.tokenizer,
            counts=counts,
            last_number=max(row[0] for each in chosen for row in each.passages),
        )
        write_portable(file, about, iter(chosen))
        left = itertools.islice(asked_of(rows), 0, questions * EVERY, EVERY)
        return about, list(left)


def asked_of(rows: Iterator[SourceRows]) -> Iterator[Asked]:
    """Yield the first sentence of every passage, with the vector of the passage."""
    for each in rows:
        for row in each.passages:
            first = next(iter(sentences(row[3])), None)
            if first is not None:
                yield Asked(text=row[3][first.start : first.end], vector=vector_from_bytes(row[VECTOR]))


def both_ways(snapshot: Snapshot, asked: Asked) -> dict[str, tuple[list[int], float]]:
    """Return the best numbers of each way of searching, and the milliseconds that it took."""
    dense, dense_ms = timed(lambda: snapshot.search_dense(asked.vector, limit=DEPTH, within=None))
    lexical, lexical_ms = timed(lambda: snapshot.search_lexical(asked.text, limit=DEPTH, within=None))
    fused = [each.number for each in fuse(dense=dense, lexical=lexical)]
    return {
        "dense": ([hit.number for hit in dense], dense_ms),
        "lexical": ([hit.number for hit in lexical], lexical_ms),
        "fused": (fused, dense_ms + lexical_ms),
    }


def timed(search: Callable[[], Sequence[Hit]]) -> tuple[Sequence[Hit], float]:
    """Return hits, and the milliseconds that they took."""
    started = time.perf_counter()
    found = search()
    return found, 1000 * (time.perf_counter() - started)


def measured(folder: Snapshot, store: Snapshot, questions: Sequence[Asked]) -> dict[str, Measured]:
    """Return how far two versions agree, by the way of searching."""
    found = {way: Measured() for way in WAYS}
    for asked in questions:
        ours, theirs = both_ways(folder, asked), both_ways(store, asked)
        for way, each in found.items():
            (expected, folder_ms), (got, store_ms) = ours[way], theirs[way]
            best = set(expected[:TOP])
            each.overlaps.append(len(best & set(got[:TOP])) / len(best) if best else 1.0)
            each.folder.append(folder_ms)
            each.store.append(store_ms)
    return found


def figures(found: dict[str, Measured], about: About, *, seconds: float) -> str:
    """Return the table, and above it what it is of."""
    rows = [
        [
            WAYS[way],
            f"{statistics.mean(each.overlaps):.3f}",
            f"{min(each.overlaps):.1f}",
            spread(each.folder),
            spread(each.store),
        ]
        for way, each in found.items()
    ]
    counts, questions = about.counts, len(found["dense"].overlaps)
    told = f"{counts.sources} 个来源、{counts.passages} 个段落，{questions} 个问题；导入 {seconds:.1f} 秒\n\n"
    columns = ["检索", f"前 {TOP} 条重合", "最少", "目录 ms p50/p95", "存储 ms p50/p95"]
    return told + table(columns, rows)


def spread(times: Sequence[float]) -> str:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return f"{cuts[9]:.1f} / {cuts[18]:.1f}"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    tokens = Tokens()
    address = Address(uri=given.store, prefix=f"bench{secrets.token_hex(4)}")
    with TemporaryDirectory(prefix="wenbao-", dir=given.work) as work:
        file, folder = Path(work) / "some.parquet", Path(work) / "index"
        about, questions = taken(given.index, passages=given.passages, questions=given.questions, file=file)
        import_folder(file, folder, tokens=tokens)
        started = time.perf_counter()
        import_milvus(file, Milvus(address), tokens=tokens)
        seconds = time.perf_counter() - started
        with (
            closing(Milvus(address)) as milvus,
            closing(LocalSnapshot(folder, encoder=about.encoder, tokens=tokens)) as ours,
        ):
            theirs = MilvusSnapshot(milvus, encoder=about.encoder, tokens=tokens)
            # Once for nothing: what is loaded with the first search is no part of a search.
            measured(ours, theirs, questions[:1])
            content = figures(measured(ours, theirs, questions), about, seconds=seconds)
            print(content)
            if not given.no_page:
                put(PAGE, mark="agreement", content=content)
            for name in milvus.collections():
                if name.startswith(f"{address.prefix}_"):
                    milvus.drop(name)


if __name__ == "__main__":
    main()
