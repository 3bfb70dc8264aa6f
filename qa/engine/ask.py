"""Asking: search both ways, read the best passages, answer with citations or abstain."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from qa.domain.answers import (
    Alternative,
    Citation,
    Filters,
    Found,
    Mode,
    Outcome,
    Preceding,
    Ranked,
    Reading,
    Timings,
)
from qa.domain.ports import Encoder, OnFound, Reader, Snapshot
from qa.domain.spans import Span
from qa.engine.answers import Weighed, weighed
from qa.engine.homes import homes_in
from qa.engine.pace import Pace
from qa.engine.search import DEPTH, BothWays, ranked_in_time
from qa.errors import QuestionInvalid
from qa.ranking.confidence import ConfidenceModel
from qa.ranking.follow_up import understand
from qa.ranking.near_identical import near_identical
from qa.ranking.simplified import Simplified

CERTAIN = 0.4
"""Confidence below which there is no answer, where nothing else is set: see the curve in docs/adr/0014."""

NEAREST = 5
"""Passages shown at most beside an abstention."""

ALTERNATIVES = 3

SPARE = 2
"""How many times the passages wanted are looked at, since some may say the same as others."""

LIMIT = 10
"""Passages retrieved where the caller names no number."""

SURE = 0.7
"""Confidence of an answer from which on nothing further down is read: it hardly ever changes it."""

HOPELESS = 0.02
"""Confidence below which nothing further down is read either: where that was measured, it never gave one."""

EVERYWHERE = Filters()


class Engine:
    """Answers questions over one version of an index."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        reader: Reader,
        *,
        confidence: ConfidenceModel,
        longest: int,
        caution: float = CERTAIN,
        pace: Pace | None = None,
    ) -> None:
        """Ask ``snapshot``.

        :param longest: Characters that a question may have.
        :param caution: Confidence below which there is no answer.
        :param pace: How reading goes about its passages; None for as long as it takes.
        """
        self._snapshot, self._encoder, self._reader = snapshot, encoder, reader
        self._simplified = Simplified(snapshot.words)
        self._home = homes_in(snapshot, self._simplified)
        self._confidence, self._longest, self._caution = confidence, longest, caution
        self._pace = pace or Pace(None)

    @property
    def snapshot(self) -> Snapshot:
        """Return the version of the index that is being asked."""
        return self._snapshot

    @property
    def encoder(self) -> Encoder:
        """Return what embeds the questions."""
        return self._encoder

    @property
    def reader(self) -> str:
        """Return the name of the reader."""
        return self._reader.name

    def ask(
        self,
        question: str,
        *,
        limit: int = LIMIT,
        filters: Filters = EVERYWHERE,
        before: Preceding | None = None,
        on_found: OnFound | None = None,
    ) -> Outcome:
        """Return an answer or an abstention.

        :param limit: How many passages to give to the reader and, at most, to cite.
        :param before: What was asked before, from which a follow-up takes what it leaves out.
        :param on_found: Called with the passages before they are read; what it raises ends the asking.
        :raises QuestionInvalid: When the question is empty or too long.
        """
        started = time.perf_counter()
        self._check(question)
        full = self._understood(question, before)
        found = self.search(full, limit=limit, filters=filters, mode=Mode.HYBRID)
        retrieved = time.perf_counter()
        if on_found:
            on_found(found)
        answers = self._read(full, found)
        done = time.perf_counter()
        timings = Timings(
            retrieve=1000 * (retrieved - started),
            read=1000 * (done - retrieved),
            total=1000 * (done - started),
        )
        outcome = self._outcome(full, found, answers, timings)
        return outcome if full == question else replace(outcome, question=question, understood=full)

    def _understood(self, question: str, before: Preceding | None) -> str:
        """Return the full question; one that would be too long is asked as it stands."""
        if before is None:
            return question
        full = understand(
            question,
            before=before.question[: self._longest],
            title=before.title,
            simplified=self._simplified.of,
        ).question
        return full if len(full) <= self._longest else question

    def search(
        self,
        question: str,
        *,
        limit: int = LIMIT,
        filters: Filters = EVERYWHERE,
        mode: Mode = Mode.HYBRID,
    ) -> list[Found]:
        """Return ranked passages, best first.

        :raises QuestionInvalid: When the question is empty or too long.
        """
        self._check(question)
        search = BothWays(self._snapshot, self._encoder, mode=mode, depth=max(DEPTH, limit))
        ranked = ranked_in_time(question, search=search, snapshot=self._snapshot, filters=filters)
        return each_once(ranked[: SPARE * limit], snapshot=self._snapshot)[:limit]

    def _check(self, question: str) -> None:
        if not question.strip():
            raise QuestionInvalid("问题是空的；请写出要问的内容")
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise QuestionInvalid("问题中有残缺的字符（单个代理码点）；请重新输入")
        if len(question) > self._longest:
            raise QuestionInvalid(f"问题有 {len(question)} 字，上限是 {self._longest} 字；请缩短后再问")

    def _read(self, question: str, found: Sequence[Found]) -> list[Weighed]:
        """Return the answers, the surest first; what makes sure, what leaves no hope and time end it."""
        readings: list[Reading] = []
        answers: list[Weighed] = []
        for places in self._pace.turns(len(found)):
            turn = [found[place].cited for place in places]
            read = self._reader.read(
                question,
                passages=[each.passage.text for each in turn],
                titles=[each.article.facts.title or "" for each in turn],
            )
            readings += [replace(each, passage=places.start + each.passage) for each in read]
            readings.sort(key=lambda each: (-each.score, each.passage, each.span))
            answers = weighed(
                question,
                found,
                readings,
                words=self._snapshot.words,
                simplified=self._simplified,
                model=self._confidence,
                home=self._home,
            )
            certain = answers[0].confidence if answers else 0.0
            if certain >= max(SURE, self._caution) or certain < min(HOPELESS, self._caution):
                break
        return answers

    def _outcome(
        self, question: str, found: Sequence[Found], answers: Sequence[Weighed], timings: Timings
    ) -> Outcome:
        certain = answers[0].confidence if answers else 0.0
        answered = bool(answers) and certain >= self._caution
        others = answers[1 : ALTERNATIVES + 1] if answered else answers[:ALTERNATIVES]
        return Outcome(
            question=question,
            answer=answers[0].considered.answer if answered else None,
            confidence=certain if answered else of_none(answers),
            citations=answers[0].citations if answered else nearest(found, answers),
            alternatives=tuple(
                Alternative(
                    answer=each.considered.answer, confidence=each.confidence, citations=each.citations
                )
                for each in others
            ),
            retrieved=tuple(found),
            timings=timings,
            index_version=self._snapshot.version,
            considered=tuple(each.considered for each in answers),
        )


def of_none(answers: Sequence[Weighed]) -> float:
    """Return how sure it is that there is no answer: that none of those that were considered is right.

    One of them at most is. Nine in ten times there was none where this says .9, six in ten where it says .7;
    one minus the confidence of the surest alone says .7 where there was none in four of ten.
    """
    return max(0.0, 1.0 - sum(each.confidence for each in answers))


def each_once(ranked: Sequence[Ranked], *, snapshot: Snapshot) -> list[Found]:
    """Return hits with their passages; of those that say nearly the same the best, which keeps the others."""
    cited = snapshot.cite([each.number for each in ranked])
    groups = near_identical(
        [each.passage.text for each in cited], days=[each.article.facts.date for each in cited]
    )
    return [
        Found(cited=cited[first], ranked=ranked[first], also=tuple(cited[at] for at in others))
        for first, *others in groups
    ]


def nearest(found: Sequence[Found], answers: Sequence[Weighed]) -> tuple[Citation, ...]:
    """Return the nearest passages, whole, marked as no answer."""
    # Of two answers from one passage, the surer one.
    cited = [citation for each in answers for citation in each.citations]
    scores = {id(each.cited): each.score for each in reversed(cited)}
    return tuple(
        Citation(
            cited=each.cited,
            highlight=Span(0, len(each.cited.passage.text)),
            score=scores.get(id(each.cited), 0.0),
            supports=False,
        )
        for each in found[:NEAREST]
    )
