"""The learnt part of segmentation is read from its folder, or said to be missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from qa.errors import ModelMissing
from qa.models.page_model import LANGUAGE, MANNER, READING, load_language, load_page_model
from qa.text.headline_evidence import NAMES as OF_HEADINGS
from qa.text.headline_evidence import SECOND as SECOND_OF_HEADINGS
from qa.text.language import OPENING, PAIRS, SEEN
from qa.text.reading_evidence import NAMES, SECOND

SHIPPED = Path(__file__).parents[2] / "models" / "pages"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a copy of the shipped model."""
    for name in (LANGUAGE, MANNER, READING):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    return tmp_path


def without(path: Path, *, table: str) -> None:
    """Write a file anew with one table left out."""
    tables = load_file(path)
    del tables[table]
    save_file(tables, path)


def refused(folder: Path) -> str:
    with pytest.raises(ModelMissing) as caught:
        load_page_model(folder)
    return str(caught.value)


def test_the_shipped_model_has_tables_that_fit_each_other_and_the_evidence() -> None:
    model = load_page_model(SHIPPED)
    language, letters = model.language, len(model.language.alphabet) + 1
    width, depth = language.characters.shape[1], language.before.outward.shape[1]

    assert (np.diff(language.alphabet) > 0).all()
    assert language.characters.shape == (letters, width)
    assert language.pairs.shape == (PAIRS, width)
    assert language.topics.shape[0] == PAIRS
    assert language.opening_characters.shape == (OPENING, letters)
    assert language.opening_pairs.shape == (OPENING - 1, PAIRS)
    for side in (language.before, language.after):
        assert side.inward.shape == (SEEN * width + width, len(side.inward_bias))
        assert side.outward.shape == (len(side.inward_bias), depth)
    for tone, side in ((model.manner.starts, language.after), (model.manner.ends, language.before)):
        assert tone.pairs.shape == tone.placed.shape == (PAIRS, 2)
        assert tone.inward.shape == (len(side.inward_bias), len(tone.inward_bias))
        assert tone.outward.shape == (len(tone.inward_bias), 2)
    assert model.reading.direct.shape == (len(NAMES),)
    assert model.reading_again.direct.shape == (len(NAMES) + len(SECOND),)
    assert model.headings.direct.shape == (len(OF_HEADINGS),)
    assert model.headings_again.direct.shape == (len(OF_HEADINGS) + len(SECOND_OF_HEADINGS),)


def test_tables_are_held_as_processors_multiply_them(folder: Path) -> None:
    stored = load_file(folder / LANGUAGE)
    language = load_language(folder)

    assert stored["characters"].dtype == np.float16
    assert language.characters.dtype == np.float32
    assert language.alphabet.dtype == np.int64
    np.testing.assert_array_equal(language.characters, stored["characters"].astype(np.float32))
    np.testing.assert_array_equal(language.after.outward, stored["after.outward"].astype(np.float32))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    message = refused(tmp_path / "没有")

    assert str(tmp_path / "没有") in message
    assert message.startswith("自带的版面模型不见了或已损坏")
    assert message.endswith("请重新安装")


@pytest.mark.parametrize("name", [LANGUAGE, MANNER, READING])
def test_a_file_that_is_not_there_is_missed(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert str(folder) in refused(folder)


@pytest.mark.parametrize("name", [LANGUAGE, MANNER, READING])
@pytest.mark.parametrize("kept", [0.0, 0.1, 0.99])
def test_a_file_that_was_cut_short_is_refused(folder: Path, name: str, kept: float) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: int(len(whole) * kept)])

    message = refused(folder)

    assert str(folder) in message
    assert "请重新安装" in message


@pytest.mark.parametrize("name", [LANGUAGE, MANNER, READING])
def test_a_file_that_is_something_else_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("version https://git-lfs.github.com/spec/v1\n" * 4, encoding="utf-8")

    assert str(folder) in refused(folder)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        (LANGUAGE, "alphabet"),
        (MANNER, "ends.placed"),
        (LANGUAGE, "topics"),
        (LANGUAGE, "openings.pairs"),
        (LANGUAGE, "before.inward_bias"),
        (LANGUAGE, "after.outward"),
        (READING, "reading.direct"),
        (READING, "reading_again.inward"),
        (READING, "headings.outward"),
        (READING, "headings_again.inward_bias"),
    ],
)
def test_a_file_without_one_of_its_tables_is_refused_and_the_table_named(
    folder: Path, name: str, table: str
) -> None:
    without(folder / name, table=table)

    message = refused(folder)

    assert str(folder) in message
    assert table in message
    assert message.endswith("请重新安装")
