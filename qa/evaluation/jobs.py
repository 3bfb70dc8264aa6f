"""A batch answered by several processes, each with the models and the index open for itself.

They run this program alone and talk over pipes that nobody else can open; nothing of what they send is kept.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from qa.errors import QaError, SurroundingsFailed
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.run import Answerer

Opener = Callable[[], AbstractContextManager[Answerer]]
"""Opens what answers; is sent to each process, so it must be picklable."""

GRACE_S = 2.0
"""Seconds in which the processes may end by themselves before they are made to."""


def answered_by_jobs(
    open_answerer: Opener, questions: Sequence[LabelledQuestion], *, jobs: int
) -> Iterator[Prediction]:
    """Yield the prediction of each question, in order; whoever is free gets the next question.

    :raises QaError: What a process could not open or answer for; SurroundingsFailed when one dies.
    """
    with started(open_answerer, jobs=jobs) as processes:
        yield from in_order(processes, questions)


@contextmanager
def started(open_answerer: Opener, *, jobs: int) -> Iterator[Mapping[Connection, BaseProcess]]:
    """Give processes by the connections to them, and end them with the block.

    A process whose connection closes ends, so none outlives this one, however this one ends.
    """
    context = multiprocessing.get_context("spawn")
    processes: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process: BaseProcess = context.Process(target=work, args=(open_answerer, theirs), daemon=True)
            with interrupts_ignored():
                process.start()
            theirs.close()
            processes[ours] = process
        yield processes
    finally:
        for connection in processes:
            connection.close()
        until = time.monotonic() + GRACE_S
        for process in processes.values():
            process.join(max(0.0, until - time.monotonic()))
            process.terminate()
            process.join()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C, and so does what is started meanwhile from its first instruction on.

    It is this process that a person interrupts; the others end with it and without a traceback each.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def work(open_answerer: Opener, connection: Connection) -> None:
    """Answer what comes until nothing can come any more: the whole life of a process."""
    with connection, suppress(EOFError, ConnectionError):
        try:
            with open_answerer() as answer:
                while True:
                    connection.send(answer(connection.recv()))
        except QaError as error:
            connection.send(error)


def in_order(
    processes: Mapping[Connection, BaseProcess], questions: Sequence[LabelledQuestion]
) -> Iterator[Prediction]:
    """Yield predictions in the order of the questions, each as soon as those before it are there."""
    came: dict[int, Prediction] = {}
    following = 0
    for at, prediction in as_they_come(processes, questions):
        came[at] = prediction
        while following in came:
            yield came.pop(following)
            following += 1


def as_they_come(
    processes: Mapping[Connection, BaseProcess], questions: Sequence[LabelledQuestion]
) -> Iterator[tuple[int, Prediction]]:
    """Yield each prediction with the place of its question.

    No process is sent a question while it still has one: both sides would wait to be read. When one fails,
    the others finish what they have, so that what was answered is not lost.

    :raises QaError: What one failed with, at last.
    """
    left: Iterator[tuple[int, LabelledQuestion]] = iter(enumerate(questions))
    asked: dict[Connection, int] = {}
    failure: QaError | None = None
    for connection in processes:
        give(connection, left, asked)
    while asked:
        ready = wait(list(asked))
        for connection in [each for each in asked if each in ready]:
            at = asked.pop(connection)
            try:
                prediction = received(connection, processes[connection])
            except QaError as error:
                failure, left = error, iter(())
            else:
                give(connection, left, asked)
                yield at, prediction
    if failure is not None:
        raise failure


def give(
    connection: Connection, left: Iterator[tuple[int, LabelledQuestion]], asked: dict[Connection, int]
) -> None:
    """Send the next question, if there is one, and note who has it."""
    for at, question in left:
        asked[connection] = at
        # Why it could not be sent is received in the place of the answer.
        with suppress(ConnectionError):
            connection.send(question)
        return


def received(connection: Connection, process: BaseProcess) -> Prediction:
    """Return what came from a process.

    :raises QaError: What it says it failed with; SurroundingsFailed when it is dead.
    """
    try:
        came: Prediction | QaError = connection.recv()
    except (EOFError, ConnectionError) as error:
        process.join(GRACE_S)
        raise SurroundingsFailed(
            f"评测的一个进程意外结束（{how_it_ended(process.exitcode)}），内存不足时会这样；"
            "已写入结果文件的不再问，请用同一条命令接着做，可减少 --jobs"
        ) from error
    if isinstance(came, QaError):
        raise came
    return came


def how_it_ended(exit_code: int | None) -> str:
    """Return the end of a process in words."""
    if exit_code is None:
        return "没有响应"
    return f"信号 {-exit_code}" if exit_code < 0 else f"退出码 {exit_code}"
