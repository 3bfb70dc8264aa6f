"""The errors are one tree, drawn in the docstring of their module."""

from __future__ import annotations

import re
from multiprocessing import Pipe

from qa import errors
from qa.errors import IndexStale, QaError, QueueFull


def tree(error: type[QaError]) -> list[type[QaError]]:
    return [error, *(each for child in error.__subclasses__() for each in tree(child))]


def test_the_docstring_draws_the_whole_tree() -> None:
    drawn = re.findall(r"^\s*[*-] ([A-Z]\w+)  ", errors.__doc__ or "", flags=re.MULTILINE)

    assert sorted(drawn) == sorted(error.__name__ for error in tree(QaError))


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in tree(QaError)]

    assert len(set(codes)) == len(codes)


def test_a_code_is_the_name_of_its_error() -> None:
    for error in tree(QaError)[1:]:
        assert error.code == re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()


def test_a_stale_index_names_both_sides_and_the_remedy() -> None:
    error = IndexStale(built_with="格式 1", asked_for="格式 2", remedy="请重建")

    assert str(error) == "索引由 格式 1 建成，当前使用 格式 2；请重建"


def test_every_error_is_sent_to_another_process_as_it_is() -> None:
    stale = IndexStale(built_with="格式 1", asked_for="格式 2", remedy="请重建")
    busy = QueueFull("已满", retry_after=3)

    here, there = Pipe()
    with here, there:
        for error in (stale, busy, QaError("别的")):
            here.send(error)
            sent = there.recv()
            assert (type(sent), str(sent), vars(sent)) == (type(error), str(error), vars(error))
