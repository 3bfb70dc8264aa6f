"""How a batch is answered: over an index, over the documents that the set brings, or given the paragraph."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.assemble import make_reader, open_builder, open_engine, open_snapshot
from qa.cli.progress import Bar
from qa.errors import QuestionsInvalid
from qa.evaluation.collection import sources_of
from qa.evaluation.held_out import MARK, holding_out
from qa.evaluation.journal import identity_of
from qa.evaluation.questions import LabelledQuestion, QuestionSet
from qa.evaluation.run import Answerer, given_paragraph, over_index, retrieval_only
from qa.settings import Settings
from qa.web.schemas import told_of

BUILT = ".index"
"""Suffix of the index of a set's own documents, beside the predictions until the run ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """What is evaluated, and how.

    :param passages: Retrieved for each question.
    :param own_index: Whether no index was named: a set's own documents then get one of their own.
    """

    settings: Settings
    asked: QuestionSet
    questions: tuple[LabelledQuestion, ...]
    reader_only: bool
    passages: int
    own_index: bool
    predictions: Path | None


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
            "documents": len(plan.asked.documents),
            "reader_only": plan.reader_only,
            "passages": plan.passages,
            "caution": plan.settings.caution,
            "encoder": plan.settings.encoder,
        },
    )


@contextmanager
def answering(plan: Evaluating) -> Iterator[Answerer]:
    """Give what answers the questions of a plan.

    :raises QuestionsInvalid: When they cannot be asked that way.
    """
    if plan.reader_only:
        if any(each.context is None for each in plan.questions):
            raise QuestionsInvalid("--reader-only 需要每题自带段落；请用 --format squad、cmrc 或 drcd")
        may_abstain = any(not each.answers for each in plan.questions)
        yield given_paragraph(make_reader(plan.settings), may_abstain=may_abstain, body_of=told_of)
        return
    with searched(plan) as settings, open_engine(settings) as engine:
        if plan.asked.judges_documents:
            yield retrieval_only(engine, limit=plan.passages, version=engine.snapshot.version)
            return
        answer = over_index(engine, limit=plan.passages, body_of=told_of)
        originals = [each for each in plan.questions if not each.id.endswith(MARK)]
        held_out = len(originals) < len(plan.questions)
        yield (
            holding_out(engine, originals, limit=plan.passages, body_of=told_of, answerer=answer)
            if held_out
            else answer
        )


@contextmanager
def searched(plan: Evaluating) -> Iterator[Settings]:
    """Give settings with the index that is asked: the one named, or one of the set's own documents.

    Such an index is kept beside the predictions until the run ends, so that going on does not make it anew.
    """
    if not plan.asked.documents:
        yield plan.settings
        return
    if not plan.own_index:
        yield built(plan, plan.settings)
        return
    if plan.predictions is None:
        with TemporaryDirectory(prefix="wenbao-") as folder:
            yield built(plan, plan.settings.model_copy(update={"index": Path(folder) / "index"}))
        return
    folder_beside = plan.predictions.with_name(plan.predictions.name + BUILT)
    yield built(plan, plan.settings.model_copy(update={"index": folder_beside}))
    shutil.rmtree(folder_beside)


def built(plan: Evaluating, settings: Settings) -> Settings:
    """Return settings whose index holds the set's documents; what it holds already is not done again."""
    with Bar() as bar, open_builder(settings, progress=bar) as builder:
        builder.add(sources_of(plan.asked.documents))
    return settings
