"""The encoder that is shipped, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.assemble import make_encoder, shipped_model
from qa.domain.ports import Encoder
from qa.errors import ModelMissing
from qa.models.bert_encoder import BertEncoder
from qa.models.encoder import SentenceEncoder
from qa.settings import Settings
from tests.contracts import EncoderContract

SHIPPED = shipped_model("encoder")
TEXTS = ["晋中市委书记刘星在太谷区调研。", "今年前8个月，实现产值410.5亿元。", "本报讯", "寻" * 900]
REFERENCE = Path(__file__).parent / "reference_vectors.json"

Kind = type[BertEncoder] | type[SentenceEncoder]


class TestShippedEncoder(EncoderContract):
    """The contract, over the encoder that is shipped."""

    @pytest.fixture
    def encoder(self, shipped_encoder: Encoder) -> Encoder:
        return shipped_encoder


def test_vectors_are_of_unit_length_and_do_not_depend_on_the_batch(encoder: Encoder) -> None:
    together = encoder.embed_passages(TEXTS)
    alone = np.vstack([encoder.embed_passages([text]) for text in TEXTS])

    assert together.shape == (4, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-6)
    assert (together * alone).sum(axis=1).min() > 0.999


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.embed_passages([]).shape == (0, 384)


def test_a_question_lies_nearer_to_its_passage_than_to_another(encoder: Encoder) -> None:
    question = encoder.embed_questions(["晋中市委书记是谁？"])[0]
    near, far, *_ = encoder.embed_passages(TEXTS)

    assert question @ near > question @ far + 0.02


def test_questions_and_passages_have_prompts_of_their_own(encoder: Encoder) -> None:
    text = ["晋中市委书记刘星"]
    assert float(encoder.embed_questions(text)[0] @ encoder.embed_passages(text)[0]) < 0.999


@pytest.mark.parametrize("kind", [BertEncoder, SentenceEncoder])
def test_fp32_gives_the_vectors_that_were_committed(kind: Kind) -> None:
    """Guards the weights, the tokenizer and the pooling; the values were made by fp32 on another run."""
    expected = json.loads(REFERENCE.read_text(encoding="utf-8"))
    exact = kind(str(SHIPPED), bf16=False)

    vectors = exact.embed_passages([each["text"] for each in expected])

    cosines = (vectors * np.asarray([each["vector"] for each in expected])).sum(axis=1)
    assert cosines.min() > 0.9999


def test_what_auto_computes_in_is_close_to_fp32(encoder: Encoder) -> None:
    exact = SentenceEncoder(str(SHIPPED), bf16=False)
    assert (encoder.embed_passages(TEXTS) * exact.embed_passages(TEXTS)).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("kind", [BertEncoder, SentenceEncoder])
def test_a_folder_that_is_no_sentence_transformer_is_refused_and_not_filled_up(
    kind: Kind, tmp_path: Path
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    (tmp_path / "model" / "modules.json").unlink()

    with pytest.raises(ModelMissing, match=r"缺 modules\.json"):
        kind(str(tmp_path / "model"))


def test_a_name_that_is_not_on_this_machine_is_refused_by_name() -> None:
    with pytest.raises(ModelMissing, match="nobody/nothing"):
        make_encoder(Settings(encoder="nobody/nothing"))


def test_damaged_weights_are_told(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])

    with pytest.raises(ModelMissing, match="无法载入"):
        make_encoder(Settings(encoder=str(tmp_path / "model")))


def test_another_prompt_is_another_encoder() -> None:
    plain = BertEncoder(str(SHIPPED), name="a")
    prompted = BertEncoder(str(SHIPPED), name="a", question_prompt="为这个句子生成表示：")

    assert plain.identity != prompted.identity
    assert plain.identity == BertEncoder(str(SHIPPED), name="a", bf16=False).identity


@pytest.mark.parametrize("kind", [BertEncoder, SentenceEncoder])
def test_weights_that_are_not_safetensors_are_refused(kind: Kind, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").rename(tmp_path / "model" / "pytorch_model.bin")

    with pytest.raises(ModelMissing, match="safetensors"):
        kind(str(tmp_path / "model"))


def test_other_weights_are_another_encoder(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)

    changed = BertEncoder(str(tmp_path / "model"), name="a").identity

    assert changed != BertEncoder(str(SHIPPED), name="a").identity
