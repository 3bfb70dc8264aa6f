"""Vectors of passages, kept portion by portion: an hour of embedding goes on where it was broken off."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.domain.ports import Encoder, EncoderIdentity, Vectors

FOLDER = Path("runs/vectors")
PORTION = 2048
"""Passages in a file: a few minutes where bf16 is not computed in hardware."""


class KeepingEncoder:
    """An encoder that takes the vectors of passages it has embedded before from a folder."""

    def __init__(self, encoder: Encoder, *, precision: str, folder: Path = FOLDER) -> None:
        """Keep what ``encoder`` embeds.

        :param precision: What it computes in, which its identity does not tell.
        """
        self._encoder, self._precision, self._folder = encoder, precision, folder

    @property
    def identity(self) -> EncoderIdentity:
        """Return which encoder this is."""
        return self._encoder.identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Return one row a question, normalised; they are not kept."""
        return self._encoder.embed_questions(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage, normalised."""
        portions = [passages[start : start + PORTION] for start in range(0, len(passages), PORTION)]
        return np.concatenate([self._portion(each) for each in portions or [[]]])

    def _portion(self, passages: Sequence[str]) -> Vectors:
        digest = hashlib.sha256(f"{self.identity.digest} {self._precision}".encode())
        for passage in passages:
            digest.update(hashlib.sha256(passage.encode()).digest())
        file = self._folder / f"{digest.hexdigest()}.npy"
        if file.exists():
            kept: Vectors = np.load(file, allow_pickle=False)
            return kept
        vectors = self._encoder.embed_passages(passages)
        self._folder.mkdir(parents=True, exist_ok=True)
        # Under another name first: a kill leaves no half of a file.
        part = file.with_suffix(".part.npy")
        np.save(part, vectors, allow_pickle=False)
        part.replace(file)
        return vectors
