"""The version in force: another one takes its place, and the last who uses the old one closes it."""

from __future__ import annotations

import threading

import pytest

from qa.domain.answers import Filters
from qa.errors import IndexDamaged
from tests.web.running import QUESTION, WAGES, WEATHER, Paper, damaged

LATER = 10


def test_what_is_published_is_asked_from_the_next_question_on() -> None:
    paper = Paper(sources=(WEATHER,))
    with paper.live.held() as asker:
        assert asker.ask(QUESTION, limit=5, filters=Filters()).answer is None
    paper.writer.publish(put=(WAGES,), remove=())

    assert paper.live.refresh()

    with paper.live.held() as asker:
        assert asker.ask(QUESTION, limit=5, filters=Filters()).answer == "1880元"
        assert asker.snapshot.version == "2"


def test_without_another_version_nothing_is_opened() -> None:
    paper = Paper()

    assert not paper.live.refresh()
    assert len(paper.publications.opened) == 1


def test_the_last_who_uses_a_version_closes_it() -> None:
    paper = Paper()
    with paper.live.held() as first, paper.live.held():
        paper.writer.publish(put=(WEATHER,), remove=())
        paper.live.refresh()
        old, new = paper.publications.opened
        assert first.ask(QUESTION, limit=5, filters=Filters()).index_version == "1"
        assert (old.closed, new.closed) == (False, False)

    assert (old.closed, new.closed) == (True, False)


def test_a_version_that_nobody_uses_is_closed_at_once() -> None:
    paper = Paper()
    paper.writer.publish(put=(WEATHER,), remove=())
    paper.live.refresh()

    assert [each.closed for each in paper.publications.opened] == [True, False]


def test_a_version_that_cannot_be_opened_leaves_the_one_before_in_force() -> None:
    paper = Paper()
    paper.writer.publish(put=(WEATHER,), remove=())
    paper.publications.fault = damaged()

    with pytest.raises(IndexDamaged):
        paper.live.refresh()

    assert paper.live.fault is paper.publications.fault
    with paper.live.held() as asker:
        assert asker.ask(QUESTION, limit=5, filters=Filters()).index_version == "1"
    paper.publications.fault = None
    assert paper.live.refresh()
    assert paper.live.fault is None


def test_closing_leaves_a_version_open_for_who_still_uses_it() -> None:
    paper = Paper()
    (only,) = paper.publications.opened
    with paper.live.held():
        paper.live.close()
        assert not only.closed

    assert only.closed


def test_many_threads_asking_while_versions_come_and_go_find_none_closed() -> None:
    paper, enough, faults = Paper(), threading.Event(), []

    def ask() -> None:
        while not enough.is_set():
            try:
                with paper.live.held() as asker:
                    answered = asker.ask(QUESTION, limit=5, filters=Filters())
                    assert answered.answer == "1880元"
                    assert answered.index_version == asker.snapshot.version
            except Exception as fault:
                faults.append(fault)
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(LATER):
        paper.writer.publish(put=(WEATHER,), remove=())
        paper.live.refresh()
    enough.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert [each.closed for each in paper.publications.opened] == [True] * LATER + [False]
