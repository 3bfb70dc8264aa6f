"""What one more document costs an index that holds many passages already.

    python -m bench.growth --folder FOLDER [--passages 250000] [--documents 100] [--words 90]

Fills an index with made passages of ``--words`` words and vectors drawn by chance, as the builder
would: in batches of 2048. Then adds, replaces and removes single documents of five passages, each as a
command of its own does: the writer is opened, checks every file, publishes and is closed. In between a
reader goes over to each new version, as a service does. Prints one JSON object: seconds at the median, at
the 95th percentile and at most; bytes written; the bytes that the folder takes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.domain.articles import Article, Facts
from qa.domain.passages import Passage
from qa.domain.ports import EncoderIdentity, IndexedPassage, IndexedSource
from qa.domain.sources import Source, token
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.engine.build import BATCH_PASSAGES
from qa.store.compact import compact
from qa.store.publications import LocalPublications
from qa.store.tokens import Tokens
from qa.store.verify import verify
from qa.store.writer import LocalWriter

ENCODER = EncoderIdentity(name="drawn", digest="d1" * 32, dimension=384)
TEXT = (
    "煤炭产量增长企业复工会议召开省委书记主持讲话最低工资标准调整项目开工建设教育医院公路铁路通车农民收入提高小麦玉米"
    "丰收环境治理黄河流域生态保护文化旅游开放比赛冠军学生教师招生考试就业社区服务老人养老保险改革创新科技专利法院公告"
)
WORDS = [TEXT[at : at + 2] for at in range(0, len(TEXT), 2)]
PASSAGES_EACH = 5


def made(name: str, chance: random.Random, words: int) -> IndexedSource:
    """Return a document of some passages, each with a word of its own."""
    texts = ["".join(chance.choices(WORDS, k=words)) + f"第{name}号之{at}。" for at in range(PASSAGES_EACH)]
    source = Source(name=name, text="\n".join(texts))
    article = token("article", name)
    passages, start = [], 0
    for at, text in enumerate(texts):
        place = SourceSpan(source_id=source.id, span=Span(start, start + len(text)))
        start += len(text) + 1
        passage = Passage(
            id=token("passage", article, str(at)),
            article_id=article,
            traced=TracedText(text=text, origin=(place,)),
        )
        passages.append(IndexedPassage(passage=passage, searched=text))
    places = tuple(each.passage.traced.origin[0] for each in passages)
    vectors = np.random.default_rng(chance.randrange(2**32)).standard_normal((len(texts), ENCODER.dimension))
    return IndexedSource(
        source=source,
        articles=[
            Article(id=article, source_id=source.id, facts=Facts(), places=places, passages=len(texts))
        ],
        passages=passages,
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
    )


def batches(passages: int, chance: random.Random, words: int) -> Iterator[list[IndexedSource]]:
    """Yield documents as the builder publishes them."""
    names = [f"{number:06d}.txt" for number in range(passages // PASSAGES_EACH)]
    step = BATCH_PASSAGES // PASSAGES_EACH
    for start in range(0, len(names), step):
        yield [made(name, chance, words) for name in names[start : start + step]]


def changed(folder: Path, tokens: Tokens, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> float:
    """Change the index as a command does; return the seconds that it took."""
    started = time.perf_counter()
    writer = LocalWriter(folder, encoder=ENCODER, tokens=tokens)
    try:
        writer.publish(put=put, remove=remove)
    finally:
        writer.close()
    return time.perf_counter() - started


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the most."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "max": round(max(times), 3)}


def size_of(folder: Path) -> int:
    """Return the bytes that a folder takes; what has several names counts once."""
    found = {path.stat().st_ino: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return sum(found.values())


def written_by(folder: Path) -> int:
    """Return the bytes of derived files that the last version does not share with the one before."""
    before, last = sorted((folder / "generations").iterdir())[-2:]
    shared = {path.stat().st_ino for path in before.rglob("*") if path.is_file()}
    new = (path.stat() for path in last.rglob("*") if path.is_file())
    return sum(each.st_size for each in new if each.st_ino not in shared)


def grown(folder: Path, *, passages: int, documents: int, words: int) -> dict[str, Any]:
    """Fill an index, change it by single documents, and return what that cost."""
    chance, tokens = random.Random(0), Tokens()
    tokens.cut("煤炭")
    filling = time.perf_counter()
    writer = LocalWriter(folder, encoder=ENCODER, tokens=tokens)
    for put in batches(passages, chance, words):
        writer.publish(put=put, remove=())
    writer.close()
    filled = time.perf_counter() - filling
    publications = LocalPublications(folder, encoder=ENCODER, tokens=tokens)
    snapshot = publications.open()
    adding: list[float] = []
    removing: list[float] = []
    reopening: list[float] = []
    written: list[int] = []
    for number in range(documents):
        new = made(f"新{number}.txt", chance, words)
        adding.append(changed(folder, tokens, put=[new], remove=()))
        written.append(written_by(folder))
        old = snapshot
        reopened = time.perf_counter()
        snapshot = publications.open()
        reopening.append(time.perf_counter() - reopened)
        old.close()
        gone = f"{chance.randrange(passages // PASSAGES_EACH):06d}.txt"
        removing.append(changed(folder, tokens, put=(), remove=[gone]))
    snapshot.close()
    verified = verify(folder, tokens=tokens, deep=True)
    before = size_of(folder)
    started = time.perf_counter()
    compact(folder, tokens=tokens)
    compacting = time.perf_counter() - started
    return {
        "passages": passages,
        "characters_each": 2 * words,
        "documents": documents,
        "fill_s": round(filled, 1),
        "add_s": spread(adding),
        "remove_s": spread(removing),
        "reader_goes_over_s": spread(reopening),
        "derived_bytes_written_by_an_add": {"p50": int(statistics.median(written)), "max": max(written)},
        "verify_deep_s": round(verified.seconds, 1),
        "sound": verified.sound,
        "compact_s": round(compacting, 1),
        "bytes": before,
        "bytes_compacted": size_of(folder),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, required=True, help="made for the purpose; emptied before and after"
    )
    parser.add_argument("--passages", type=int, default=250_000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--words", type=int, default=90, help="of two characters, a passage")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    try:
        figures = grown(
            given.folder / "index",
            passages=given.passages,
            documents=given.documents,
            words=given.words,
        )
        print(json.dumps(figures))
    finally:
        shutil.rmtree(given.folder)


if __name__ == "__main__":
    main()
