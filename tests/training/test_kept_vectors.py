"""What was embedded is not embedded again, unless anything about it is another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.domain.ports import Vectors
from tests.fakes import FakeEncoder
from training import kept_vectors
from training.kept_vectors import KeepingEncoder

TEXTS = ["最低工资", "天气", "专业镇", "乳胶项目", "市委书记"]


class Counting(FakeEncoder):
    """Knows how many passages it embedded, and is killed at some point."""

    embedded, killed_after = 0, 10**6

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        if self.embedded + len(passages) > self.killed_after:
            raise KeyboardInterrupt
        self.embedded += len(passages)
        return super().embed_passages(passages)


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_vectors, "PORTION", 2)


def test_a_run_that_was_broken_off_goes_on_with_the_same_vectors(tmp_path: Path) -> None:
    first, second, plain = Counting(), Counting(), Counting()
    first.killed_after = 4
    with pytest.raises(KeyboardInterrupt):
        KeepingEncoder(first, precision="fp32", folder=tmp_path).embed_passages(TEXTS)

    vectors = KeepingEncoder(second, precision="fp32", folder=tmp_path).embed_passages(TEXTS)

    assert (first.embedded, second.embedded) == (4, 1)
    np.testing.assert_array_equal(vectors, plain.embed_passages(TEXTS))
    assert not list(tmp_path.glob("*.part.npy"))


def test_other_weights_precision_or_texts_are_embedded_anew(tmp_path: Path) -> None:
    KeepingEncoder(Counting(), precision="fp32", folder=tmp_path).embed_passages(TEXTS)
    other = Counting(digest="ab" * 32)
    KeepingEncoder(other, precision="fp32", folder=tmp_path).embed_passages(TEXTS)
    precise = Counting()
    KeepingEncoder(precise, precision="bf16", folder=tmp_path).embed_passages(TEXTS)
    changed = Counting()
    KeepingEncoder(changed, precision="fp32", folder=tmp_path).embed_passages(["最低", *TEXTS[1:]])

    assert (other.embedded, precise.embedded, changed.embedded) == (5, 5, 2)


def test_nothing_gives_no_rows(tmp_path: Path) -> None:
    assert len(KeepingEncoder(Counting(), precision="fp32", folder=tmp_path).embed_passages([])) == 0
