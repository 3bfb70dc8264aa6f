"""Answers kept for links and reloads: shown again only while every quote stands where it stood."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from qa.domain.answers import Citation, Outcome
from qa.domain.ports import Snapshot
from qa.errors import NotFound, QaError
from qa.store.answers import KeptAnswers, Withdrawal, unknown
from qa.web.logs import logger
from qa.web.schemas import CitationBody, KeptBody, OutcomeBody

log = logger("qa.answers")


class Answers:
    """The kept answers, as the routes see them; without a place to keep them in, none is kept."""

    def __init__(self, kept: KeptAnswers | None) -> None:
        """Keep answers in ``kept``."""
        self._kept = kept

    async def keep(self, outcome: Outcome, *, explain: bool = False) -> OutcomeBody:
        """Return the wire form of an outcome with the id it is kept by; without one where it is not kept."""
        body = OutcomeBody.of(outcome, explain=explain)
        if self._kept is None:
            return body
        sources = sources_of(outcome, explain=explain)
        try:
            kept = await run_in_threadpool(self._kept.keep, body.model_dump_json(), sources=sources)
        except QaError as error:
            # The answer is worth more than its link.
            log.warning("answer_not_kept", code=error.code, detail=str(error))
            return body
        return body.model_copy(update={"id": kept.id})

    def get(self, id: str, *, snapshot: Snapshot) -> KeptBody | None:
        """Return an answer as it was given; None when not every quote of it stands in that version.

        :raises AnswerWithdrawn: When that was so before.
        :raises NotFound: When it is not kept.
        """
        body = self._read(id)
        return None if fault_in(body, snapshot=snapshot) else body

    def settled(self, id: str, *, snapshot: Snapshot) -> KeptBody:
        """Return an answer as ``get`` does; one that does not stand is withdrawn.

        :param snapshot: The version that is published now, and none before it: what was withdrawn
            does not come back.
        :raises AnswerWithdrawn: When it does not stand.
        :raises NotFound: When it is not kept.
        """
        body = self._read(id)
        fault = fault_in(body, snapshot=snapshot)
        if fault and self._kept is not None:
            self._kept.withdraw(id, reason=fault)
            return self._read(id)
        return body

    def delete(self, id: str) -> None:
        """Delete an answer.

        :raises NotFound: When it is not kept.
        """
        if self._kept is None:
            raise unknown()
        self._kept.delete(id)

    def keep_only(self, sources: Collection[str], *, before: float) -> int:
        """Withdraw what quotes a source that is not held any more; return how many went."""
        if self._kept is None:
            return 0
        try:
            return self._kept.keep_only(sources, before=before)
        except QaError as error:
            log.error("answers_not_swept", code=error.code, detail=str(error))
            return 0

    def count(self) -> int:
        """Return how many are kept."""
        return len(self._kept) if self._kept is not None else 0

    def close(self) -> None:
        """Let go of the file."""
        if self._kept is not None:
            self._kept.close()

    def _read(self, id: str) -> KeptBody:
        if self._kept is None:
            raise unknown()
        kept = self._kept.get(id)
        try:
            body = OutcomeBody.model_validate_json(kept.body)
        except ValidationError:
            # Written by another version of the program.
            raise unknown() from None
        return KeptBody(**{**dict(body), "id": id}, asked_at=kept.asked_at)


def sources_of(outcome: Outcome, *, explain: bool) -> set[str]:
    """Return the names of the sources of which anything is printed in an outcome's wire form.

    Those of whole passages and not only of the quotes in them; and what was considered may have been read
    in any passage that was retrieved, or its like.
    """
    names = {name for each in citations_of(outcome) for name in each.cited.printed_in}
    if explain:
        considered = {each.ranked.number for each in outcome.considered}
        found = (each for each in outcome.retrieved if each.ranked.number in considered)
        names.update(name for each in found for name in each.printed_in)
    return names


def citations_of(outcome: Outcome) -> Iterator[Citation]:
    """Yield every citation of an outcome, those of its alternatives as well."""
    yield from outcome.citations
    for each in outcome.alternatives:
        yield from each.citations


def citations_in(body: OutcomeBody) -> Iterator[CitationBody]:
    """Yield every citation of an outcome in its wire form."""
    yield from body.citations
    for each in body.alternatives:
        yield from each.citations


def fault_in(body: OutcomeBody, *, snapshot: Snapshot) -> Withdrawal | None:
    """Return why an outcome may not be shown any more; None while every quote is printed where it was."""
    names = {span.source for each in citations_in(body) for span in each.spans}
    try:
        texts = {name: snapshot.source(name).text for name in names}
    except NotFound:
        return Withdrawal.REMOVED
    stands = all(
        "".join(texts[span.source][span.start : span.end] for span in each.spans) == each.quote
        for each in citations_in(body)
    )
    return None if stands else Withdrawal.CHANGED
