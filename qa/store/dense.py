"""Vectors in FAISS: search by inner product, over all of them or those of the lists that are near."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Hit
from qa.domain.ports import Vectors
from qa.store.numbers import ascending
from qa.store.threads import one_thread
from qa.store.ties import ROUNDING, best

KINDS = (faiss.IndexFlat, faiss.IndexIVFScalarQuantizer)
"""What the rows of an index may be held in: as they are, or in an inverted file."""

FEW = 2048
"""Passages of an inverted file that are all compared where a filter leaves no more of it."""

FARTHER = 0.75
"""Power of the number by which fewer passages may be found that more lists are read by."""

Only = NDArray[np.bool_]
"""Of each row, whether it may be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Passages with their scores, in no order."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float32]

    def hits(self, limit: int) -> list[Hit]:
        """Return the best, best first, ties by number."""
        order = np.lexsort((self.numbers, -self.scores))[:limit]
        found = zip(self.numbers[order].tolist(), self.scores[order].tolist(), strict=True)
        return [Hit(number=number, score=score) for number, score in found]


class DenseIndex:
    """Passage vectors by passage number."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        """Hold an index that FAISS made or read.

        :raises RuntimeError: When its rows are held in a way that is none of ours.
        """
        self._index = index
        self._rows = faiss.downcast_index(index.index)
        if not isinstance(self._rows, KINDS):
            raise RuntimeError(f"unexpected kind of index: {type(self._rows).__name__}")
        self._lists = self._rows if isinstance(self._rows, faiss.IndexIVFScalarQuantizer) else None
        self._numbers: NDArray[np.int64] = faiss.vector_to_array(index.id_map)

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """Return an index of nothing yet, in which every search compares all."""
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
            self._numbers = faiss.vector_to_array(self._index.id_map)

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put passages in.

        :param vectors: One row a number.
        """
        if numbers:
            self._index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(numbers, dtype=np.int64))
            self._numbers = faiss.vector_to_array(self._index.id_map)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Return the number of each passage, in the order of ``vectors``."""
        return self._numbers

    @property
    def vectors(self) -> Vectors:
        """Return one row a passage."""
        rows: Vectors = self._rows.reconstruct_n(0, len(self)).reshape(len(self), self._index.d)
        return rows

    def search(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages, best first, ties by number."""
        if limit < 1 or not len(self) or (within is not None and not within):
            return []
        only = None if within is None else np.isin(self.numbers, ascending(within))

        def nearest(count: int) -> list[Hit]:
            return best_of([(self, self.nearest(vector, count=count, only=only))], vector, count)

        return best(nearest, limit=limit)

    def nearest(self, vector: Vectors, *, count: int, only: Only | None) -> Scored:
        """Return the nearest passages of those that may be found; scores and ties as FAISS adds up."""
        with one_thread():
            places, scores = self._found(vector, count, only)
        return Scored(numbers=self.numbers[places], scores=scores)

    def scored(self, vector: Vectors, numbers: NDArray[np.int64]) -> Scored:
        """Return some passages with the score that the same vector has wherever it lies."""
        if not len(numbers):
            return Scored(numbers=numbers, scores=np.zeros(0, np.float32))
        rows = self._index.reconstruct_batch(numbers)
        # Rounded from more places than FAISS has, whose sums depend on what lies beside a row.
        scores = (rows.astype(np.float64) @ vector.astype(np.float64)).astype(np.float32)
        return Scored(numbers=numbers, scores=scores)

    def _found(
        self, vector: Vectors, count: int, only: Only | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the places of the rows that are nearest, and their scores."""
        most = min(count, len(self) if only is None else int(np.count_nonzero(only)))
        question = np.asarray([vector], dtype=np.float32)
        places, scores = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        for asked in self._ways(only) if most else ():
            (scores,), (places,) = self._rows.search(question, most, params=asked)
            there = places != -1
            places, scores = places[there], scores[there]
            if len(places) == most:
                break
        return places, scores

    def _ways(self, only: Only | None) -> Iterator[faiss.SearchParameters]:
        """Yield how to search, and how else where that does not find as many as there are."""
        # The stubs do not know what the constructors take, and that it is kept alive.
        chosen = None if only is None else faiss.IDSelectorBitmap(np.packbits(only, bitorder="little"))  # type: ignore[call-arg, arg-type]
        if self._lists is None:
            yield faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
            return
        wanted = len(self) if only is None else int(np.count_nonzero(only))
        for probes in (probes_of(self._lists, wanted=wanted), self._lists.nlist):
            yield faiss.SearchParametersIVF(sel=chosen, nprobe=probes)  # type: ignore[call-arg]

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.ntotal)


def probes_of(lists: faiss.IndexIVFScalarQuantizer, *, wanted: int) -> int:
    """Return how many lists are read at first: more where fewer passages may be found, all for few.

    :param wanted: How many may be found.
    """
    if wanted <= FEW:
        return int(lists.nlist)
    # What is nearest of a part lies farther away, and in more lists; measured, see docs/adr/0033.
    farther = (lists.ntotal / wanted) ** FARTHER
    return min(int(lists.nlist), math.ceil(int(lists.nprobe) * float(farther)))


def best_of(found: Sequence[tuple[DenseIndex, Scored]], vector: Vectors, count: int) -> list[Hit]:
    """Return the best of what was found in some indexes, best first, ties by number.

    :param found: The nearest ``count`` of each.
    """
    scores = np.concatenate([np.zeros(0, np.float32), *(each.scores for _, each in found)])
    if not len(scores):
        return []
    last = np.partition(scores, -min(count, len(scores)))[-min(count, len(scores))]
    least = last - ROUNDING * np.abs(scores).max()
    exact = [index.scored(vector, each.numbers[each.scores >= least]) for index, each in found]
    numbers = np.concatenate([each.numbers for each in exact])
    return Scored(numbers=numbers, scores=np.concatenate([each.scores for each in exact])).hits(count)
