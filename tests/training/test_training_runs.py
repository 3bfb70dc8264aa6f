"""The whole path of both trainers on a small part."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qa.assemble import shipped_model
from qa.models.encoder import SentenceEncoder
from qa.models.span_reader import Pair, load_reader
from tests.training.made_questions import context_of, write_data


@pytest.mark.slow
def test_the_reader_is_trained_broken_off_gone_on_with_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from training import reader

    data = write_data(tmp_path / "data", count=400)
    command = ["reader", "--smoke", "--data", str(data), "--start", str(shipped_model("encoder"))]
    command += ["--output", str(tmp_path / "made"), "--work", str(tmp_path / "work")]
    monkeypatch.setattr(sys, "argv", command)
    reader.main()
    first = (tmp_path / "made" / "model.safetensors").read_bytes()
    # Everything is done: the same command goes on from the end, and changes nothing.
    reader.main()

    assert (tmp_path / "made" / "model.safetensors").read_bytes() == first
    found = load_reader(tmp_path / "made").read_pairs([Pair(question="总投资多少？", passage=context_of(7))])
    assert found[0] is not None
    assert 0 <= found[0].span.start < found[0].span.end <= len(context_of(7))
    assert '"development"' in capsys.readouterr().out


@pytest.mark.slow
def test_the_encoder_is_trained_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from training import encoder

    data = write_data(tmp_path / "data", count=3000)
    command = ["encoder", "--smoke", "--data", str(data), "--start", str(shipped_model("encoder"))]
    command += ["--output", str(tmp_path / "made"), "--work", str(tmp_path / "work")]
    monkeypatch.setattr(sys, "argv", command)
    encoder.main()

    before, after = (
        SentenceEncoder(str(f), bf16=False) for f in (shipped_model("encoder"), tmp_path / "made")
    )
    vectors = [each.embed_passages(["太谷县的项目开工。"])[0] for each in (before, after)]
    assert 0.5 < float(vectors[0] @ vectors[1]) < 0.999999
    assert before.identity != after.identity
