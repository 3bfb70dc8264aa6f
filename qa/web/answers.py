"""Answers kept for links and reloads: shown again only while every quote stands where it stood."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from qa.domain.ports import Snapshot
from qa.errors import NotFound, QaError
from qa.store.answers import KeptAnswers, unknown
from qa.web.logs import logger
from qa.web.schemas import CitationBody, KeptBody, OutcomeBody

log = logger("qa.answers")


class Answers:
    """The kept answers, as the routes see them; without a place to keep them in, none is kept."""

    def __init__(self, kept: KeptAnswers | None) -> None:
        """Keep answers in ``kept``."""
        self._kept = kept

    async def keep(self, body: OutcomeBody) -> OutcomeBody:
        """Return an outcome with the id it is kept by; without one where it is not kept."""
        if self._kept is None:
            return body
        try:
            kept = await run_in_threadpool(self._kept.keep, body.model_dump_json(), sources=sources_of(body))
        except QaError as error:
            # The answer is worth more than its link.
            log.warning("answer_not_kept", code=error.code, detail=str(error))
            return body
        return body.model_copy(update={"id": kept.id})

    def get(self, id: str, *, snapshot: Snapshot) -> KeptBody:
        """Return an answer as it was given.

        :param snapshot: The version that is served now; an answer that quotes what is not there goes.
        :raises NotFound: When it is not kept, or quotes what is no longer printed there.
        """
        if self._kept is None:
            raise unknown()
        kept = self._kept.get(id)
        try:
            body = OutcomeBody.model_validate_json(kept.body)
        except ValidationError:
            # Written by another version of the program.
            raise unknown() from None
        if not stands(body, snapshot=snapshot):
            self.delete(id)
            raise unknown()
        return KeptBody(**{**dict(body), "id": id}, asked_at=kept.asked_at)

    def delete(self, id: str) -> None:
        """Delete an answer.

        :raises NotFound: When it is not kept.
        """
        if self._kept is None:
            raise unknown()
        self._kept.delete(id)

    def keep_only(self, sources: Collection[str]) -> int:
        """Delete what quotes a source that is not held any more; return how many went."""
        if self._kept is None:
            return 0
        try:
            return self._kept.keep_only(sources)
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


def citations_in(body: OutcomeBody) -> Iterator[CitationBody]:
    """Yield every citation of an outcome, those of its alternatives as well."""
    yield from body.citations
    for each in body.alternatives:
        yield from each.citations


def sources_of(body: OutcomeBody) -> set[str]:
    """Return the names of the sources that an outcome quotes."""
    return {span.source for each in citations_in(body) for span in each.spans}


def stands(body: OutcomeBody, *, snapshot: Snapshot) -> bool:
    """Tell whether every quote is still printed where it was."""
    try:
        texts = {name: snapshot.source(name).text for name in sources_of(body)}
    except NotFound:
        return False
    return all(
        "".join(texts[span.source][span.start : span.end] for span in each.spans) == each.quote
        for each in citations_in(body)
    )
