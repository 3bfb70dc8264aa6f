"""Looking through a version in Milvus: whether it is what was written, and its rows agree."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qa.domain.ports import Encoder
from qa.errors import IndexDamaged, IndexMissing, IndexStale, QaError
from qa.store.failures import WRONG_ROW
from qa.store.findings import MOST, Verification
from qa.store.milvus.connection import Milvus
from qa.store.milvus.contents import contents
from qa.store.milvus.manifest import damaged, hold_to_tokens
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.row_json import SEARCHED, TEXT, VECTOR
from qa.store.rows import (
    NAMES,
    article_from_row,
    held,
    passage_from_row,
    source_from_row,
    sources_in,
    vector_from_bytes,
)
from qa.store.snapshot import printed_at
from qa.store.source_rows import SourceRows
from qa.store.tokens import Tokens

SAMPLE = 64
"""Passages that are embedded again: the first of as many sources, evenly over all."""

NEAR = 0.99
"""Cosine above which a vector is taken for the same: another processor computes a little otherwise."""


@dataclass(slots=True, kw_only=True)
class Looked:
    """What was found so far."""

    milvus: Milvus
    errors: list[QaError] = field(default_factory=list)
    unlisted: int = 0
    checked: Counter[str] = field(default_factory=Counter)

    def add(self, error: QaError) -> None:
        """Put in an error."""
        if len(self.errors) < MOST:
            self.errors.append(error)
        else:
            self.unlisted += 1

    def damage(self, what: str) -> None:
        """Put in a damage."""
        self.add(damaged(self.milvus.address, what))


def verify_milvus(milvus: Milvus, *, tokens: Tokens, deep: bool, encoder: Encoder | None) -> Verification:
    """Examine the version that is published now; a damage is a finding, and no exception.

    :param deep: Whether every row is read, or their counts alone are compared.
    :param encoder: What some vectors are made with again; None to leave that out.
    :raises IndexMissing, StoreFailed: When there is nothing to be examined.
    """
    started, looked, version = time.monotonic(), Looked(milvus=milvus), ""
    try:
        snapshot = MilvusSnapshot(milvus, encoder=None, tokens=tokens)
        version = snapshot.version
        hold_to_tokens(snapshot.manifest, tokenizer=tokens.identity, address=milvus.address)
        counts = snapshot.manifest.counts
        if deep:
            Reading(snapshot, looked, encoder=encoder).run()
        else:
            looked.checked.update(sources=counts.sources, articles=counts.articles, passages=counts.passages)
    except IndexMissing:
        raise
    except (IndexDamaged, IndexStale) as error:
        looked.add(error)
    return Verification(
        version=version,
        deep=deep,
        errors=tuple(looked.errors),
        checked=dict(looked.checked),
        unlisted=looked.unlisted,
        seconds=time.monotonic() - started,
    )


class Reading:
    """Reads every row of a version once."""

    def __init__(self, snapshot: MilvusSnapshot, looked: Looked, *, encoder: Encoder | None) -> None:
        """Look through ``snapshot``."""
        self._snapshot, self._looked, self._encoder = snapshot, looked, encoder

    def run(self) -> None:
        """Look through all sources and what was made from them."""
        counts = self._snapshot.manifest.counts
        every = max(1, counts.sources // SAMPLE)
        for at, each in enumerate(self._sources()):
            self._source(each)
            if self._encoder and each.passages and at % every == 0:
                self._embedded(each.passages[0], self._encoder)
        found = self._looked.checked
        for table in ("sources", "articles", "passages"):
            if found[table] != getattr(counts, table):
                self._looked.damage(
                    f"{NAMES[table]}读到 {found[table]} 行，清单说有 {getattr(counts, table)} 行"
                )

    def _sources(self) -> Iterator[SourceRows]:
        try:
            yield from contents(self._snapshot.catalogue)
        except WRONG_ROW as error:
            self._looked.damage(f"有一行无法读取（{error}）")

    def _source(self, rows: SourceRows) -> None:
        self._each("sources", [rows.source], source_from_row)
        self._each("parts", rows.parts, lambda row: held("parts", row))
        counted = Counter(row[2] for row in rows.passages)
        self._each("articles", rows.articles, lambda row: self._article(row, counted, rows.printed))
        texts: dict[str, str] = {}
        self._each("passages", rows.passages, lambda row: self._passage(row, texts, rows))

    def _each(
        self, table: str, rows: Sequence[Sequence[Any]], check: Callable[[Sequence[Any]], object]
    ) -> None:
        for row in rows:
            try:
                check(row)
            except (*WRONG_ROW, QaError) as error:
                self._looked.damage(f"{NAMES[table]} {row[0]} 不对（{error}）")
        self._looked.checked[table] += len(rows)

    def _article(
        self, row: Sequence[Any], counted: Counter[str], printed: Mapping[str, Mapping[str, int]]
    ) -> None:
        article = article_from_row(row)
        if article.passages != counted[article.id]:
            raise ValueError("与它的段落不符")
        if {article.source_id, *sources_in(article.places)} != set(printed[article.id]):
            raise ValueError("与它的来源不符")

    def _passage(self, row: Sequence[Any], texts: dict[str, str], rows: SourceRows) -> None:
        passage = passage_from_row(row)
        texts.setdefault(rows.source[0], rows.source[TEXT])
        for place in passage.traced.origin:
            if place.source_id not in texts:
                found = self._snapshot.catalogue.sources_by_id([place.source_id])
                texts[place.source_id] = found[place.source_id].text
        if printed_at(passage.traced.origin, texts) != passage.text:
            raise ValueError("与原文不符")

    def _embedded(self, row: Sequence[Any], encoder: Encoder) -> None:
        (again,) = encoder.embed_passages([row[SEARCHED]])
        stored = vector_from_bytes(row[VECTOR])
        self._looked.checked["embedded"] += 1
        if encoder.identity != self._snapshot.manifest.encoder:
            raise IndexStale(
                built_with=f"模型 {self._snapshot.manifest.encoder}",
                asked_for=f"模型 {encoder.identity}",
                remedy="请重建：qa index --rebuild，或改回原来的模型（QA_ENCODER）",
            )
        if float(np.dot(again, stored)) < NEAR:
            self._looked.damage(f"段落 {row[0]} 的向量与重算的不同")
