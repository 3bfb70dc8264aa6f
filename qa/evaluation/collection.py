"""The documents of a question set as sources, each one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.domain.sources import Source, Told
from qa.domain.spans import Span
from qa.evaluation.questions import Document


def sources_of(documents: Iterable[Document]) -> Iterator[Source]:
    """Yield a source for each document that has a text, under the name that judgements and questions use."""
    for document in documents:
        title = (document.title or "").strip()
        heading = f"{title}\n\n" if title else ""
        if document.text.strip():
            yield Source(
                name=document.name,
                text=heading + document.text,
                told=Told(whole=True, title=Span(0, len(title)) if title else None),
            )
