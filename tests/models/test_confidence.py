"""The file of the confidence model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.assemble import shipped_model
from qa.errors import ModelMissing
from qa.models.confidence import CONFIDENCE, load_confidence
from qa.ranking.confidence import SIGNALS


def test_the_shipped_one_trusts_an_answer_more_the_surer_the_reader_is() -> None:
    model = load_confidence(shipped_model("reader"))

    assert model.weights["margin"] + model.weights["lead"] > 0
    assert set(model.weights) == set(SIGNALS)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        json.dumps({"intercept": "a", "weights": {}}),
        json.dumps({"intercept": 0, "weights": {"margin": 1}}),
        json.dumps({"intercept": 0, "weights": dict.fromkeys(SIGNALS, "x")}),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / CONFIDENCE).write_text(content, encoding="utf-8")

    with pytest.raises(ModelMissing, match="把握模型"):
        load_confidence(tmp_path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"confidence\.json"):
        load_confidence(tmp_path)
