"""Asking an index as a service does, and holding what it says to the documents that were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from bench.survive.documents import State, amount, code, digests, name_of, question, revision_of
from qa.domain.answers import Citation, Filters, Outcome, Timings
from qa.domain.ports import Snapshot
from qa.engine.ask import Engine
from qa.engine.build import Builder
from qa.engine.live import LiveAsker
from qa.errors import IndexMissing
from qa.store.publications import LocalPublications
from qa.store.snapshot import LocalSnapshot
from qa.store.tokens import Tokens
from qa.store.verify import verify
from qa.store.writer import LocalWriter
from tests.fakes import FakeEncoder, FakeReader, SilentProgress, confidence_by_margin
from tests.shipped import page_model

ENCODER = FakeEncoder()
CAUTION = 0.05
LIMIT = 5
UNTIMED = Timings(retrieve=0.0, read=0.0, total=0.0)


@cache
def tokens() -> Tokens:
    """Return the cutter of words."""
    return Tokens()


def load() -> None:
    """Load what all processes need, before they are forked."""
    tokens().cut("大会")
    page_model()


def engine_over(snapshot: Snapshot) -> Engine:
    """Return what answers questions, with fakes for the models."""
    confidence = confidence_by_margin()
    return Engine(snapshot, ENCODER, FakeReader(), confidence=confidence, longest=500, caution=CAUTION)


def live_over(folder: Path) -> LiveAsker:
    """Return what follows an index, as a service does."""
    publications = LocalPublications(folder, encoder=ENCODER.identity, tokens=tokens())
    return LiveAsker(publications, engine_over)


def opened(folder: Path) -> LocalSnapshot:
    """Return the version that is published."""
    return LocalSnapshot(folder, encoder=ENCODER.identity, tokens=tokens())


def writer_of(folder: Path, *, rebuild: bool = False) -> LocalWriter:
    """Return what writes to an index, made where there is none."""
    return LocalWriter(folder, encoder=ENCODER.identity, tokens=tokens(), rebuild=rebuild)


def builder_over(writer: LocalWriter) -> Builder:
    """Return what adds documents as ``qa index`` does."""
    return Builder(writer, ENCODER, pages=page_model(), progress=SilentProgress())


def asked(engine: Engine, words: str) -> Outcome:
    """Return the outcome of a question, the same every time."""
    return replace(engine.ask(words, limit=LIMIT, filters=Filters()), timings=UNTIMED)


def wrong(outcome: Outcome, snapshot: Snapshot) -> Iterator[str]:
    """Yield what is wrong with the citations of an outcome: nothing, if the store keeps its promise."""
    alternatives = (citation for each in outcome.alternatives for citation in each.citations)
    for citation in (*outcome.citations, *alternatives):
        printed = "".join(words_at(citation, snapshot))
        if printed != citation.quote:
            yield f"{citation.quote!r} is not what stands at its place: {printed!r}"


def words_at(citation: Citation, snapshot: Snapshot) -> Iterator[str]:
    """Yield what stands at the places of a citation, in sources that were once put in."""
    for place in citation.places:
        source = snapshot.source(place.source_id)
        if revision_of(source) is None:
            yield f"（{source.name} was never put in as it stands）"
        yield source.text[place.span.start : place.span.end]


def answers(outcome: Outcome, *, number: int, revision: int) -> bool:
    """Tell whether an outcome is the answer of one revision of one document."""
    if outcome.answer != amount(number, revision):
        return False
    # Other documents may tell the same figure, but none the same code.
    cited = outcome.citations[0].cited
    return cited.source_name == name_of(number) and code(number, revision) in cited.passage.text


def state_in(folder: Path) -> dict[int, int] | None:
    """Return what an index holds; None where nothing was published yet.

    :raises AssertionError: When it holds what was never put in.
    """
    try:
        snapshot = opened(folder)
    except IndexMissing:
        return None
    try:
        found = [revision_of(snapshot.source(each.id)) for each in snapshot.sources()]
    finally:
        snapshot.close()
    assert None not in found, "a source that was never put in"
    return dict(each for each in found if each)


def faults(folder: Path, *, state: State, ask: State, gone: State) -> list[str]:
    """Return how an index is not what it should be.

    What is held answers, nothing that is gone does, and ``qa verify --deep`` finds nothing.

    :param ask: Documents of those that are held, to be asked about.
    """
    snapshot = opened(folder)
    try:
        found = [*different(snapshot, state), *unanswered(snapshot, ask), *haunting(snapshot, gone)]
    finally:
        snapshot.close()
    verified = verify(folder, deep=True, tokens=tokens(), encoder=ENCODER)
    return [*found, *(str(error) for error in verified.errors)]


def different(snapshot: Snapshot, state: State) -> Iterator[str]:
    """Yield where the sources are others than those that should be held."""
    held, due = {each.name: each.digest for each in snapshot.sources()}, digests(state)
    if held != due:
        lost, more = sorted(due.keys() - held.keys()), sorted(held.keys() - due.keys())
        changed = sorted(name for name in due.keys() & held.keys() if due[name] != held[name])
        yield f"lost {lost}, too many {more}, of another revision {changed}"


def unanswered(snapshot: Snapshot, state: State) -> Iterator[str]:
    """Yield the documents that are held and do not answer."""
    engine = engine_over(snapshot)
    for number, revision in state.items():
        outcome = asked(engine, question(number, revision))
        yield from wrong(outcome, snapshot)
        if not answers(outcome, number=number, revision=revision):
            yield f"{name_of(number)}, revision {revision}, answers {outcome.answer!r}"


def haunting(snapshot: Snapshot, gone: State) -> Iterator[str]:
    """Yield the documents and revisions that are gone, and answer."""
    engine = engine_over(snapshot)
    for number, revision in gone.items():
        outcome = asked(engine, question(number, revision))
        if answers(outcome, number=number, revision=revision):
            yield f"{name_of(number)}, revision {revision}, is gone and answers"
