"""A store filled with passages of a size, in the batches and the form in which a writer puts them there.

Their vectors are given, their texts are made; articles and sources there are none. Filling goes on where it
was left, since the names of the collections tell what lies in them.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.domain.passages import Passage
from qa.domain.ports import EncoderIdentity, IndexedPassage
from qa.domain.sources import token
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.store.manifest import Counts
from qa.store.milvus.connection import PORTION_ROWS, Level, Milvus, Row
from qa.store.milvus.manifest import StoreManifest, Version, read_manifest, write_manifest
from qa.store.milvus.rows import ChosenBy, passage_stored
from qa.store.milvus.schema import SPARSE, Place, make_collections, make_published
from qa.store.milvus.words import LENGTHS, WordTable, counted, weights_of
from qa.store.rows import passage_row
from qa.store.tokens import Tokens

BATCH, TERMS = PORTION_ROWS, 50_000
"""Passages, and terms, that are put in at once."""

SOURCE = token("source", "bench")
PAGES, SHARED = Path("seeds"), 1_000
"""Where the words are from that texts are made of, and how many: the first of them often, the last seldom."""

TOLD_S = 10.0
"""Seconds between two lines that say how far it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What passages are made of, a row of each array a passage, whose numbers begin at 1.

    :param vocabulary: What their texts are made of, and
    :param words: how many of these are in each.
    :param days: Ordinals, and
    :param papers: tokens of newspapers, by which filters choose them.
    """

    vectors: NDArray[np.float16]
    vocabulary: Sequence[str]
    words: int
    days: Sequence[int]
    papers: Sequence[str]

    @property
    def name(self) -> str:
        """Return a token of what the passages are, the same for the same."""
        digest = hashlib.blake2b(f"{self.words} {len(self.vectors)}".encode(), digest_size=4)
        digest.update(self.vectors.data)
        return digest.hexdigest()

    def chosen(self, number: int) -> ChosenBy:
        """Return what a passage is chosen by."""
        return ChosenBy(day=self.days[number - 1], paper=self.papers[number - 1], sources=frozenset())

    def texts(self, first: int, count: int) -> list[list[str]]:
        """Return the words of so many passages, the same for the same numbers."""
        chance = np.random.default_rng(first)
        # Words of a language are about as frequent as the inverse of their rank.
        ranks = ((len(self.vocabulary) + 1) ** chance.random((count, self.words))).astype(np.int64) - 1
        return [[self.vocabulary[rank] for rank in text] for text in ranks.tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling took: passages that were put in now, and seconds of the store alone and of all."""

    passages: int
    store_s: float
    whole_s: float


def vocabulary(tokens: Tokens) -> list[str]:
    """Return the words of the sample pages, the most frequent first."""
    pages = [page.read_text(encoding="utf-8") for page in sorted(PAGES.rglob("*.txt"))]
    found = Counter(word for page in pages for word in tokens.cut(page) if len(word) > 1)
    return [word for word, _ in found.most_common(SHARED)]


def fill(milvus: Milvus, material: Material, *, tokens: Tokens, sparse: bool) -> Filled:
    """Put in what is not there yet, and publish all of it.

    :param sparse: Whether the server holds sparse vectors.
    """
    place = Place(prefix=milvus.address.prefix, shelf=1)
    total, dimension = material.vectors.shape
    make_published(milvus, place.prefix)
    make_collections(milvus, place, dimension=dimension, sparse=sparse)
    if read_manifest(milvus) is not None:
        return Filled(passages=0, store_s=0.0, whole_s=0.0)
    started, before = time.perf_counter(), held(milvus, place)
    spent, terms = put_in(milvus, place, material, tokens=tokens if sparse else None, after=before)
    count_words(milvus, place, terms)
    write_manifest(milvus, manifest(total, dimension=dimension, tokens=tokens))
    return Filled(passages=total - before, store_s=spent, whole_s=time.perf_counter() - started)


def put_in(
    milvus: Milvus, place: Place, material: Material, *, tokens: Tokens | None, after: int
) -> tuple[float, Counter[int]]:
    """Put in the passages of higher numbers; return the store's seconds, and the terms of all."""
    spent, terms, told = 0.0, Counter[int](), time.perf_counter()
    for first, rows in batches(material, tokens=tokens):
        terms.update(counted([row[SPARSE] for row in rows if tokens]))
        if first > after:
            started = time.perf_counter()
            milvus.insert(place["passages"], rows)
            spent += time.perf_counter() - started
        if time.perf_counter() - told > TOLD_S:
            told = time.perf_counter()
            say(f"{first - 1 + len(rows)}/{len(material.vectors)}")
    return spent, terms


def count_words(milvus: Milvus, place: Place, terms: Mapping[int, int]) -> None:
    """Say in how many passages each term is; said twice it is the same."""
    table, items = WordTable(milvus, place["words"]), iter(terms.items())
    while some := dict(islice(items, TERMS)):
        table.change(some, published=0, generation=1)


def held(milvus: Milvus, place: Place) -> int:
    """Return how many passages are there, in whole batches; what is more is taken out."""
    count = milvus.count(place["passages"], "number > 0", level=Level.STRONG)
    whole = count // BATCH * BATCH
    if milvus.count(place["passages"], f"number <= {whole}", level=Level.STRONG) != whole:
        whole = 0
    if count > whole:
        milvus.delete(place["passages"], f"number > {whole}")
    if count:
        say(f"已有 {whole} 段，接着做")
    return whole


def batches(material: Material, *, tokens: Tokens | None) -> Iterator[tuple[int, list[Row]]]:
    """Yield the rows of passages as many at a time as go into one message, with the first number.

    :param tokens: What cuts words; None to have no sparse vectors.
    """
    for first in range(1, len(material.vectors) + 1, BATCH):
        numbers = range(first, min(first + BATCH, len(material.vectors) + 1))
        made = material.texts(first, len(numbers))
        rows = [row_of(material, at, "".join(words), tokens) for at, words in zip(numbers, made, strict=True)]
        yield first, rows


def row_of(material: Material, number: int, text: str, tokens: Tokens | None) -> Row:
    """Return a passage as it lies in the store."""
    place = SourceSpan(source_id=SOURCE, span=Span(0, len(text)))
    passage = Passage(
        id=token("passage", str(number)),
        article_id=token("article", str(number)),
        traced=TracedText(text=text, origin=(place,)),
    )
    vector = material.vectors[number - 1].astype(np.float32)
    values = passage_row(IndexedPassage(passage=passage, searched=text), number=number, vector=vector)
    weights = weights_of(text, tokens=tokens, lengths=LENGTHS) if tokens else {}
    row = passage_stored(values, chosen=material.chosen(number), weights=weights, begins=1).row
    return row if tokens else {name: row[name] for name in row if name != SPARSE}


def manifest(passages: int, *, dimension: int, tokens: Tokens) -> StoreManifest:
    """Return what says that so many passages are published."""
    return StoreManifest(
        generation=1,
        shelf=1,
        encoder=EncoderIdentity(name="bench", digest="00" * 32, dimension=dimension),
        tokenizer=tokens.identity,
        counts=Counts(sources=0, articles=0, passages=passages),
        lengths=dict(LENGTHS),
        last_number=passages,
        bytes=0,
        nonce="",
        cutting="",
        kept=(Version(generation=1, shelf=1, at=0.0),),
    )


def say(what: str) -> None:
    """Tell how far it has come, on standard error."""
    print(what, file=sys.stderr, flush=True)
