"""Strands: what is done to all lists at once, against the same done to them one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.text.strands import MISSING, Held, Strands, ranges

Lists = list[list[int]]
LISTS = st.lists(st.lists(st.integers(0, 9), max_size=7), max_size=6)


def strands(lists: Lists) -> Strands:
    flat = np.array([number for each in lists for number in each], dtype=np.int64)
    return Strands.of(flat, np.array([len(each) for each in lists], dtype=np.int64))


def lists(found: Strands) -> Lists:
    bounds = found.bounds.tolist()
    return [found.flat[start:end].tolist() for start, end in pairwise(bounds)]


@given(LISTS, st.integers(0, 8))
def test_heads_and_tails_are_those_of_each_list(given_lists: Lists, count: int) -> None:
    found = strands(given_lists)

    assert lists(found) == given_lists
    assert found.lengths.tolist() == [len(each) for each in given_lists]
    assert lists(found.head(count)) == [each[:count] for each in given_lists]
    assert lists(found.tail(count)) == [each[len(each) - min(count, len(each)) :] for each in given_lists]


@given(LISTS, st.integers(1, 3))
def test_a_list_loses_its_middle_where_it_is_longer_than_both_ends(given_lists: Lists, count: int) -> None:
    expected = [each if len(each) <= 2 * count else each[:count] + each[-count:] for each in given_lists]

    assert lists(strands(given_lists).head_and_tail(count)) == expected


@given(LISTS)
def test_the_characters_next_to_a_break_come_first_and_what_is_not_there_is_missing(
    given_lists: Lists,
) -> None:
    found = strands(given_lists)

    assert found.first(4).tolist() == [(each + [MISSING] * 4)[:4] for each in given_lists]
    assert found.last(4).tolist() == [(each[::-1] + [MISSING] * 4)[:4] for each in given_lists]


def test_strands_are_chosen_in_any_order_and_joined_in_groups() -> None:
    found = strands([[1, 2], [], [3], [4, 5, 6]])

    assert lists(found.chosen(np.array([3, 0, 0, 1]))) == [[4, 5, 6], [1, 2], [1, 2], []]
    assert lists(found.grouped([[2, 0], [1], [3, 1, 2]])) == [[3, 1, 2], [], [4, 5, 6, 3]]
    assert found.owners.tolist() == [0, 0, 2, 3, 3, 3]


def test_ranges_follow_each_other() -> None:
    assert ranges(np.array([7, 0, 3]), np.array([2, 0, 3])).tolist() == [7, 8, 3, 4, 5]


def test_the_mean_of_no_rows_is_zero() -> None:
    table = np.array([[1.0, 2.0], [3.0, 6.0]], dtype=np.float32)

    np.testing.assert_allclose(
        strands([[0, 1, 1], []]).means(table), [[7 / 3, 14 / 3], [0.0, 0.0]], rtol=1e-6
    )
    assert strands([]).means(table).shape == (0, 2)


@given(LISTS)
def test_what_strands_hold_is_known_once_a_number_and_strand(given_lists: Lists) -> None:
    held = Held(strands(given_lists))
    pairs = {(number, owner) for owner, each in enumerate(given_lists) for number in each}

    assert list(zip(held.numbers.tolist(), held.owners.tolist(), strict=True)) == sorted(pairs)
    for owner in range(len(given_lists)):
        told = held.tell(np.arange(11), owner)
        assert told.tolist() == [(number, owner) in pairs for number in range(11)]
