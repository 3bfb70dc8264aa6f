"""Searching a filled store: one question after another, each way of asking, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bench import dense
from bench.agreement import timed
from bench.filled_store import BATCH, Material, say
from qa.domain.answers import Filters, Hit
from qa.errors import StoreFailed
from qa.store.milvus.connection import Level, Milvus
from qa.store.milvus.rows import paper_token
from qa.store.milvus.snapshot import SETTLING_S, MilvusSnapshot
from qa.store.numbers import Numbers
from qa.store.tokens import Tokens

WAYS = {
    "none": ("不筛选", Filters()),
    "narrow": ("二百分之一的报纸", Filters(newspapers=("narrow", "both"))),
    "wide": ("一半的日期", Filters(first=date.fromordinal(2))),
    "topic": ("同一题材的三分之一", Filters(newspapers=("topic", "both"))),
}
"""The filters of bench/dense.py: what a person reads, and how a store is asked for the same passages."""

PAPERS = ("neither", "narrow", "topic", "both")
"""Newspapers that passages are of, by whether they are among the narrow, plus two if on the topic."""

ASKED = 6
"""Words of a question, the first of some passage."""

ENOUGH_S, FEWEST = 120.0, 5
"""Seconds after which no further question is asked, and questions without which there is no figure."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions that were answered, their milliseconds at the median and the 95th percentile, and recall."""

    questions: int
    times: tuple[float, float] | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of searching the store, and the same of the folder where it was measured."""

    name: str
    store: Asked
    folder: tuple[float, float] | None = None
    folder_recall: float | None = None


def material_of(file: Path, *, vocabulary: Sequence[str], words: int) -> Material:
    """Return what passages of some vectors are made of: filters choose the same of them as in a folder."""
    vectors = np.load(file, mmap_mode="r")
    chosen = dense.filters(file)
    narrow, wide, topic = (rows_in(chosen[name], len(vectors)) for name in ("narrow", "wide", "topic"))
    papers = [paper_token(name) for name in PAPERS]
    return Material(
        vectors=vectors,
        vocabulary=vocabulary,
        words=words,
        days=(1 + wide).tolist(),
        papers=[papers[at] for at in narrow + 2 * topic],
    )


def rows_in(numbers: Numbers | None, count: int) -> NDArray[np.int64]:
    """Return 1 for every row whose number is chosen, and 0 for the others."""
    rows = np.zeros(count, dtype=np.int64)
    if numbers is not None:
        rows[numbers.array - 1] = 1
    return rows


def searched(
    milvus: Milvus, vectors: Path, tokens: Tokens, *, nearest: dict[str, list[list[int]]], folder: dense.Row
) -> Iterator[Way]:
    """Yield dense search within each filter, as long after a version was opened as most are.

    :param nearest: Of each filter and question, the passages that are to be found.
    """
    with closing(MilvusSnapshot(milvus, encoder=None, tokens=tokens)) as snapshot:
        time.sleep(SETTLING_S)
        for name, (told, filters) in WAYS.items():
            within = snapshot.passages_within(filters)
            search = partial(snapshot.search_dense, limit=dense.LIMIT, within=within)
            yield Way(
                name=f"向量，{told}",
                store=asked(search, list(dense.asked(vectors)), nearest[name]),
                folder=folder.elapsed[name],
                folder_recall=folder.recall[name],
            )


def searched_at_once(
    milvus: Milvus, vectors: Path, tokens: Tokens, *, nearest: Sequence[Sequence[int]]
) -> Way:
    """Return dense search that sees all writes, as in the first seconds of a version."""
    address = replace(milvus.address, level=Level.STRONG)
    with closing(Milvus(address, oldest=milvus.oldest)) as fresh:
        snapshot = MilvusSnapshot(fresh, encoder=None, tokens=tokens)
        search = partial(snapshot.search_dense, limit=dense.LIMIT, within=None)
        return Way(name="向量，刚打开（Strong）", store=asked(search, list(dense.asked(vectors)), nearest))


def lexical(milvus: Milvus, material: Material, tokens: Tokens) -> Way:
    """Return search for a few words of some passages, which are to be found themselves."""
    texts = material.texts(1, min(BATCH, len(material.vectors)))[: dense.QUESTIONS]
    own = [[number] for number in range(1, len(texts) + 1)]
    with closing(MilvusSnapshot(milvus, encoder=None, tokens=tokens)) as snapshot:
        time.sleep(SETTLING_S)
        search = partial(snapshot.search_lexical, limit=dense.LIMIT, within=None)
        return Way(name="词面", store=asked(search, ["".join(words[:ASKED]) for words in texts], own))


def asked(
    search: Callable[[T], Sequence[Hit]], questions: Sequence[T], nearest: Sequence[Sequence[int]]
) -> Asked:
    """Ask one question after another, for no longer than a while; what fails ends it, and is told."""
    for question in questions[: dense.WARMING]:
        with suppress(StoreFailed):
            search(question)
    times, found, started = list[float](), list[list[int]](), time.perf_counter()
    try:
        for question in questions:
            hits, ms = timed(partial(search, question))
            times.append(ms)
            found.append([hit.number for hit in hits[: dense.NEAREST]])
            if time.perf_counter() - started > ENOUGH_S:
                break
    except StoreFailed as error:
        say(str(error))
    if len(times) < FEWEST:
        return Asked(questions=len(times), times=None, recall=None)
    recall = dense.recall(found, nearest[: len(found)])
    return Asked(questions=len(times), times=dense.spread(times), recall=recall)
