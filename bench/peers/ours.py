"""Our side, in a process of its own: prints one JSON object, as ``systems.py`` does.

python -m bench.peers.ours embed --records FILE.jsonl
python -m bench.peers.ours search --given FOLDER
python -m bench.peers.ours search --given FOLDER --index INDEX [--first 2023-01-01 --last 2023-06-30]
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

import numpy as np

from bench.peers.systems import DEPTH, Given, given_in, most_memory
from qa.assemble import loaders_with, make_encoder, make_page_model, open_writer, opened
from qa.cli.progress import Bar
from qa.domain.answers import Filters, Hit, Ranked
from qa.domain.ports import Encoder, IndexedSource, Snapshot, Vectors
from qa.engine.build import Builder
from qa.loaders.walk import load_all
from qa.models.deferred import DeferredEncoder
from qa.ranking.fusion import fuse
from qa.settings import Settings
from qa.store.dense import DenseIndex
from qa.store.segments import DenseSegments, in_full_segments, segments_in, write
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from training.retrieval_scores import lexical_index

Thing = TypeVar("Thing")


class Stages:
    """Seconds by stage; what no stage claims is cutting pages into articles and passages."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs here."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started

    def each(self, name: str, things: Iterable[Thing]) -> Iterator[Thing]:
        """Yield things; count what it takes to come by them."""
        iterator = iter(things)
        while True:
            with self.stage(name):
                came = list(itertools.islice(iterator, 1))
            if not came:
                return
            yield came[0]


class CountedEncoder(DeferredEncoder):
    """An encoder whose time is counted."""

    def __init__(self, make: Callable[[], Encoder], stages: Stages) -> None:
        super().__init__(make)
        self._stages = stages

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        with self._stages.stage("encoder"):
            return super().embed_passages(passages)


def counted(writer: LocalWriter, stages: Stages) -> None:
    """Have a writer's publishing counted."""
    publish = writer.publish

    def timed(*, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        with stages.stage("writing"):
            publish(put=put, remove=remove)

    writer.publish = timed  # type: ignore[method-assign]


def embedded(records: Path) -> dict[str, Any]:
    """Index a file of records; return the passages, the share of each stage and the memory."""
    stages = Stages()
    with TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        started = time.perf_counter()
        with stages.stage("opening"):
            encoder, pages = make_encoder(settings), make_page_model()
            writer = open_writer(settings, encoder=encoder.identity, tokens=Tokens(), create=True)
        assert isinstance(writer, LocalWriter)
        counted(writer, stages)
        loaded = load_all([str(records)], limit=settings.max_source_bytes, loaders=loaders_with(settings))
        with closing(writer), Bar() as bar:
            builder = Builder(writer, CountedEncoder(lambda: encoder, stages), pages=pages, progress=bar)
            report = builder.add(stages.each("loading", loaded))
        seconds = time.perf_counter() - started
    stages.seconds["cutting"] = seconds - sum(stages.seconds.values())
    return {
        "passages": report.passages,
        "seconds": seconds,
        "stages": {name: each / seconds for name, each in sorted(stages.seconds.items())},
        "mb": most_memory(),
    }


class Searches(Protocol):
    """What is asked for the nearest and for the words."""

    def search_dense(self, vector: Vectors, *, limit: int, within: Any) -> list[Hit]: ...  # noqa: ANN401
    def search_lexical(self, question: str, *, limit: int, within: Any) -> list[Hit]: ...  # noqa: ANN401


class Made:
    """Both indexes over passages that are given, made as a rebuild makes them."""

    def __init__(self, passages: Given, folder: Path) -> None:
        (folder / "dense").mkdir()
        (folder / "lexical").mkdir()
        rows = (np.arange(len(passages.texts)), passages.vectors)
        for full in in_full_segments([rows]):
            write(folder / "dense", full)
        files = [DenseIndex.read(each.path) for each in segments_in(folder / "dense")]
        self._dense = DenseSegments(files, held=rows[0])
        self._lexical = lexical_index(passages.texts, folder / "lexical")

    def search_dense(self, vector: Vectors, *, limit: int, within: Any) -> list[Hit]:  # noqa: ANN401
        return self._dense.search(vector, limit=limit, within=within)

    def search_lexical(self, question: str, *, limit: int, within: Any) -> list[Hit]:  # noqa: ANN401
        return self._lexical.search(question, limit=limit, within=within)


def searched(given: Path, *, index: Path | None, filters: Filters) -> dict[str, Any]:
    """Ask the questions; return milliseconds, from words and vector to the fused hits, and what was found."""
    questions = given_in(given, "questions")
    started = time.perf_counter()
    if index:
        with opened(Settings(index=index), encoder=make_encoder(Settings()).identity) as snapshot:
            build = time.perf_counter() - started
            return asked(snapshot, questions, within=lambda: snapshot.passages_within(filters)) | {
                "build_s": build
            }
    with TemporaryDirectory() as folder:
        made = Made(given_in(given, "passages"), Path(folder))
        return asked(made, questions, within=lambda: None) | {"build_s": time.perf_counter() - started}


def asked(search: Searches | Snapshot, questions: Given, *, within: Callable[[], Any]) -> dict[str, Any]:
    """Ask the questions one after another, once for nothing."""
    took: list[float] = []
    found: list[list[int]] = []

    def ask(text: str, vector: Vectors) -> list[Ranked]:
        part = within()
        dense = search.search_dense(vector, limit=DEPTH, within=part)
        return fuse(dense=dense, lexical=search.search_lexical(text, limit=DEPTH, within=part))

    ask(questions.texts[0], questions.vectors[0])
    for text, vector in zip(questions.texts, questions.vectors, strict=True):
        started = time.perf_counter()
        ranked = ask(text, vector)
        took.append(1000 * (time.perf_counter() - started))
        found.append([each.number for each in ranked[:DEPTH]])
    return {"ms": took, "found": found, "mb": most_memory()}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Our side of the comparison.")
    parser.add_argument("what", choices=("embed", "search"))
    parser.add_argument("--records", type=Path)
    parser.add_argument("--given", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--first", type=date.fromisoformat)
    parser.add_argument("--last", type=date.fromisoformat)
    given = parser.parse_args()
    if given.what == "embed":
        print(json.dumps(embedded(given.records)))
    else:
        filters = Filters(first=given.first, last=given.last)
        print(json.dumps(searched(given.given, index=given.index, filters=filters)))


if __name__ == "__main__":
    main()
