"""The encoder, on sentence-transformers; nothing is fetched and nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from qa.domain.ports import EncoderIdentity, Vectors
from qa.errors import ModelMissing
from qa.models.folders import REMEDY, digest_of, first_line, first_of, folder_of

BATCH_SIZE = 32


class SentenceEncoder:
    """Any sentence-transformers model, by folder or by a name in the local cache."""

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
        """Load a model.

        :param name: What the index calls it; ``model`` where not given.
        :param bf16: Whether to compute in bf16; None for where the processor does so itself.
        :param threads: They compute with so many; None leaves it to torch.
        :param question_prompt: What stands before a question; None for what the model's
            own configuration calls ``query``, or nothing where it has no such prompt.
        :param passage_prompt: The same for passages (``passage`` or ``document``).
        :raises ModelMissing: When there is no such model here, or it is not a complete
            sentence-transformers folder (which would otherwise be filled up by guessing).
        """
        folder = folder_of(model)
        if threads:
            torch.set_num_threads(threads)
        self._model = load(folder)
        if has_bf16() if bf16 is None else bf16:
            # The weights, not autocast: half the memory traffic, which is what bounds two cores.
            self._model = self._model.to(torch.bfloat16)
        prompts = self._model.prompts or {}
        self._question_prompt = first_of(question_prompt, prompts.get("query"))
        self._passage_prompt = first_of(passage_prompt, prompts.get("passage"), prompts.get("document"))
        self._identity = EncoderIdentity(
            name=name or model,
            digest=digest_of(folder, prompts=(self._question_prompt, self._passage_prompt)),
            dimension=int(self._model.get_embedding_dimension() or 0),
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Return which encoder this is; the precision it computes in is no part of that."""
        return self._identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Return one row a question, normalised."""
        return self._embed(questions, prompt=self._question_prompt)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage, normalised."""
        return self._embed(passages, prompt=self._passage_prompt)

    def _embed(self, texts: Sequence[str], *, prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self._identity.dimension), dtype=np.float32)
        # sentence-transformers sorts by length itself, so that a batch holds texts of like length.
        tensor = self._model.encode(
            list(texts), prompt=prompt, batch_size=BATCH_SIZE, convert_to_tensor=True, show_progress_bar=False
        )
        rows = np.asarray(tensor.to(torch.float32).cpu().numpy(), dtype=np.float32)
        # Once more in 32 bits: the unit length of a bf16 vector is off by up to 0.4 %.
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(min=1e-12)
        return unit


def load(folder: Path) -> SentenceTransformer:
    """Return a model from disk, on the processor.

    :raises ModelMissing: See ``SentenceEncoder``.
    """
    disable_progress_bar()
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelMissing(f"句向量模型 {folder} 无法载入：{first_line(error)}；{REMEDY}") from error


def has_bf16() -> bool:
    """Tell whether this processor multiplies bf16 in hardware."""
    return bool(torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())
