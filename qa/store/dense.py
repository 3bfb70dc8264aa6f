"""Vectors in FAISS: exact search by inner product."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Hit
from qa.domain.ports import Vectors
from qa.store.ties import best


class DenseIndex:
    """Passage vectors by passage number."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        """Hold an index that FAISS made or read."""
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """Return an index of nothing yet."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def read(cls, path: Path) -> DenseIndex:
        """Return an index from disk.

        :raises RuntimeError: When FAISS cannot read the file.
        """
        content = path.read_bytes()
        # No part of an index is larger than its file: a damaged length must not take all memory.
        faiss.set_deserialization_vector_byte_limit(len(content) + 1)
        index = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
        if not isinstance(index, faiss.IndexIDMap2):
            raise RuntimeError(f"unexpected kind of index: {type(index).__name__}")
        return cls(index)

    def write(self, path: Path) -> None:
        """Write the index; the file must not exist."""
        with path.open("xb") as file:
            file.write(faiss.serialize_index(self._index).tobytes())

    def remove(self, numbers: Sequence[int]) -> None:
        """Take passages out."""
        if numbers:
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(numbers, dtype=np.int64)))

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put passages in.

        :param vectors: One row a number.
        """
        if numbers:
            self._index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(numbers, dtype=np.int64))

    def search(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages, best first, ties by number."""
        if limit < 1 or not len(self) or (within is not None and not within):
            return []
        parameters = None if within is None else restricted_to(np.fromiter(sorted(within), dtype=np.int64))

        def nearest(count: int) -> list[Hit]:
            rows = np.asarray([vector], dtype=np.float32)
            scores, numbers = self._index.search(rows, min(count, len(self)), params=parameters)
            found = zip(scores[0], numbers[0], strict=True)
            return [Hit(number=int(number), score=float(score)) for score, number in found if number != -1]

        return best(nearest, limit=limit)

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.ntotal)


def restricted_to(numbers: NDArray[np.int64]) -> faiss.SearchParameters:
    """Return the parameters of a search among some passages only."""
    # The stubs do not know that the constructor takes fields, and keeps them alive.
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(numbers))  # type: ignore[call-arg]
