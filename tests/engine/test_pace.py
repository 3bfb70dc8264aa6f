"""Turns of reading keep to a time; without one they are of the same length."""

from __future__ import annotations

import pytest

from qa.engine.pace import Pace


class Clock:
    """Time that passes by so many milliseconds a passage."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def turns(budget: float | None, *, passages: int, milliseconds: float) -> list[int]:
    clock = Clock()
    read = []
    for turn in Pace(budget, clock=clock).turns(passages):
        read.append(len(turn))
        clock.seconds += milliseconds * len(turn) / 1000
    return read


@pytest.mark.parametrize(
    ("budget", "passages", "milliseconds", "expected"),
    [
        (None, 12, 100, [5, 5, 2]),
        (None, 0, 100, []),
        (1000, 12, 100, [2, 5, 3]),
        (450, 12, 100, [2, 2]),
        (250, 12, 100, [2]),
        (1, 12, 100, [2]),
        (1000, 12, 0, [2, 5, 5]),
        (1000, 1, 100, [1]),
    ],
)
def test_a_turn_is_as_long_as_the_time_allows(
    budget: float | None, passages: int, milliseconds: float, expected: list[int]
) -> None:
    assert turns(budget, passages=passages, milliseconds=milliseconds) == expected


def test_the_best_are_read_first_and_each_once() -> None:
    read = [place for turn in Pace(None).turns(12) for place in turn]

    assert read == list(range(12))
