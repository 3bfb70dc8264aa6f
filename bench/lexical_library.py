"""Compares BM25 libraries on what an index of newspapers needs of them.

Speed is one question; the other is what adding one page and removing one page cost,
since a collection grows by the day. All libraries get the same jieba tokens.

    pip install tantivy bm25s
    python bench/lexical_library.py --news NEWS.jsonl.xz --passages 50000

Prints one JSON object a library: seconds to build, milliseconds a question (p50, p95),
seconds to add and to remove one document durably, bytes on disk.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import bm25s
import jieba
import tantivy
from tantivy import Occur, Query

PASSAGE_LENGTH = 200
QUESTION_COUNT = 200


class Library(Protocol):
    """One way to keep BM25 over ready-made tokens."""

    def build(self, folder: Path, documents: list[list[str]]) -> None: ...
    def search(self, tokens: list[str], limit: int) -> list[int]: ...
    def add(self, number: int, tokens: list[str]) -> None: ...
    def remove(self, number: int) -> None: ...


class Tantivy:
    """Rust segments, pruned search; a commit is an atomic replace of one small file."""

    def build(self, folder: Path, documents: list[list[str]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True, indexed=True, fast=True)
        builder.add_text_field("tokens", stored=False, tokenizer_name="whitespace", index_option="freq")
        self.index = tantivy.Index(builder.build(), path=str(folder))
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for number, tokens in enumerate(documents):
            writer.add_document(self._document(number, tokens))
        writer.commit()
        writer.wait_merging_threads()
        self._reopen()

    def _document(self, number: int, tokens: list[str]) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("tokens", " ".join(tokens))
        return document

    def _reopen(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, tokens: list[str], limit: int) -> list[int]:
        schema = self.index.schema
        query = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, "tokens", token, "freq")) for token in tokens]
        )
        hits = self.searcher.search(query, limit, count=False).hits
        return [self.searcher.doc(address)["number"][0] for _, address in hits]

    def add(self, number: int, tokens: list[str]) -> None:
        writer = self.index.writer(heap_size=15_000_000, num_threads=1)
        writer.add_document(self._document(number, tokens))
        writer.commit()
        self._reopen()

    def remove(self, number: int) -> None:
        writer = self.index.writer(heap_size=15_000_000, num_threads=1)
        # By query: 0.27 builds a signed term from an int, which no unsigned field holds.
        writer.delete_documents_by_query(Query.term_query(self.index.schema, "number", number))
        writer.commit()
        self._reopen()


class Fts5:
    """SQLite's own full-text index: lives in the catalogue's transaction, scores every match."""

    def build(self, folder: Path, documents: list[list[str]]) -> None:
        self.database = sqlite3.connect(folder / "lexical.sqlite")
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute(
            "CREATE VIRTUAL TABLE lexical"
            " USING fts5(tokens, tokenize=\"unicode61 categories 'L* N* Co S* P*'\")"
        )
        self.database.executemany(
            "INSERT INTO lexical(rowid, tokens) VALUES (?, ?)",
            ((number + 1, " ".join(tokens)) for number, tokens in enumerate(documents)),
        )
        self.database.commit()

    def search(self, tokens: list[str], limit: int) -> list[int]:
        query = " OR ".join('"' + token.replace('"', '""') + '"' for token in tokens)
        rows = self.database.execute(
            "SELECT rowid - 1 FROM lexical WHERE lexical MATCH ? ORDER BY bm25(lexical) LIMIT ?",
            (query, limit),
        )
        return [row[0] for row in rows]

    def add(self, number: int, tokens: list[str]) -> None:
        self.database.execute(
            "INSERT INTO lexical(rowid, tokens) VALUES (?, ?)", (number + 1, " ".join(tokens))
        )
        self.database.commit()

    def remove(self, number: int) -> None:
        self.database.execute("DELETE FROM lexical WHERE rowid = ?", (number + 1,))
        self.database.commit()


class Bm25s:
    """Eager sparse scores: no way to add or remove, so both build the whole again."""

    def build(self, folder: Path, documents: list[list[str]]) -> None:
        self.folder, self.documents = folder, dict(enumerate(documents))
        self._rebuild()

    def _rebuild(self) -> None:
        self.numbers = sorted(self.documents)
        self.retriever = bm25s.BM25(method="lucene")
        self.retriever.index([self.documents[n] for n in self.numbers], show_progress=False)
        self.retriever.save(str(self.folder), show_progress=False)

    def search(self, tokens: list[str], limit: int) -> list[int]:
        rows, _ = self.retriever.retrieve([tokens], k=limit, show_progress=False, n_threads=1)
        return [self.numbers[row] for row in rows[0]]

    def add(self, number: int, tokens: list[str]) -> None:
        self.documents[number] = tokens
        self._rebuild()

    def remove(self, number: int) -> None:
        del self.documents[number]
        self._rebuild()


LIBRARIES: dict[str, type[Library]] = {"tantivy": Tantivy, "sqlite fts5": Fts5, "bm25s": Bm25s}


def passages(news: Path) -> Iterator[tuple[str, str]]:
    """Yield title and a stretch of the body, in file order."""
    with lzma.open(news, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            text = "".join(item["text"].split())
            for start in range(0, len(text), PASSAGE_LENGTH):
                yield item["title"], text[start : start + PASSAGE_LENGTH]


def timed(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


def measure(library: Library, documents: list[list[str]], questions: list[list[str]]) -> dict[str, float]:
    """Return the figures of one library, in a folder of its own that is removed again."""
    folder = Path(tempfile.mkdtemp())
    try:
        build = timed(lambda: library.build(folder, documents))
        milliseconds = sorted(1000 * timed(lambda q=q: library.search(q, 50)) for q in questions)
        extra = len(documents)
        add = timed(lambda: library.add(extra, ["独一无二的词", "晋中"]))
        assert library.search(["独一无二的词"], 1) == [extra]
        remove = timed(lambda: library.remove(extra))
        assert extra not in library.search(["独一无二的词", "晋中"], 50)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(folder)
    return {
        "build_s": round(build, 2),
        "p50_ms": round(statistics.median(milliseconds), 2),
        "p95_ms": round(milliseconds[int(0.95 * len(milliseconds))], 2),
        "add_one_s": round(add, 4),
        "remove_one_s": round(remove, 4),
        "mib": round(size / 2**20, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=50_000)
    given = parser.parse_args()
    tokenizer = jieba.Tokenizer()
    documents: list[list[str]] = []
    questions: list[list[str]] = []
    for title, text in passages(given.news):
        documents.append([w for w in tokenizer.cut_for_search(text) if w.isalnum()])
        if len(documents) % (given.passages // QUESTION_COUNT) == 0:
            questions.append([w for w in tokenizer.cut_for_search(title) if w.isalnum()] or ["晋中"])
        if len(documents) == given.passages:
            break
    for name, kind in LIBRARIES.items():
        print(json.dumps({"library": name, **measure(kind(), documents, questions)}), flush=True)


if __name__ == "__main__":
    main()
