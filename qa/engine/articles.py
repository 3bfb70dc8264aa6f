"""From sources to articles and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain.articles import Article, Part
from qa.domain.passages import Passage
from qa.domain.ports import IndexedPassage
from qa.domain.sources import Source, token
from qa.domain.traced import TracedText
from qa.text.chunk import TARGET_LENGTH, chunk
from qa.text.jumps import join
from qa.text.page_model import PageModel
from qa.text.segment import Draft, segment

LONGEST_HEADING = 120
"""Characters of the headings that are searched with each passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedSource:
    """A source with the articles and parts of articles that its pages hold."""

    source: Source
    drafts: Sequence[Draft]

    @property
    def parts(self) -> list[Part]:
        """Return what its pages say of articles that go on, or began, elsewhere."""
        parts = (Part.of(draft.facts, source=self.source.name) for draft in self.drafts)
        return list(dict.fromkeys(part for part in parts if part.jumps))

    @property
    def size(self) -> int:
        """Return about how many passages it will be cut into."""
        return sum(1 + len(draft.body.text) // TARGET_LENGTH for draft in self.drafts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSource:
    """A source with the articles that begin in it and their passages, not yet embedded."""

    source: Source
    articles: Sequence[Article]
    passages: Sequence[IndexedPassage]
    parts: Sequence[Part] = ()


def segmented(source: Source, pages: PageModel) -> SegmentedSource:
    """Return a source with what its pages hold: the one place where pages are segmented."""
    return SegmentedSource(source=source, drafts=segment(source, pages))


def cut(source: Source, pages: PageModel) -> CutSource:
    """Return the articles of one source, as if there were no other, and their passages."""
    return cut_together([segmented(source, pages)])[0]


def cut_together(pages: Sequence[SegmentedSource]) -> list[CutSource]:
    """Return the articles of several sources and their passages, in page order.

    What jumps from one of them to another is one article, of the source it begins in;
    in whatever order the sources come, the articles are the same.
    """
    by_name = sorted(pages, key=lambda page: page.source.name)
    joined = join([draft for page in by_name for draft in page.drafts])
    made: dict[str, CutSource] = {}
    start = 0
    for page in by_name:
        end = start + len(page.drafts)
        own = {at - start: joined[at] for at in range(start, end) if at in joined}
        made[page.source.name] = cut_drafts(page, own)
        start = end
    return [made[page.source.name] for page in pages]


def cut_drafts(page: SegmentedSource, drafts: dict[int, Draft]) -> CutSource:
    """Return a source cut into articles.

    :param drafts: What begins there, by position among all that its pages hold: the name of an
        article does not change when the part before it turns out to be of another one.
    """
    articles: list[Article] = []
    passages: list[IndexedPassage] = []
    for position, draft in drafts.items():
        id = token("article", page.source.name, str(position), draft.body.text)
        pieces = [piece for piece in draft.body.pieces(chunk(draft.body.text)) if piece.text.strip()]
        passages += [passage(piece, at, article_id=id, draft=draft) for at, piece in enumerate(pieces)]
        articles.append(
            Article(
                id=id,
                source_id=page.source.id,
                facts=draft.facts,
                places=draft.body.origin,
                passages=len(pieces),
            )
        )
    return CutSource(source=page.source, articles=articles, passages=passages, parts=page.parts)


def passage(traced: TracedText, position: int, *, article_id: str, draft: Draft) -> IndexedPassage:
    """Return a passage with the text that is searched in its stead: headings and date put in front."""
    made = Passage(id=token("passage", article_id, str(position)), article_id=article_id, traced=traced)
    heading = "\n".join(draft.headings)[:LONGEST_HEADING]
    searched = "\n".join(part for part in (heading, draft.facts.day_in_words, traced.text.strip()) if part)
    return IndexedPassage(passage=made, searched=searched)
