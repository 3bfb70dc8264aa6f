"""What all systems are given, as files: passages and questions, their words, and their vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from qa.assemble import loaders_with, make_encoder, make_page_model
from qa.domain.ports import Encoder, Vectors
from qa.domain.sources import Source
from qa.engine.articles import cut
from qa.loaders.walk import load_all
from qa.settings import Settings
from qa.store.row_json import VECTOR
from qa.store.rows import vector_from_bytes
from qa.store.schema import connect
from qa.store.source_rows import rows_in
from qa.store.tokens import Tokens
from training.retrieval_scores import SearchSet

TEXT = 3
"""Where a row of the catalogue holds the text of a passage."""


def cut_passages(records: Path) -> list[str]:
    """Return the passages that are searched, of a file of records, as the program cuts them."""
    settings, pages = Settings(), make_page_model()
    loaded = load_all([str(records)], limit=settings.max_source_bytes, loaders=loaders_with(settings))
    sources = [each for each in loaded if isinstance(each, Source)]
    return [passage.searched for source in sources for passage in cut(source, pages).passages]


def passages_of(index: Path) -> tuple[list[str], Vectors]:
    """Return the passages of an index by source, and their vectors."""
    texts: list[str] = []
    vectors: list[Vectors] = []
    with closing(connect(index, write=False)) as connection:
        connection.execute("BEGIN")
        for source in rows_in(connection):
            texts += [row[TEXT] for row in source.passages]
            vectors += [vector_from_bytes(row[VECTOR]) for row in source.passages]
    return texts, np.stack(vectors)


def give_index(folder: Path, index: Path, questions: Sequence[str]) -> None:
    """Write the passages of an index, and questions."""
    texts, vectors = passages_of(index)
    write(folder, "passages", texts, vectors=vectors)
    write(folder, "questions", questions, vectors=make_encoder(Settings()).embed_questions(questions))


def give_set(folder: Path, searched: SearchSet, encoder: Encoder) -> None:
    """Write a set of questions over passages, embedded."""
    if not (folder / "passages.npy").exists():
        write(folder, "passages", searched.passages, vectors=encoder.embed_passages(searched.passages))
    write(folder, "questions", searched.questions, vectors=encoder.embed_questions(searched.questions))


def write(folder: Path, what: str, texts: Iterable[str], *, vectors: Vectors | None = None) -> None:
    """Write texts with their words, and the vectors beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = Tokens()
    with (folder / f"{what}.jsonl").open("w", encoding="utf-8") as file:
        for text in texts:
            row = {"text": text, "words": " ".join(tokens.cut(text))}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if vectors is not None:
        np.save(folder / f"{what}.npy", vectors)
