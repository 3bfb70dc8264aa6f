"""The encoder without sentence-transformers, held against the one by it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.assemble import make_encoder, shipped_model
from qa.models.bert import NotComputable
from qa.models.bert_encoder import BertEncoder
from qa.models.encoder import SentenceEncoder
from qa.settings import Settings

SHIPPED = shipped_model("encoder")
TEXTS = [
    "晋中市委书记刘星在太谷区调研。",
    "",
    "ＡＢＣ①㎡　晉中　①",
    "本报讯",
    "今年前8个月，实现产值410.5亿元。" * 60,
    "\U0001f9e7\u200b",
]
POOLING, MODULES = "1_Pooling/config.json", "modules.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "model")


def change(folder: Path, name: str, **changes: object) -> None:
    """Change a file of settings, in which names that are set to None are left out."""
    settings = json.loads((folder / name).read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in settings.items() if value is not None}
    (folder / name).write_text(json.dumps(kept), encoding="utf-8")


def assert_equal(folder: Path) -> None:
    ours, theirs = (kind(str(folder), bf16=False) for kind in (BertEncoder, SentenceEncoder))

    assert ours.identity == theirs.identity
    assert np.abs(ours.embed_passages(TEXTS) - theirs.embed_passages(TEXTS)).max() < 2e-6
    assert np.abs(ours.embed_questions(TEXTS) - theirs.embed_questions(TEXTS)).max() < 2e-6


def test_the_vectors_are_those_of_sentence_transformers() -> None:
    assert_equal(SHIPPED)


def test_so_they_are_by_the_first_piece_without_a_prompt_and_cut_off_sooner(folder: Path) -> None:
    change(folder, POOLING, pooling_mode_mean_tokens=False, pooling_mode_cls_token=True)
    change(folder, "config_sentence_transformers.json", prompts=None)
    change(folder, "sentence_bert_config.json", max_seq_length=20)

    assert_equal(folder)


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        (POOLING, {"pooling_mode_max_tokens": True}),
        (POOLING, {"pooling_mode_mean_tokens": False, "pooling_mode_lasttoken": True}),
        (POOLING, {"include_prompt": False}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"max_seq_length": None}),
        ("config.json", {"model_type": "distilbert"}),
    ],
)
def test_what_would_give_other_vectors_is_left_to_others(
    file: str, changes: dict[str, object], folder: Path
) -> None:
    change(folder, file, **changes)

    with pytest.raises(NotComputable):
        BertEncoder(str(folder))


@pytest.mark.parametrize("modules", [[], [{}], ["一"], {}, [{"type": "a.Transformer", "path": ""}]])
def test_a_model_made_of_other_steps_is_left_to_others(modules: object, folder: Path) -> None:
    (folder / MODULES).write_text(json.dumps(modules), encoding="utf-8")

    with pytest.raises(NotComputable):
        BertEncoder(str(folder))


def test_a_model_that_pools_by_the_largest_is_computed_by_sentence_transformers(folder: Path) -> None:
    change(folder, POOLING, pooling_mode_mean_tokens=False, pooling_mode_max_tokens=True)

    encoder = make_encoder(Settings(encoder=str(folder), threads=1))

    assert isinstance(encoder, SentenceEncoder)
    assert encoder.embed_passages(TEXTS).shape == (len(TEXTS), 384)


def test_the_shipped_one_is_not() -> None:
    assert isinstance(make_encoder(Settings()), BertEncoder)
