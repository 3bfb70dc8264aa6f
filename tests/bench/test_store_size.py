"""A filled store chooses what the folder beside it chooses, and what fails is a figure that is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import dense
from bench.filled_store import Material
from bench.searched_store import WAYS, asked, material_of
from bench.store_size import made_vectors
from qa.domain.answers import Hit
from qa.errors import StoreAway
from qa.store.milvus.filters import Condition


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vectors") / "vectors.npy"
    np.save(file, dense.collection(made_vectors()[:500], 1000))
    return file


@pytest.fixture(scope="module")
def material(vectors: Path) -> Material:
    return material_of(vectors, vocabulary=["大会", "开幕", "煤炭", "企业"], words=5)


@pytest.mark.parametrize("name", list(WAYS))
def test_a_filter_chooses_the_same_passages_as_in_the_folder(
    vectors: Path, material: Material, name: str
) -> None:
    expected = dense.filters(vectors)[name]
    condition = Condition.of(WAYS[name][1], sources=None, key="article")

    passing = {number for number in range(1, 1001) if condition.holds_of(material.chosen(number))}

    assert passing == (set(range(1, 1001)) if expected is None else set(expected))


def test_texts_are_the_same_for_the_same_numbers_and_so_is_the_name(material: Material) -> None:
    texts = material.texts(1, 100)

    assert texts == material.texts(1, 100) != material.texts(101, 100)
    assert {len(words) for words in texts} == {5}
    assert {word for words in texts for word in words} == set(material.vocabulary)
    assert len(material.name) == 8


def test_what_was_answered_before_a_failure_is_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    def search(question: int) -> list[Hit]:
        if question == 8:
            raise StoreAway("不在")
        return [Hit(number=question, score=1.0)]

    few = asked(search, [8, 1, 2], [[8], [1], [2]])
    some = asked(search, [1, 2, 3, 4, 5, 6, 7, 8, 9], [[1], [2], [3], [4], [5], [6], [0], [8], [9]])

    assert (few.questions, few.times, few.recall) == (0, None, None)
    assert some.questions == 7
    assert some.recall == pytest.approx(6 / 7)
    assert capsys.readouterr().err == "不在\n" * 2
