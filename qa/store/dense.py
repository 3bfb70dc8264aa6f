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
        return cls.from_bytes(path.read_bytes())

    @classmethod
    def from_bytes(cls, content: bytes) -> DenseIndex:
        """Return an index as it was written.

        :raises RuntimeError: When FAISS cannot read it.
        """
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

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Return the number of each passage, in the order of ``vectors``."""
        numbers: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)
        return numbers

    @property
    def vectors(self) -> Vectors:
        """Return one row a passage."""
        flat = faiss.downcast_index(self._index.index)
        rows: Vectors = flat.reconstruct_n(0, len(self)).reshape(len(self), self._index.d)
        return rows

    def search(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages, best first, ties by number."""
        if limit < 1 or not len(self) or (within is not None and not within):
            return []
        selector = None if within is None else among(np.fromiter(within, dtype=np.int64))
        return best(lambda count: self.nearest(vector, count=count, selector=selector), limit=limit)

    def nearest(self, vector: Vectors, *, count: int, selector: faiss.IDSelector | None) -> list[Hit]:
        """Return the nearest passages of those selected, best first, ties as FAISS likes."""
        rows = np.asarray([vector], dtype=np.float32)
        # The stubs do not know that the constructor takes fields, and keeps them alive.
        chosen = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, numbers = self._index.search(rows, min(count, len(self)), params=chosen)
        found = zip(scores[0], numbers[0], strict=True)
        return [Hit(number=int(number), score=float(score)) for score, number in found if number != -1]

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.ntotal)


def among(numbers: NDArray[np.int64]) -> faiss.IDSelector:
    """Return what selects some passages."""
    return faiss.IDSelectorBatch(np.sort(numbers))


def but_for(numbers: NDArray[np.int64]) -> faiss.IDSelector:
    """Return what selects all passages but some."""
    return faiss.IDSelectorNot(among(numbers))
