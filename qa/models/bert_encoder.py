"""Sentence encoders that are a plain BERT, computed without sentence-transformers but to the same vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.domain.ports import EncoderIdentity, Vectors
from qa.models.bert import Bert, Hidden, NotComputable, read_json, shape_in, tokenizer_in, weights_in
from qa.models.folders import digest_of, first_of, folder_of
from qa.models.padded import in_batches, padded

STEPS = (("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize"))
"""What such an encoder is made of, in order, by the names of sentence-transformers."""

MEAN, FIRST = "pooling_mode_mean_tokens", "pooling_mode_cls_token"

BATCH_PIECES = 4096
"""Pieces computed at once, padding included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a text becomes a vector, besides the weights.

    :param mean: Whether the vector is the mean over all pieces; else it is that of the first.
    :param longest: Pieces of a text, of which the others are cut off.
    :param prompts: By the names that sentence-transformers gives them.
    """

    mean: bool
    longest: int
    prompts: dict[str, str]


class BertEncoder:
    """Embeds texts of like length together."""

    def __init__(
        self,
        model: str,
        *,
        name: str | None = None,
        question_prompt: str | None = None,
        passage_prompt: str | None = None,
        bf16: bool | None = None,
        threads: int | None = None,
    ) -> None:
        """Load a model from a folder of sentence-transformers, or by its name in the local cache.

        The parameters are those of ``SentenceEncoder``, and so is the identity.

        :param threads: They compute with so many; None for as many as there are cores for this process.
        :raises NotComputable: When it is another kind of model, which sentence-transformers may take.
        :raises ModelMissing: When there is none.
        """
        folder = folder_of(model)
        self._recipe = recipe_in(folder)
        self._question_prompt = first_of(question_prompt, self._recipe.prompts.get("query"))
        self._passage_prompt = first_of(
            passage_prompt, self._recipe.prompts.get("passage"), self._recipe.prompts.get("document")
        )
        self._tokenizer = tokenizer_in(folder)
        self._tokenizer.enable_truncation(self._recipe.longest)
        self._tokenizer.no_padding()
        shape = shape_in(folder)
        self._bert = Bert(weights_in(folder), shape, bf16=bf16, threads=threads)
        self._identity = EncoderIdentity(
            name=name or model,
            digest=digest_of(folder, prompts=(self._question_prompt, self._passage_prompt)),
            dimension=shape.width,
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Return which encoder this is; what computes it, and in what precision, is no part of that."""
        return self._identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Return one row a question, normalised."""
        return self._embed([self._question_prompt + each for each in questions])

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage, normalised."""
        return self._embed([self._passage_prompt + each for each in passages])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows: Vectors = np.zeros((len(texts), self._identity.dimension), dtype=np.float32)
        inputs = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        for batch in in_batches([len(each) for each in inputs], pieces=BATCH_PIECES):
            numbers, present = padded([inputs[at] for at in batch])
            rows[batch] = self._pooled(self._bert.hidden(numbers, present=present), present)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(min=1e-12)
        return unit

    def _pooled(self, hidden: Hidden, present: NDArray[np.bool_]) -> Vectors:
        if not self._recipe.mean:
            first: Vectors = hidden[:, 0]
            return first
        summed = np.einsum("tpw,tp->tw", hidden, present.astype(np.float32))
        mean: Vectors = summed / present.sum(axis=1, keepdims=True, dtype=np.float32)
        return mean


def recipe_in(folder: Path) -> Recipe:
    """Return how the encoder in a folder makes a vector.

    :raises NotComputable: When that is not by a transformer, the mean or the first piece, and the norm.
    """
    paths = modules_in(folder)
    pooling = read_json(folder / paths["Pooling"] / "config.json", dict)
    ways = {name for name, used in pooling.items() if name.startswith("pooling_mode_") and used}
    if ways not in ({MEAN}, {FIRST}) or not pooling.get("include_prompt", True):
        raise NotComputable(f"pooled by {sorted(ways)}")
    cutting = read_json(folder / "sentence_bert_config.json", dict)
    if cutting.get("do_lower_case"):
        raise NotComputable("lower-cased by sentence-transformers itself")
    if not isinstance(longest := cutting.get("max_seq_length"), int):
        raise NotComputable("no max_seq_length")
    prompts = read_json(folder / "config_sentence_transformers.json", dict).get("prompts") or {}
    return Recipe(mean=ways == {MEAN}, longest=longest, prompts=dict(prompts))


def modules_in(folder: Path) -> dict[str, str]:
    """Return the folder of each step of an encoder, by its name.

    :raises NotComputable: When these are not the steps that can be computed here.
    """
    listed = read_json(folder / "modules.json", list)
    try:
        paths = {each["type"].rsplit(".", 1)[-1]: str(each["path"]) for each in listed}
    except (KeyError, TypeError, AttributeError) as error:
        raise NotComputable(f"modules.json: {error}") from error
    if tuple(paths) not in STEPS or paths["Transformer"]:
        raise NotComputable(f"made of {list(paths)}")
    return paths
