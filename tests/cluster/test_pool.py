"""Whatever becomes of workers, each task has one result, or is given up after so many tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from qa.cluster.pool import TRIES, Done, GivenUp, Lost, Pool
from qa.cluster.tasks import Task, Workshop
from qa.errors import ClusterAway, SurroundingsFailed
from tests.cluster.crews import FakeCrew


@dataclass(frozen=True)
class Twice:
    """Doubles a number; fails for one of no use."""

    number: int

    def done_in(self, workshop: Workshop) -> int:
        if self.number < 0:
            raise SurroundingsFailed("磁盘已满")
        return 2 * self.number


class TwiceTold(FakeCrew):
    """Says that a worker was lost whose answer comes all the same, and says that twice."""

    def wait(self) -> Sequence[Done | Lost]:
        told = super().wait()
        return [Lost(number=told[0].number, begun=True), *told, *told]


class LosesOften:
    """Loses the worker at one task so often."""

    def __init__(self, number: int, times: int) -> None:
        self.number, self.left = number, times

    def __call__(self, task: Task[Any]) -> bool:
        lost = task == Twice(self.number) and self.left > 0
        self.left -= lost
        return lost


def results(pool: Pool, numbers: Sequence[int]) -> list[int]:
    return [pool.take(ticket) for ticket in [pool.put(Twice(each)) for each in numbers]]


def test_results_are_those_of_their_tickets_in_whatever_order_they_come() -> None:
    assert results(Pool(FakeCrew()), range(9)) == [0, 2, 4, 6, 8, 10, 12, 14, 16]


def test_a_crew_is_given_no_more_than_it_has_room_for() -> None:
    crew = FakeCrew(workers=2, depth=2)

    assert results(Pool(crew), range(50)) == [2 * each for each in range(50)]
    assert crew.most == 4


def test_what_a_lost_worker_had_comes_first_again() -> None:
    crew = FakeCrew(workers=1, depth=2, loses=LosesOften(1, times=1))

    assert results(Pool(crew), range(4)) == [0, 2, 4, 6]
    assert crew.given == [1, 2, 1, 2, 3, 4]


def test_a_task_is_given_up_after_so_many_tries_and_the_others_are_done() -> None:
    pool = Pool(FakeCrew(workers=1, depth=3, loses=LosesOften(1, times=99)))
    tickets = [pool.put(Twice(each)) for each in range(3)]

    assert pool.take(tickets[0]) == 0
    with pytest.raises(GivenUp):
        pool.take(tickets[1])
    assert pool.take(tickets[2]) == 4


def test_one_try_fewer_is_no_reason_to_give_up() -> None:
    crew = FakeCrew(loses=LosesOften(1, times=TRIES - 1))

    assert results(Pool(crew), range(3)) == [0, 2, 4]


def test_only_the_task_that_a_worker_was_at_is_blamed() -> None:
    crew = FakeCrew(workers=1, depth=2, loses=LosesOften(1, times=2))

    assert results(Pool(crew, tries=3), range(2)) == [0, 2]
    assert crew.given.count(1) == 3


def test_an_answer_that_comes_twice_and_after_a_loss_counts_once() -> None:
    assert results(Pool(TwiceTold()), range(9)) == [2 * each for each in range(9)]


def test_an_error_of_ours_is_raised_where_the_result_is_taken() -> None:
    pool = Pool(FakeCrew())
    wrong, right = pool.put(Twice(-1)), pool.put(Twice(1))

    assert pool.take(right) == 2
    with pytest.raises(SurroundingsFailed, match="磁盘已满"):
        pool.take(wrong)


def test_without_workers_the_cluster_is_away() -> None:
    pool = Pool(FakeCrew(workers=0))

    with pytest.raises(ClusterAway):
        pool.take(pool.put(Twice(1)))
