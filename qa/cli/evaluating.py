"""How a batch is answered: over an index, over the documents that the set brings, or given the paragraph."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.assemble import make_reader, open_builder, open_engine, open_snapshot
from qa.cli.progress import Bar
from qa.evaluation.collection import sources_of
from qa.evaluation.held_out import holding_out
from qa.evaluation.jobs import answered_by_jobs
from qa.evaluation.journal import identity_of
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import Document, LabelledQuestion, QuestionSet
from qa.evaluation.run import Answerer, given_paragraph, over_index, retrieval_only
from qa.settings import Settings
from qa.web.schemas import told_of

BUILT = ".index"
"""Suffix of the index of a set's own documents, beside the predictions until the run ends."""

CORES_A_JOB = 2
"""That one question keeps busy: more gain little, and fewer leave the models waiting."""

QUESTIONS_A_JOB = 50
"""For fewer, opening the models once more takes longer than it saves."""

ANSWER_SETTINGS = {
    "caution",
    "encoder",
    "query_prompt",
    "passage_prompt",
    "precision",
    "max_question",
    "read_ms",
}
"""Settings that answers depend on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """What is evaluated, and how.

    :param passages: Retrieved for each question.
    :param jobs: Processes that answer; None for as many as the cores and the questions are good for.
    """

    settings: Settings
    asked: QuestionSet
    questions: tuple[LabelledQuestion, ...]
    reader_only: bool
    passages: int
    predictions: Path | None
    jobs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What has to be known to answer the questions of a plan; small, since each process is sent it.

    :param settings: With the index that is asked.
    :param may_abstain: Whether a paragraph may hold no answer.
    """

    settings: Settings
    reader_only: bool
    may_abstain: bool
    judges_documents: bool
    passages: int


def identity(plan: Evaluating) -> str:
    """Return what tells an evaluation from another, so that one does not go on in another's file."""
    index = None
    if not plan.reader_only and not plan.asked.documents:
        with open_snapshot(plan.settings) as snapshot:
            index = snapshot.version
    return identity_of(
        plan.questions,
        {
            "version": version("wenbao"),
            "index": index,
            "documents": digest_of(plan.asked.documents),
            "reader_only": plan.reader_only,
            "passages": plan.passages,
            **plan.settings.model_dump(mode="json", include=ANSWER_SETTINGS),
        },
    )


def digest_of(documents: Iterable[Document]) -> str:
    """Return what tells one collection of documents from another."""
    digest = hashlib.sha256()
    for each in documents:
        digest.update(repr((each.name, each.title, each.text)).encode())
    return digest.hexdigest()


def answered(plan: Evaluating, questions: Sequence[LabelledQuestion]) -> Generator[Prediction, None, None]:
    """Yield the prediction of each of some questions of a plan, in order.

    :raises QaError: When they cannot be asked.
    """
    cores = plan.settings.threads or len(os.sched_getaffinity(0))
    jobs = min(plan.jobs or jobs_for(len(questions), cores=cores), len(questions))
    with searched(plan) as settings:
        way = Way(
            settings=settings,
            reader_only=plan.reader_only,
            # Of the whole set, so that a part of it is answered as the whole is.
            may_abstain=any(not each.answers for each in plan.asked.questions),
            judges_documents=plan.asked.judges_documents,
            passages=plan.passages,
        )
        if jobs > 1:
            # Else each would take every core, and they would be in each other's way.
            shared = settings.model_copy(update={"threads": max(1, cores // jobs)})
            opener = partial(answering, replace(way, settings=shared))
            yield from answered_by_jobs(opener, questions, jobs=jobs)
            return
        with answering(way) as answer:
            yield from map(answer, questions)


def jobs_for(questions: int, *, cores: int) -> int:
    """Return how many processes are worth opening; one where a question keeps all cores busy."""
    return max(1, min(cores // CORES_A_JOB, questions // QUESTIONS_A_JOB))


@contextmanager
def answering(way: Way) -> Iterator[Answerer]:
    """Give what answers questions in a way.

    :raises QaError: When a model or the index cannot be opened.
    """
    if way.reader_only:
        yield given_paragraph(make_reader(way.settings), may_abstain=way.may_abstain, body_of=told_of)
        return
    with open_engine(way.settings) as engine:
        if way.judges_documents:
            yield retrieval_only(engine, limit=way.passages, version=engine.snapshot.version)
            return
        answer = over_index(engine, limit=way.passages, body_of=told_of)
        yield holding_out(engine, limit=way.passages, body_of=told_of, answerer=answer)


@contextmanager
def searched(plan: Evaluating) -> Iterator[Settings]:
    """Give settings with the index that is asked: the one named, or one of the set's own documents alone.

    Such an index is kept beside the predictions until the run ends, so that going on does not make it anew.
    """
    if plan.reader_only or not plan.asked.documents:
        yield plan.settings
        return
    if plan.predictions is None:
        with TemporaryDirectory(prefix="wenbao-") as folder:
            yield built(plan, Path(folder) / "index")
        return
    yield built(plan, beside(plan.predictions))


def forget_built(plan: Evaluating) -> None:
    """Remove the index of a set's own documents that a run left beside its predictions."""
    if plan.predictions is not None:
        shutil.rmtree(beside(plan.predictions), ignore_errors=True)


def beside(predictions: Path) -> Path:
    """Return the folder of the index of a set's own documents."""
    return predictions.with_name(predictions.name + BUILT)


def built(plan: Evaluating, index: Path) -> Settings:
    """Return settings whose index holds the set's documents; what it holds already is not done again."""
    settings = plan.settings.model_copy(update={"index": index})
    with Bar() as bar, open_builder(settings, progress=bar) as builder:
        builder.add(sources_of(plan.asked.documents))
    return settings
