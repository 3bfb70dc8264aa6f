"""What a user would otherwise pick, each driven as its documentation says; run in an environment of its own.

    .venv-peers/bin/python bench/peers/systems.py embed NAME --given FOLDER --model MODEL
    .venv-peers/bin/python bench/peers/systems.py search NAME --given FOLDER [--seconds 60]

``FOLDER`` is what ``bench/peers/given.py`` writes. All systems get the same passages, words that were cut
already (most of them cut Chinese badly or not at all), and for searching the same vectors. Nothing of this
project is imported. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np

DEPTH = 100
"""Hits that each half gives to the fusion, as here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Passages or questions: as printed, as words with a space between them, and as vectors, a row each."""

    texts: list[str]
    words: list[str]
    vectors: Any


class Search(Protocol):
    """One way of searching."""

    def __init__(self, passages: Given) -> None: ...
    def find(self, words: str, vector: Any) -> Sequence[int]: ...


class Flat:
    """``faiss.IndexFlatIP``: every vector is compared."""

    def __init__(self, passages: Given) -> None:
        import faiss

        self._index = faiss.IndexFlatIP(passages.vectors.shape[1])
        self._index.add(passages.vectors)

    def find(self, words: str, vector: Any) -> Sequence[int]:
        found: list[int] = self._index.search(vector[None], DEPTH)[1][0].tolist()
        return found


class Bm25s:
    """``bm25s``: scores that were worked out beforehand."""

    def __init__(self, passages: Given) -> None:
        import bm25s

        self._index = bm25s.BM25(method="lucene")
        self._index.index([each.split() for each in passages.words], show_progress=False)

    def find(self, words: str, vector: Any) -> Sequence[int]:
        rows, _ = self._index.retrieve([words.split()], k=DEPTH, show_progress=False)
        return [int(row) for row in rows[0]]


class RankBm25:
    """``rank-bm25``: every passage is scored for every question."""

    def __init__(self, passages: Given) -> None:
        from rank_bm25 import BM25Okapi

        self._index = BM25Okapi([each.split() for each in passages.words])

    def find(self, words: str, vector: Any) -> Sequence[int]:
        scores = self._index.get_scores(words.split())
        found: list[int] = np.lexsort((np.arange(len(scores)), -scores))[:DEPTH].tolist()
        return found


class Txtai:
    """``txtai`` with ``hybrid``: its FAISS index and its BM25, their scores added."""

    def __init__(self, passages: Given) -> None:
        from txtai import Embeddings

        rows = dict(zip(reversed(passages.words), reversed(passages.vectors), strict=True))
        self._asked: dict[str, Any] = {}

        def transform(texts: list[str]) -> Any:
            return np.stack([self._asked[text] if text in self._asked else rows[text] for text in texts])

        self._index = Embeddings(
            {
                "transform": transform,
                "scoring": {
                    "method": "bm25",
                    "terms": True,
                    "normalize": True,
                    "tokenizer": {"whitespace": True},
                },
                "dense": True,
            }
        )
        self._index.index((at, each, None) for at, each in enumerate(passages.words))

    def find(self, words: str, vector: Any) -> Sequence[int]:
        self._asked = {words: vector}
        return [int(row) for row, _ in self._index.search(words, DEPTH)]


class Haystack:
    """``haystack``: its store in memory for both, joined by reciprocal ranks."""

    def __init__(self, passages: Given) -> None:
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        documents = [
            Document(id=str(at), content=words, embedding=vector.tolist())
            for at, (words, vector) in enumerate(zip(passages.words, passages.vectors, strict=True))
        ]
        store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+", return_embedding=False)
        store.write_documents(documents)
        self._by_words = InMemoryBM25Retriever(store, top_k=DEPTH)
        self._by_vector = self._dense(documents, store)
        self._joiner = DocumentJoiner("reciprocal_rank_fusion", top_k=DEPTH)

    def _dense(self, documents: list[Any], store: Any) -> Callable[[Any], list[Any]]:
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever

        retriever = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
        return lambda vector: list(retriever.run(query_embedding=vector.tolist())["documents"])

    def find(self, words: str, vector: Any) -> Sequence[int]:
        found = [self._by_words.run(query=words)["documents"], self._by_vector(vector)]
        return [int(each.id) for each in self._joiner.run(documents=found)["documents"]]


class HaystackFaiss(Haystack):
    """``haystack`` with its FAISS store for the vectors; that one has no words."""

    def _dense(self, documents: list[Any], store: Any) -> Callable[[Any], list[Any]]:
        from haystack_integrations.document_stores.faiss import FAISSDocumentStore

        faiss = FAISSDocumentStore(index_string="Flat", embedding_dim=len(documents[0].embedding))
        faiss.write_documents(documents)
        return lambda vector: list(faiss.search(query_embedding=vector.tolist(), top_k=DEPTH))


class LangChain:
    """LangChain's FAISS and BM25 retrievers in an ensemble."""

    def __init__(self, passages: Given) -> None:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.embeddings import Embeddings

        asked: dict[str, Any] = {}

        # The library tells no types.
        class Ready(Embeddings):  # type: ignore[misc]
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                raise NotImplementedError

            def embed_query(self, text: str) -> list[float]:
                vector: list[float] = asked[text].tolist()
                return vector

        numbers = [{"number": at} for at in range(len(passages.words))]
        dense = FAISS.from_embeddings(
            zip(passages.words, passages.vectors.tolist(), strict=True), Ready(), metadatas=numbers
        )
        by_words = BM25Retriever.from_texts(
            passages.words, metadatas=numbers, preprocess_func=str.split, k=DEPTH
        )
        by_vector = dense.as_retriever(search_kwargs={"k": DEPTH})
        self._asked = asked
        self._both = EnsembleRetriever(retrievers=[by_words, by_vector], weights=[0.5, 0.5], id_key="number")

    def find(self, words: str, vector: Any) -> Sequence[int]:
        self._asked[words] = vector
        return [int(each.metadata["number"]) for each in self._both.invoke(words)]


SEARCHES: dict[str, type[Search]] = {
    "IndexFlatIP": Flat,
    "bm25s": Bm25s,
    "rank-bm25": RankBm25,
    "txtai": Txtai,
    "haystack": Haystack,
    "haystack + FAISS": HaystackFaiss,
    "LangChain": LangChain,
}


def embed_plainly(model: str, texts: list[str], folder: Path) -> None:
    """Embed by sentence-transformers as its first example does, and keep the vectors in a flat index."""
    import faiss
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(model, device="cpu").encode(texts)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "plain.faiss"))


def embed_by_txtai(model: str, texts: list[str], folder: Path) -> None:
    """Index by txtai with words, vectors and texts, as its first example with ``hybrid`` does."""
    from txtai import Embeddings

    index = Embeddings({"path": model, "hybrid": True, "content": True, "gpu": False})
    index.index((at, each, None) for at, each in enumerate(texts))
    index.save(str(folder / "txtai"))


EMBEDDERS: dict[str, Callable[[str, list[str], Path], None]] = {
    "sentence-transformers": embed_plainly,
    "txtai": embed_by_txtai,
}


def given_in(folder: Path, what: str) -> Given:
    """Read passages or questions."""
    rows = [json.loads(line) for line in (folder / f"{what}.jsonl").open(encoding="utf-8")]
    vectors = folder / f"{what}.npy"
    return Given(
        texts=[row["text"] for row in rows],
        words=[row["words"] for row in rows],
        vectors=np.load(vectors).astype(np.float32) if vectors.exists() else None,
    )


def embedded(name: str, model: str, given: Path) -> dict[str, Any]:
    """Embed and keep every passage; return what it took, importing and loading included."""
    texts = given_in(given, "passages").texts
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        EMBEDDERS[name](model, texts, Path(folder))
        seconds = time.perf_counter() - started
    return {"passages": len(texts), "seconds": seconds, "mb": most_memory()}


def searched(name: str, given: Path, *, seconds: float) -> dict[str, Any]:
    """Ask the questions, as many as the seconds allow; return milliseconds and rows of passages for each."""
    passages, questions = given_in(given, "passages"), given_in(given, "questions")
    started = time.perf_counter()
    search = SEARCHES[name](passages)
    build = time.perf_counter() - started
    took: list[float] = []
    found: list[list[int]] = []
    search.find(questions.words[0], questions.vectors[0])
    begun = time.perf_counter()
    for words, vector in zip(questions.words, questions.vectors, strict=True):
        if time.perf_counter() - begun > seconds:
            break
        started = time.perf_counter()
        rows = search.find(words, vector)
        took.append(1000 * (time.perf_counter() - started))
        found.append(list(rows))
    return {"build_s": build, "ms": took, "found": found, "mb": most_memory()}


def most_memory() -> float:
    """Return the MB that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    """Read the arguments, run one system, print."""
    parser = argparse.ArgumentParser(description="Run what a user would otherwise pick.")
    parser.add_argument("what", choices=("embed", "search"))
    parser.add_argument("name", choices=sorted({*SEARCHES, *EMBEDDERS}))
    parser.add_argument("--given", type=Path, required=True)
    parser.add_argument("--model", help="a folder of sentence-transformers")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    if given.what == "embed":
        print(json.dumps(embedded(given.name, given.model, given.given)))
    else:
        print(json.dumps(searched(given.name, given.given, seconds=given.seconds)))


if __name__ == "__main__":
    main()
