"""A reader that is being trained, or is computed in a way that the shipped one is not: by torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertForQuestionAnswering

from qa.models.bert import Numbers
from qa.models.span_reader import SpanReader
from qa.models.span_tokens import SpanTokens


def torch_reader(model: BertForQuestionAnswering, tokens: SpanTokens) -> SpanReader:
    """Return a reader by a model that torch computes, in the precision its weights have."""
    model.eval()

    def end_scores(numbers: Numbers, present: NDArray[np.bool_]) -> NDArray[np.float32]:
        with torch.inference_mode():
            hidden = model.bert(
                input_ids=torch.from_numpy(numbers), attention_mask=torch.from_numpy(present).long()
            ).last_hidden_state
            # In 32 bits: two neighbouring pieces often differ by less than a bf16 tells.
            scores: NDArray[np.float32] = model.qa_outputs(hidden.float()).float().numpy()
        return scores

    return SpanReader(end_scores, tokens)


def reader_in_bf16(folder: Path) -> SpanReader:
    """Return the reader in a folder, computed in bf16 even where the processor has none."""
    model = BertForQuestionAnswering.from_pretrained(
        str(folder), local_files_only=True, use_safetensors=True, dtype=torch.float32
    )
    model.bert.bfloat16()
    return torch_reader(model, SpanTokens(Tokenizer.from_file(str(folder / "tokenizer.json"))))
