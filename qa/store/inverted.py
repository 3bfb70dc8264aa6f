"""Inverted files (倒排): vectors in lists by what they are near to, of which a search reads a part.

Whether that part is enough is measured when a file is made, with its own vectors moved as far as
questions are from what answers them; where it is not, a larger part is read (see docs/adr/0033).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.domain.ports import Vectors
from qa.store.threads import one_thread
from qa.store.ties import ROUNDING

FEWEST = 16_384
"""Passages below which all are compared with a question: that takes a millisecond or two."""

SHARES = (12, 8, 6, 4, 3, 2)
"""One list in so many is read; the first that finds enough is taken."""

AIMED, LEAST = 0.985, 0.98
"""Recall that ends the looking for a share, and that the last share must have for the file to be made."""

NEAREST = 10
SAMPLE = 256
"""Questions that recall is measured with."""

MOVED = 1.3
"""Length of what a vector of length 1 is moved by to be a question; see the table in docs/adr/0033."""

SEED = 33
PER_LIST, ROUNDS = 64, 10
"""Vectors that the centre of a list is learnt from, and rounds of learning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverted:
    """An inverted file, and which part of the nearest passages it finds."""

    index: faiss.IndexIDMap2
    recall: float


def is_long(rows: int) -> bool:
    """Tell whether so many passages are tried as an inverted file."""
    return rows >= FEWEST


def inverted(numbers: NDArray[np.int64], vectors: Vectors) -> Inverted | None:
    """Return an inverted file of some passages, the same for the same; None where all must be compared.

    :param vectors: One row a number.
    """
    if not is_long(len(vectors)) or not held_by_16_bits(vectors):
        return None
    with one_thread():
        lists = learnt(vectors)
        index = faiss.IndexIDMap2(lists)
        index.add_with_ids(vectors, numbers)
        lists.make_direct_map()
        recall = set_to_find_enough(lists, vectors)
    return Inverted(index=index, recall=recall) if recall >= LEAST else None


def set_to_find_enough(index: faiss.IndexIVFScalarQuantizer, vectors: Vectors) -> float:
    """Set how many lists a search reads; return the recall that this gives."""
    questions = moved(vectors)
    nearest = min(NEAREST, len(vectors))
    scores, _ = faiss.knn(questions, vectors, nearest, metric=faiss.METRIC_INNER_PRODUCT)
    # A passage that is as near as the last of them is one of them.
    least = scores[:, -1:] - ROUNDING * np.abs(scores).max()
    recall = 0.0
    for share in SHARES:
        index.nprobe = max(1, index.nlist // share)
        found, _ = index.search(questions, nearest)
        recall = float(np.mean(found >= least))
        if recall >= AIMED:
            break
    return recall


def held_by_16_bits(vectors: Vectors) -> bool:
    """Tell whether 16 bits a number lose nothing, as they do not of what the catalogue holds."""
    with np.errstate(over="ignore"):
        return bool(np.isfinite(vectors).all()) and np.array_equal(vectors.astype(np.float16), vectors)


def learnt(vectors: Vectors) -> faiss.IndexIVFScalarQuantizer:
    """Return an inverted file of nothing yet, with lists as some vectors lie."""
    rows, dimension = vectors.shape
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centres,
        dimension,
        max(1, math.isqrt(rows)),
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not what they are from the centre: nothing is rounded
    )
    learning = index.cp
    learning.seed, learning.niter, learning.spherical = SEED, ROUNDS, True
    learning.min_points_per_centroid, learning.max_points_per_centroid = 1, PER_LIST
    index.train(vectors)
    return index


def moved(vectors: Vectors) -> Vectors:
    """Return some vectors, each moved by chance, as questions; the same for the same vectors."""
    chance = np.random.default_rng(SEED)
    some = vectors[np.sort(chance.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False))]
    by = chance.standard_normal(some.shape) * (MOVED / math.sqrt(vectors.shape[1]))
    lengths = np.linalg.norm(some, axis=1, keepdims=True)
    questions: Vectors = (some + by * lengths).astype(np.float32)
    return questions
