"""From a source to its articles and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain.articles import Article
from qa.domain.passages import Passage
from qa.domain.ports import IndexedPassage
from qa.domain.sources import Source, token
from qa.domain.traced import TracedText
from qa.text.chunk import chunk
from qa.text.segment import Draft, segment

LONGEST_HEADING = 120
"""Characters of the headings that are searched with each passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSource:
    """A source with its articles and passages, not yet embedded."""

    source: Source
    articles: Sequence[Article]
    passages: Sequence[IndexedPassage]


def cut(source: Source) -> CutSource:
    """Return the articles of a page and their passages, in page order."""
    articles: list[Article] = []
    passages: list[IndexedPassage] = []
    for position, draft in enumerate(segment(source)):
        id = token("article", source.name, str(position), draft.body.text)
        pieces = [piece for piece in draft.body.pieces(chunk(draft.body.text)) if piece.text.strip()]
        passages += [passage(piece, at, article_id=id, draft=draft) for at, piece in enumerate(pieces)]
        articles.append(
            Article(
                id=id,
                source_id=source.id,
                facts=draft.facts,
                places=draft.body.origin,
                passages=len(pieces),
            )
        )
    return CutSource(source=source, articles=articles, passages=passages)


def passage(traced: TracedText, position: int, *, article_id: str, draft: Draft) -> IndexedPassage:
    """Return a passage with the text that is searched in its stead: headings and date put in front."""
    made = Passage(id=token("passage", article_id, str(position)), article_id=article_id, traced=traced)
    day = draft.facts.date
    dated = f"{day.year}年{day.month}月{day.day}日" if day else ""
    heading = "\n".join(draft.headings)[:LONGEST_HEADING]
    searched = "\n".join(part for part in (heading, dated, traced.text.strip()) if part)
    return IndexedPassage(passage=made, searched=searched)
