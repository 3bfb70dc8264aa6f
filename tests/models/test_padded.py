"""Inputs of unlike length in one computation."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from qa.models.padded import in_batches, padded

LENGTHS = some.lists(some.integers(min_value=0, max_value=40), max_size=30)


@given(LENGTHS, some.integers(min_value=1, max_value=100))
def test_every_input_that_is_not_empty_is_in_one_batch_and_none_is_too_large(
    lengths: list[int], pieces: int
) -> None:
    batches = list(in_batches(lengths, pieces=pieces))

    order = [at for batch in batches for at in batch]
    assert sorted(order) == [at for at, length in enumerate(lengths) if length]
    assert [(lengths[at], at) for at in order] == sorted((lengths[at], at) for at in order)
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= pieces


@given(LENGTHS, some.integers(min_value=1, max_value=100))
def test_a_batch_ends_only_where_another_input_would_be_too_much(lengths: list[int], pieces: int) -> None:
    batches = list(in_batches(lengths, pieces=pieces))

    for batch, following in pairwise(batches):
        assert lengths[following[0]] * (len(batch) + 1) > pieces


def test_shorter_inputs_are_filled_up_on_the_right() -> None:
    numbers, present = padded([[7, 8, 9], [5]])

    assert numbers.tolist() == [[7, 8, 9], [5, 0, 0]]
    assert present.tolist() == [[True, True, True], [True, False, False]]


def test_a_piece_with_the_number_of_the_padding_is_still_a_piece() -> None:
    assert padded([[0, 0], [1]])[1].tolist() == [[True, True], [True, False]]
