"""Numbers are a set, whatever they are held in."""

from __future__ import annotations

import numpy as np

from qa.store.numbers import Numbers, among, ascending


def test_they_are_a_set_in_ascending_order() -> None:
    numbers = Numbers([9, 2, 9, 2**40])

    assert list(numbers) == [2, 9, 2**40]
    assert len(numbers) == 3
    assert not numbers ^ {2, 9, 2**40}
    assert 9 in numbers
    assert np.int64(2) in numbers
    assert not {3, 0, 2**41} & numbers
    assert list(numbers & {9, 10}) == [9]
    assert not Numbers([])


def test_any_numbers_come_ascending_each_once() -> None:
    assert ascending([5, 1, 5]).tolist() == [1, 5]
    assert ascending(frozenset({7, 3})).tolist() == [3, 7]
    assert ascending(set()).tolist() == []
    held = Numbers([4])
    assert ascending(held) is held.array


def test_an_array_that_is_ascending_is_held_as_it_is() -> None:
    array = np.array([2, 5, 9])

    assert Numbers.of(array).array is array
    assert not Numbers.of(array) ^ {2, 5, 9}


def test_each_number_is_told_whether_it_is_one_of_some() -> None:
    numbers = np.array([9, 0, 5, 10, 5])

    assert among(numbers, np.array([2, 5, 9])).tolist() == [True, False, True, False, True]
    assert among(numbers, np.array([], dtype=np.int64)).tolist() == [False] * 5
    assert among(np.array([], dtype=np.int64), np.array([3])).tolist() == []
