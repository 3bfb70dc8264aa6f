"""What a Milvus store costs and finds at a size, beside the index in a folder with the same vectors.

    scripts/bench store-size --store URI --passages N [--index INDEX] [--pid PID] [--work DIR] [--keep]

Vectors are those of an index and moved copies of them, as in bench/dense.py, whose figures of the folder
stand beside; without an index they are made. They are put in as a writer does, with texts that are made. A
run that was ended goes on where it was: the collections are taken out only when all is measured. Figures
are of one question after another, by the clock; a server of before Milvus 2.4 is measured without words.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench import dense
from bench.filled_store import Filled, fill, say, vocabulary
from bench.page import put, table
from bench.searched_store import Way, lexical, material_of, searched, searched_at_once
from qa.domain.ports import Vectors
from qa.errors import StoreUnfit
from qa.store.milvus.connection import Address, Milvus
from qa.store.milvus.schema import DENSE
from qa.store.tokens import Tokens

PAGE = Path("docs/scale.md")
BEFORE_WORDS = (2, 3)
"""The oldest Milvus that is measured, though it holds no index."""

CLUSTERS, MADE, DIMENSION = 500, 20_000, 384
"""Of vectors that are made: about what, how many, and of which length."""

LOOKED_S = 5.0
"""Seconds between two looks at how far the server is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one size costs.

    :param real: Vectors of an index.
    :param settled_s: Seconds that the server took for its index after the last passage.
    :param memory: MB of the server's process before and after; 0 where it is not known.
    """

    server: str
    passages: int
    real: int
    filled: Filled
    settled_s: float
    memory: tuple[float, float]
    folder: dense.Row
    ways: Sequence[Way]


def main() -> None:
    """Read the arguments, measure, print and write."""
    given = arguments()
    real = dense.vectors_of(given.index) if given.index else made_vectors()
    with TemporaryDirectory(prefix="wenbao-", dir=given.work) as work:
        found = measured(given, real, Path(work))
    print(json.dumps(asdict(found), ensure_ascii=False))
    content = page_of(found, words=given.words)
    print(content)
    if not given.no_page:
        put(PAGE, mark="store size", content=content)


def arguments() -> argparse.Namespace:
    """Return what was given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", required=True, help="address of a Milvus server")
    parser.add_argument("--passages", type=int, required=True)
    parser.add_argument("--index", type=Path, help="whose vectors are taken; only read")
    parser.add_argument("--pid", type=int, help="of the server, whose memory is told")
    parser.add_argument(
        "--work", type=Path, help="where the vectors and the segments come; as much as they are"
    )
    parser.add_argument("--words", type=int, default=60, help="in each text that is made")
    parser.add_argument(
        "--settle", type=float, default=600, help="seconds to wait for the server's index at most"
    )
    parser.add_argument("--keep", action="store_true", help="leave the collections, for another run")
    parser.add_argument("--no-page", action="store_true", help="print only")
    return parser.parse_args()


def made_vectors() -> Vectors:
    """Return vectors around some centres, the same every time."""
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((CLUSTERS, DIMENSION), dtype=np.float32)
    vectors: Vectors = centres[chance.integers(CLUSTERS, size=MADE)]
    vectors += chance.standard_normal(vectors.shape, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def measured(given: argparse.Namespace, real: Vectors, work: Path) -> Measured:
    """Measure the folder first, then the store with the same vectors."""
    say("目录：写段、检索")
    folder = dense.measured(real, given.passages, work)
    vectors = work / "vectors.npy"
    nearest = dense.apart(vectors, None).found
    tokens = Tokens()
    material = material_of(vectors, vocabulary=vocabulary(tokens), words=given.words)
    address = Address(uri=given.store, prefix=f"bench_{material.name}")
    milvus, sparse = opened(address)
    with closing(milvus), closing(Server(given.store)) as server:
        before = dense.resident(given.pid) if given.pid else 0.0
        say("存储：放入")
        filled = fill(milvus, material, tokens=tokens, sparse=sparse)
        settled = server.settle(f"{address.prefix}_passages_1", seconds=given.settle)
        say("存储：检索")
        ways = [
            *searched(milvus, vectors, tokens, nearest=nearest, folder=folder),
            searched_at_once(milvus, vectors, tokens, nearest=nearest["none"]),
            *([lexical(milvus, material, tokens)] if sparse else ()),
        ]
        after = dense.resident(given.pid) if given.pid else 0.0
        if not given.keep:
            drop(milvus)
    return Measured(
        server=server.version,
        passages=given.passages,
        real=min(len(real), given.passages) if given.index else 0,
        filled=filled,
        settled_s=settled,
        memory=(before, after),
        folder=folder,
        ways=ways,
    )


def opened(address: Address) -> tuple[Milvus, bool]:
    """Return a connection, and whether the server holds sparse vectors."""
    milvus = Milvus(address)
    try:
        milvus.collections()
    except StoreUnfit:
        return Milvus(address, oldest=BEFORE_WORDS), False
    return milvus, True


class Server:
    """What our connection does not ask of a server: its version, and how far its index is."""

    def __init__(self, uri: str) -> None:
        """Speak with the server at ``uri``."""
        from pymilvus import MilvusClient

        self._client: Any = MilvusClient(uri=uri, dedicated=True)
        self.version = str(self._client.get_server_version())

    def settle(self, collection: str, *, seconds: float) -> float:
        """Wait until every vector is in the graph, but no longer than that; return how long it was."""
        started = time.perf_counter()
        while (waited := time.perf_counter() - started) < seconds and self._pending(collection):
            time.sleep(LOOKED_S)
        return waited

    def _pending(self, collection: str) -> int:
        told = self._client.describe_index(collection, DENSE) or {}
        say(f"索引：{told.get('indexed_rows')}/{told.get('total_rows')}")
        return int(told.get("pending_index_rows", 0))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def drop(milvus: Milvus) -> None:
    """Take out what was put in."""
    for name in milvus.collections():
        if name.startswith(f"{milvus.address.prefix}_"):
            milvus.drop(name)


def page_of(found: Measured, *, words: int) -> str:
    """Return the section of the page."""
    columns = ["检索", "问数", "存储 ms p50 / p95", "存储 前十条找到", "目录 ms p50 / p95", "目录 前十条找到"]
    told = [*surroundings(found, words=words), *costs(found)]
    return "\n".join(told) + "\n\n" + table(columns, [shown(way) for way in found.ways])


def surroundings(found: Measured, *, words: int) -> list[str]:
    """Return what the figures depend on."""
    return [
        f"{time.strftime('%Y-%m-%d')}，{processor()}，{os.cpu_count()} 核；Milvus {found.server}，"
        "一次一问，按钟表计时。",
        f"{found.passages} 段，其中 {found.real} 段的向量取自索引，余为移动过的副本或人造；"
        f"文字是人造的，每段 {words} 个词。",
    ]


def costs(found: Measured) -> list[str]:
    """Return what it cost to put the passages in and to hold them."""
    filled, folder, (before, after) = found.filled, found.folder, found.memory
    rate = f"每秒 {filled.passages / filled.store_s:.0f} 段" if filled.passages else "早先已放入"
    told = (
        f"放入：{rate}（只计存储），连分词共 {filled.whole_s:.0f} 秒，之后等索引 {found.settled_s:.0f} 秒；"
        f"目录写段用处理器 {folder.build_s:.0f} 秒。"
    )
    memory = f"内存：服务器进程由 {before:.0f} 到 {after:.0f} MB；目录的向量 {folder.memory:.0f} MB。"
    return [told, memory] if after else [told]


def shown(way: Way) -> list[str]:
    """Return a line of the table."""
    return [
        way.name,
        str(way.store.questions),
        milliseconds(way.store.times),
        share(way.store.recall),
        milliseconds(way.folder),
        share(way.folder_recall),
    ]


def milliseconds(times: tuple[float, float] | None) -> str:
    """Return the median and the 95th percentile as they are shown."""
    return f"{times[0]:.1f} / {times[1]:.1f}" if times else "—"


def share(recall: float | None) -> str:
    """Return a recall as it is shown."""
    return "—" if recall is None else f"{recall:.3f}"


def processor() -> str:
    """Return the name of the processor."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return model[1] if model else ""


if __name__ == "__main__":
    main()
