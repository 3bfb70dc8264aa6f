"""BERT by OpenVINO, held against transformers, and what is left to others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from transformers import BertConfig, BertModel

from qa.models.bert import Bert, Hidden, NotComputable, computes_bf16, shape_in, tokenizer_in, weights_in

NUMBERS = np.array([[2, 9, 31, 17, 3], [2, 40, 3, 0, 0], [2, 3, 0, 0, 0]])
PRESENT = NUMBERS != 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small BERT of random weights, on disk as transformers keeps it."""
    made = tmp_path_factory.mktemp("bert")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=52,
        max_position_embeddings=40,
        layer_norm_eps=1e-9,
        initializer_range=0.4,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(made)
    return made


def by_transformers(folder: Path) -> Hidden:
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    with torch.inference_mode():
        hidden = model(
            input_ids=torch.from_numpy(NUMBERS), attention_mask=torch.from_numpy(PRESENT).long()
        ).last_hidden_state
    found: Hidden = hidden.numpy()
    return found


def test_every_piece_has_the_vector_that_transformers_gives_it(folder: Path) -> None:
    bert = Bert(weights_in(folder), shape_in(folder), bf16=False, threads=1)

    hidden = bert.hidden(NUMBERS, present=PRESENT)

    assert hidden.shape == (3, 5, 24)
    assert np.abs(hidden - by_transformers(folder))[PRESENT].max() < 1e-4


def test_what_stands_in_the_padding_changes_nothing(folder: Path) -> None:
    bert = Bert(weights_in(folder), shape_in(folder), bf16=False)
    other = np.where(PRESENT, NUMBERS, 33)

    one, another = (bert.hidden(each, present=PRESENT) for each in (NUMBERS, other))

    assert np.array_equal(one[PRESENT], another[PRESENT])


def test_a_result_is_not_written_over_by_the_next(folder: Path) -> None:
    bert = Bert(weights_in(folder), shape_in(folder), bf16=False)

    first = bert.hidden(NUMBERS[:1], present=PRESENT[:1])
    kept = first.copy()
    bert.hidden(NUMBERS[1:2], present=PRESENT[1:2])

    assert np.array_equal(first, kept)


@pytest.mark.skipif(not computes_bf16(), reason="this processor has no bf16")
def test_bf16_is_close(folder: Path) -> None:
    bert = Bert(weights_in(folder), shape_in(folder), bf16=True)

    assert np.abs(bert.hidden(NUMBERS, present=PRESENT) - by_transformers(folder))[PRESENT].mean() < 0.02


def test_weights_below_a_prefix_are_told_without_it(folder: Path, tmp_path: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({f"bert.{name}": each for name, each in weights.items()}, tmp_path / "model.safetensors")

    assert set(weights_in(tmp_path, below="bert.")) == set(weights)


def test_weights_in_16_bits_are_computed_in_32(folder: Path, tmp_path: Path) -> None:
    short = {name: each.astype(np.float16) for name, each in load_file(folder / "model.safetensors").items()}
    save_file(short, tmp_path / "model.safetensors")
    long = {name: each.astype(np.float32) for name, each in short.items()}

    kept, told = (
        Bert(weights, shape_in(folder), bf16=False, threads=1).hidden(NUMBERS, present=PRESENT)
        for weights in (weights_in(tmp_path), long)
    )

    assert {each.dtype for each in weights_in(tmp_path).values()} == {np.dtype(np.float16)}
    assert np.array_equal(kept[PRESENT], told[PRESENT])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_weights_in_more_bits_are_told_in_32(kind: type[np.floating], folder: Path, tmp_path: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: each.astype(kind) for name, each in weights.items()}, tmp_path / "model.safetensors")

    assert {each.dtype for each in weights_in(tmp_path).values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model_type", "roberta"),
        ("hidden_act", "relu"),
        ("hidden_act", None),
        ("position_embedding_type", "relative_key"),
        ("is_decoder", True),
        ("num_hidden_layers", "three"),
        ("layer_norm_eps", None),
    ],
)
def test_another_kind_of_model_is_left_to_others(
    name: str, value: object, folder: Path, tmp_path: Path
) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps(config | {name: value}), encoding="utf-8")

    with pytest.raises(NotComputable):
        shape_in(tmp_path)


@pytest.mark.parametrize("written", [b"", b"[]", b"\xff\xfe", b"{", None])
def test_a_configuration_that_is_none_is_told(written: bytes | None, tmp_path: Path) -> None:
    if written is not None:
        (tmp_path / "config.json").write_bytes(written)

    with pytest.raises(NotComputable):
        shape_in(tmp_path)


def test_a_layer_that_has_no_weights_is_told(folder: Path) -> None:
    weights = dict(weights_in(folder))
    del weights["encoder.layer.2.output.dense.weight"]

    with pytest.raises(NotComputable, match=r"encoder\.layer\.2\.output\.dense\.weight"):
        Bert(weights, shape_in(folder))


@pytest.mark.parametrize("written", [b"", b"\x80\x04cposix\nsystem\n", b"\x08\0\0\0\0\0\0\0{}{}{}{}", None])
def test_weights_that_are_none_are_told(written: bytes | None, tmp_path: Path) -> None:
    if written is not None:
        (tmp_path / "model.safetensors").write_bytes(written)

    with pytest.raises(NotComputable):
        weights_in(tmp_path)


def test_weights_that_are_cut_off_are_told(folder: Path, tmp_path: Path) -> None:
    shutil.copyfile(folder / "model.safetensors", tmp_path / "model.safetensors")
    content = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(content[:-40])

    with pytest.raises(NotComputable):
        weights_in(tmp_path)


@pytest.mark.parametrize("written", [b"", b"{}", b"\xff", None])
def test_a_tokenizer_that_is_none_is_told(written: bytes | None, tmp_path: Path) -> None:
    if written is not None:
        (tmp_path / "tokenizer.json").write_bytes(written)

    with pytest.raises(NotComputable):
        tokenizer_in(tmp_path)
