"""The learnt part of segmentation, from the folder that ships with the program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from qa.errors import ModelMissing
from qa.text.language import Language, Side
from qa.text.manner import Manner, Tone
from qa.text.page_model import PageModel
from qa.text.strands import Floats
from qa.text.weighing import Weighing

LANGUAGE, MANNER, READING = "language.safetensors", "manner.safetensors", "reading.safetensors"
Tables = dict[str, NDArray[np.float16] | NDArray[np.float32] | NDArray[np.int32]]


def load_page_model(folder: Path) -> PageModel:
    """Return the model in ``folder``.

    :raises ModelMissing: When it is not there, or is not one.
    """
    weighings = load_weighings(folder)
    return PageModel(language=load_language(folder), manner=load_manner(folder), **weighings)


def load_weighings(folder: Path) -> dict[str, Weighing]:
    """Return how evidence about pages is weighed, each weighing by its name in ``PageModel``.

    :raises ModelMissing: When it is not there, or is not that.
    """
    tables = read(folder / READING)
    names = ("reading", "reading_again", "headings", "headings_again")
    try:
        return {name: weighing(tables, name) for name in names}
    except KeyError as error:
        raise missing(folder, error) from error


def load_language(folder: Path) -> Language:
    """Return what newspaper Chinese is like.

    :raises ModelMissing: When it is not there, or is not that.
    """
    tables = read(folder / LANGUAGE)
    try:
        return Language(
            alphabet=tables["alphabet"].astype(np.int64),
            characters=single(tables["characters"]),
            pairs=single(tables["pairs"]),
            topics=single(tables["topics"]),
            opening_characters=single(tables["openings.characters"]),
            opening_pairs=single(tables["openings.pairs"]),
            before=side(tables, "before"),
            after=side(tables, "after"),
        )
    except KeyError as error:
        raise missing(folder, error) from error


def load_manner(folder: Path) -> Manner:
    """Return how headlines, beginnings and endings read.

    :raises ModelMissing: When it is not there, or is not that.
    """
    tables = read(folder / MANNER)
    try:
        return Manner(starts=tone(tables, "starts"), ends=tone(tables, "ends"))
    except KeyError as error:
        raise missing(folder, error) from error


def read(path: Path) -> Tables:
    """Return the tables of a file.

    :raises ModelMissing: When there is none, or it is not whole.
    """
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise missing(path.parent, error) from error


def missing(folder: Path, error: Exception) -> ModelMissing:
    """Return the error for a folder that does not hold the model."""
    return ModelMissing(f"自带的版面模型不见了或已损坏（{folder}：{error}）；请重新安装")


def side(tables: Tables, name: str) -> Side:
    """Return the network for one side of a break."""
    fields = ("inward", "inward_bias", "outward", "outward_bias")
    return Side(**{field: single(tables[f"{name}.{field}"]) for field in fields})


def tone(tables: Tables, name: str) -> Tone:
    """Return how texts read on one side of a break."""
    fields = ("pairs", "placed", "inward", "inward_bias", "outward", "outward_bias")
    return Tone(**{field: single(tables[f"{name}.{field}"]) for field in fields})


def weighing(tables: Tables, name: str) -> Weighing:
    """Return how one kind of evidence is weighed."""
    fields = ("direct", "inward", "inward_bias", "outward")
    return Weighing(**{field: single(tables[f"{name}.{field}"]) for field in fields})


def single(table: NDArray[np.float16] | NDArray[np.float32] | NDArray[np.int32]) -> Floats:
    """Return a table in the 32 bit that processors multiply."""
    return table.astype(np.float32)
