"""What goes over the wire of the collection: sources, articles, and what the index holds."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from qa.domain.articles import ArticleKind, PrintedArticle
from qa.domain.ports import IndexStatistics
from qa.domain.sources import Source, SourceSummary
from qa.web.schemas import Body, SpanBody, span_bodies


class SourceBody(Body):
    """一个来源。"""

    id: str
    name: str
    characters: int
    articles: int
    passages: int

    @classmethod
    def of(cls, summary: SourceSummary) -> SourceBody:
        """Return the wire form of a source."""
        return cls(
            id=summary.id,
            name=summary.name,
            characters=summary.characters,
            articles=summary.articles,
            passages=summary.passages,
        )


class SourceTextBody(Body):
    """一个来源的原文，一字不改。"""

    id: str
    name: str
    text: str

    @classmethod
    def of(cls, source: Source) -> SourceTextBody:
        """Return the wire form of a source with its text."""
        return cls(id=source.id, name=source.name, text=source.text)


class SourceList(Body):
    """全部来源，按名称排列。"""

    sources: list[SourceBody]


class ArticleBody(Body):
    """一篇文章；不知道的为 null，从不猜测。跨版的文章在几个来源里都有位置，归于它开头所在的来源。"""

    id: str
    title: str | None
    kind: ArticleKind
    authors: list[str]
    dateline: str | None
    published: date | None = Field(description="报头所印的出版日期")
    # Behind the other day: from here on its name is no longer that of the type.
    date: date | None
    newspaper: str | None
    issue: str | None
    page: str | None
    jump_to: str | None
    jump_from: str | None
    facts_at: dict[str, list[SpanBody]] = Field(description="各项是在原文何处读到的；只有读得到位置的各项")
    spans: list[SpanBody]
    passages: int

    @classmethod
    def of(cls, listed: PrintedArticle) -> ArticleBody:
        """Return the wire form of an article."""
        article, facts = listed.article, listed.article.facts
        return cls(
            id=article.id,
            title=facts.title,
            kind=facts.kind,
            authors=list(facts.authors),
            dateline=facts.dateline,
            published=facts.published,
            date=facts.date,
            newspaper=facts.newspaper,
            issue=facts.issue,
            page=facts.page,
            jump_to=facts.jump_to,
            jump_from=facts.jump_from,
            facts_at={
                name: span_bodies(places, names=listed.source_names)
                for name, places in sorted(facts.read_at.items())
                if places
            },
            spans=span_bodies(article.places, names=listed.source_names),
            passages=article.passages,
        )


class ArticleList(Body):
    """一页文章；total 是合乎条件的总数。"""

    articles: list[ArticleBody]
    total: int
    offset: int
    limit: int


class StatisticsBody(Body):
    """索引里有什么。"""

    sources: int
    articles: int
    passages: int
    bytes: int
    index_version: str
    encoder: str
    reader: str

    @classmethod
    def of(cls, statistics: IndexStatistics, *, reader: str) -> StatisticsBody:
        """Return the wire form of what an index holds."""
        return cls(
            sources=statistics.sources,
            articles=statistics.articles,
            passages=statistics.passages,
            bytes=statistics.bytes,
            index_version=statistics.version,
            encoder=statistics.encoder.name,
            reader=reader,
        )
