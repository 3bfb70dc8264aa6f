"""A run that is killed goes on where it was, and ends with what an undisturbed run gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import QuestionsInvalid
from qa.evaluation.journal import STATE, Journal, identity_of
from qa.evaluation.prediction import Prediction, read_labelled
from qa.evaluation.questions import LabelledQuestion
from tests.evaluation.made import asked, given

KILLED_RUN = """
import sys, time
from pathlib import Path
from tests.evaluation.test_journal import questions, run
run(Path(sys.argv[1]), count=int(sys.argv[2]), pause=float(sys.argv[3]))
"""


def questions(count: int) -> list[LabelledQuestion]:
    return [asked(str(number), "甲" * (number % 3), source=f"{number % 5}.txt") for number in range(count)]


def answers(left: list[LabelledQuestion], *, pause: float) -> Iterator[tuple[LabelledQuestion, Prediction]]:
    for each in left:
        time.sleep(pause)
        yield each, given(each.id, None if int(each.id) % 4 else "甲", 0.5, rank=int(each.id) % 7 or None)


def run(path: Path, *, count: int, pause: float = 0.0) -> list[Prediction]:
    every = questions(count)
    with Journal(path, identity=identity_of(every, {"index": "1"})) as journal:
        given = list(journal.done)
        for each, prediction in answers(every[len(given) :], pause=pause):
            journal.keep(each, prediction)
            given.append(prediction)
        journal.end()
    return given


def killed_and_gone_on_with(folder: Path, *, count: int, kills: int) -> bytes:
    """Return the predictions of a run that is killed so many times on the way."""
    path = folder / "killed.jsonl"
    for kill in range(kills):
        before = path.stat().st_size if path.exists() else 0
        process = subprocess.Popen([sys.executable, "-c", KILLED_RUN, str(path), str(count), "0.001"])
        until = time.monotonic() + 120
        while not path.exists() or path.stat().st_size <= before + 2000 * (kill + 1):
            assert process.poll() is None, "it ended before it was killed"
            assert time.monotonic() < until
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        # As a kill amid a write leaves it.
        with path.open("ab") as file:
            file.write(b'{"id": "torn')
    run(path, count=count)
    return path.read_bytes()


def test_a_run_that_is_killed_twice_ends_with_the_same_predictions(tmp_path: Path) -> None:
    run(tmp_path / "whole.jsonl", count=200)

    assert killed_and_gone_on_with(tmp_path, count=200, kills=2) == (tmp_path / "whole.jsonl").read_bytes()
    assert not (tmp_path / f"killed.jsonl{STATE}").exists()


@pytest.mark.slow
def test_five_thousand_questions_and_three_kills_end_with_the_same_predictions(tmp_path: Path) -> None:
    run(tmp_path / "whole.jsonl", count=5000)

    assert killed_and_gone_on_with(tmp_path, count=5000, kills=3) == (tmp_path / "whole.jsonl").read_bytes()


def test_what_was_done_is_not_asked_again(tmp_path: Path) -> None:
    every, path = questions(5), tmp_path / "p.jsonl"
    identity = identity_of(every, {})
    with Journal(path, identity=identity) as begun:
        for each, prediction in answers(every[:2], pause=0):
            begun.keep(each, prediction)

    with Journal(path, identity=identity) as again:
        assert (begun.is_new, again.is_new) == (True, False)
        assert [each.id for each in again.done] == ["0", "1"]


def test_another_run_does_not_go_on_in_the_file_of_one_that_was_interrupted(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    Journal(path, identity=identity_of(questions(5), {"index": "1"})).__exit__(None, None, None)

    with pytest.raises(QuestionsInvalid, match=r"另一次评测.*p\.jsonl\.running"):
        Journal(path, identity=identity_of(questions(5), {"index": "2"}))


def test_two_runs_do_not_write_into_one_file_at_once(tmp_path: Path) -> None:
    every, path = questions(2), tmp_path / "p.jsonl"
    with Journal(path, identity="the same") as first:
        first.keep(every[0], given("0", None, 0.5))
        with pytest.raises(QuestionsInvalid, match="正由另一次评测写入"):
            Journal(path, identity="the same")

    with Journal(path, identity="the same") as second:
        assert [each.id for each in second.done] == ["0"]


def test_a_run_that_was_killed_before_it_said_what_it_is_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.with_name(path.name + STATE).touch()

    with Journal(path, identity="any") as journal:
        assert (journal.is_new, journal.done) == (True, [])


def test_a_run_that_ended_is_begun_anew(tmp_path: Path) -> None:
    run(tmp_path / "p.jsonl", count=3)

    with Journal(tmp_path / "p.jsonl", identity="another") as journal:
        assert journal.done == []


def test_a_predictions_file_explains_itself(tmp_path: Path) -> None:
    run(tmp_path / "p.jsonl", count=4)

    found = read_labelled((tmp_path / "p.jsonl").read_text(encoding="utf-8"), name="p.jsonl")

    assert [question for question, _ in found] == questions(4)
    assert [prediction.answer for _, prediction in found] == [
        None if int(each.id) % 4 else "甲" for each, _ in found
    ]
    assert [prediction.rank for _, prediction in found] == [None, 1, 2, 3]


def test_another_judgement_of_the_documents_is_another_run() -> None:
    judged = replace(asked("1"), relevant={"甲.txt": 1})

    assert identity_of([judged], {}) != identity_of([replace(judged, relevant={"乙.txt": 1})], {})
