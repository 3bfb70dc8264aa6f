"""Several processes answer as one does: in order, with their errors told, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from qa.errors import IndexStale, QaError, SurroundingsFailed
from qa.evaluation.jobs import answered_by_jobs
from qa.evaluation.journal import Journal
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.run import Answerer
from tests.evaluation.made import asked, given

STALE = IndexStale(built_with="格式 1", asked_for="格式 4", remedy="请重建")

INTERRUPTED_RUN = """
import signal
from functools import partial
from tests.evaluation.test_jobs import echoing, questions
from qa.evaluation.jobs import answered_by_jobs

if __name__ == "__main__":
    # What runs in the background of a script is started with interrupts ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for each in answered_by_jobs(partial(echoing, pause=0.01), questions(100_000), jobs=2):
        print(each.id, flush=True)
"""


def questions(count: int) -> list[LabelledQuestion]:
    return [asked(str(number), "甲") for number in range(count)]


@contextmanager
def echoing(*, pause: float = 0.0, dies_at: str | None = None) -> Iterator[Answerer]:
    """Answer with the number of the question and the process; a question in three takes longer."""

    def answer(question: LabelledQuestion) -> Prediction:
        if question.id == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(pause if int(question.id) % 3 else 3 * pause)
        return replace(given(question.id, question.id, 0.5), body={"process": os.getpid()})

    yield answer


@contextmanager
def stale(error: QaError | None) -> Iterator[Answerer]:
    if error:
        raise error
    yield lambda question: given(question.id, None, 0.5)


def test_predictions_come_in_the_order_of_the_questions_and_from_every_process() -> None:
    found = list(answered_by_jobs(partial(echoing, pause=0.02), questions(60), jobs=2))

    assert [(each.id, each.answer) for each in found] == [(str(at), str(at)) for at in range(60)]
    processes = {each.body["process"] for each in found}
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_what_a_process_cannot_open_is_told_as_one_process_tells_it() -> None:
    with pytest.raises(IndexStale) as told:
        list(answered_by_jobs(partial(stale, STALE), questions(3), jobs=2))

    assert str(told.value) == str(STALE)


def test_a_process_that_dies_is_told_and_what_was_written_is_not_asked_again(tmp_path: Path) -> None:
    every, path = questions(20), tmp_path / "p.jsonl"

    def run_until_it_dies() -> None:
        with Journal(path, identity="1") as journal:
            found = answered_by_jobs(partial(echoing, pause=0.01, dies_at="10"), every, jobs=2)
            for each, prediction in zip(every, found, strict=True):
                journal.keep(each, prediction)

    with pytest.raises(SurroundingsFailed, match=r"信号 9.*--jobs"):
        run_until_it_dies()

    with Journal(path, identity="1") as journal:
        assert [each.id for each in journal.done] == [str(at) for at in range(10)]


def wait_for(claim: Callable[[], bool], *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.05)


def group_is_gone(leader: int) -> bool:
    """Tell whether no process of a group is left."""
    with suppress(ProcessLookupError):
        os.killpg(leader, 0)
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_interrupted_or_killed_leaves_no_process_behind(
    how: signal.Signals, tmp_path: Path
) -> None:
    script = tmp_path / "run.py"
    script.write_text(INTERRUPTED_RUN, encoding="utf-8")
    errors = tmp_path / "stderr"
    with errors.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    assert process.stdout
    with process.stdout:
        assert process.stdout.readline() == b"0\n"
        if how is signal.SIGINT:
            # As a terminal does: to every process of the group.
            os.killpg(process.pid, how)
        else:
            process.kill()
        assert process.wait(timeout=60) != 0

    wait_for(lambda: group_is_gone(process.pid))
    # The parent's own, and none of the others.
    assert errors.read_text("utf-8").count("Traceback") == (1 if how is signal.SIGINT else 0)
