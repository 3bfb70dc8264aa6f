"""The derived files held to the manifest, and what is in them to the catalogue."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from qa.domain.ports import Encoder, Vectors
from qa.store.catalogue import Catalogue
from qa.store.derived import DENSE, LEXICAL, PORTION, Searched
from qa.store.failures import Remedy, another_encoder
from qa.store.files import KnownFiles
from qa.store.findings import Findings
from qa.store.lexical import LexicalIndex
from qa.store.manifest import Manifest, difference
from qa.store.segments import segments_in
from qa.store.tokens import Tokens

ALIKE = 0.98
"""Cosine that a vector has at least with the same text embedded anew: in bf16, and padded otherwise."""


class DerivedCheck:
    """Looks through the derived files of one version."""

    def __init__(self, derived: Path, manifest: Manifest, catalogue: Catalogue, findings: Findings) -> None:
        """Look through what is in ``derived``.

        :param catalogue: Of the same version, its rows found sound where vectors are compared.
        """
        self._derived, self._manifest = derived, manifest
        self._catalogue, self._findings = catalogue, findings

    def files(self, *, hashed: bool) -> set[str]:
        """Hold files to the manifest; return which of the two searches cannot be read on.

        :param hashed: Whether they are read, or their sizes looked at alone.
        """
        known = KnownFiles() if hashed else None
        spoilt = set()
        for name, file in self._manifest.files.items():
            told = difference(self._derived, name, file, known=known)
            if told:
                self._findings.damage(told, remedy=Remedy.REPAIR)
                spoilt.add(side_of(name))
        self._findings.count(files=len(self._manifest.files))
        return spoilt

    def dense(self) -> bool:
        """Tell whether the vectors that are searched are those of the catalogue."""
        try:
            sound = self._same_vectors()
        except (RuntimeError, ValueError, KeyError, OSError):
            sound = False
        if not sound:
            told = f"{DENSE}/ 里的向量与 catalogue.sqlite 的不同"
            self._findings.damage(told, remedy=Remedy.REPAIR)
        return sound

    def _same_vectors(self) -> bool:
        held = self._catalogue.numbers()
        found = 0
        for each in segments_in(self._derived / DENSE):
            numbers, vectors = each.read(held)
            order = np.argsort(numbers)
            if not self._same(numbers[order].tolist(), vectors[order]):
                return False
            found += len(numbers)
        self._findings.count(vectors=found)
        return found == len(held)

    def _same(self, numbers: list[int], vectors: Vectors) -> bool:
        """Tell whether passages have these vectors, one row each, in the catalogue."""
        for start in range(0, len(numbers), PORTION):
            part = numbers[start : start + PORTION]
            stored = {number: vector for number, _, vector in self._catalogue.searched(part)}
            rows = np.stack([stored[number] for number in part])
            if not np.array_equal(rows, vectors[start : start + PORTION]):
                return False
        return True

    def words(self, tokens: Tokens, *, sample: int, seed: int) -> bool:
        """Tell whether the words that are searched are those of the catalogue.

        :param sample: Passages that are looked for by their own words.
        """
        try:
            index = LexicalIndex(self._derived / LEXICAL, tokens=tokens)
            sound = bool(index.numbers() == self._catalogue.numbers().tolist())
            if sound:
                some = self._catalogue.searched(self._some(sample, seed))
                sound = all(found_by_its_words(index, each, tokens) for each in some)
        except (RuntimeError, ValueError, OSError):
            sound = False
        if not sound:
            told = f"{LEXICAL}/ 里的词与 catalogue.sqlite 的段落不符"
            self._findings.damage(told, remedy=Remedy.REPAIR)
        return sound

    def embedded(self, encoder: Encoder, *, sample: int, seed: int) -> None:
        """Embed some passages anew and compare."""
        if encoder.identity != self._manifest.encoder:
            found = self._manifest.encoder
            self._findings.add(another_encoder(self._findings.folder, found=found, ours=encoder.identity))
            return
        rows = list(self._catalogue.searched(self._some(sample, seed)))
        anew = encoder.embed_passages([text for _, text, _ in rows])
        for (number, _, stored), made in zip(rows, anew, strict=True):
            if not float(stored @ made) >= ALIKE:
                told = f"catalogue.sqlite 中段落 {number} 的向量与它的文字不符"
                self._findings.damage(told, remedy=Remedy.REBUILD)
        self._findings.count(embedded=len(rows))

    def _some(self, sample: int, seed: int) -> list[int]:
        numbers = self._catalogue.numbers().tolist()
        return sorted(random.Random(seed).sample(numbers, min(sample, len(numbers))))


def side_of(name: str) -> str:
    """Return which of the two searches a file is of."""
    return DENSE if name.startswith(f"{DENSE}/") else LEXICAL


def found_by_its_words(index: LexicalIndex, passage: Searched, tokens: Tokens) -> bool:
    """Tell whether a passage is found by its own words, if it has any."""
    number, text, _ = passage
    return not tokens.cut(text) or bool(index.search(text, limit=1, within={number}))
