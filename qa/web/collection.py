"""What goes over the wire of the collection: sources, articles, and what the index holds."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from qa.domain.articles import ArticleKind, PrintedArticle
from qa.domain.ports import IndexStatistics
from qa.domain.sources import Source, SourceSummary
from qa.web.keeper import Change, Kept, Status
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


class SourceReference(Body):
    """一个来源的 id 与名称。"""

    id: str
    name: str


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
    sources: list[SourceReference] = Field(description="印着这篇文章的来源，它开头所在的在前")
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
            sources=[SourceReference(id=id, name=name) for id, name in listed.source_names.items()],
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


class ArticleTitle(Body):
    """收入的一篇文章。"""

    id: str
    title: str | None


class FileResultBody(Body):
    """一个文件的结果。"""

    name: str = Field(description="作为来源名的文件名：去掉了路径与不可见的字符", examples=["0223.txt"])
    status: Status = Field(
        description="added 新收入，updated 取代了原来的，unchanged 与原来相同，failed 未收入"
    )
    code: str | None = Field(description="失败的代码，供程序判断", examples=["source_empty"])
    error: str | None = Field(description="没有收入的部分与原因；全部收入的为 null")
    source: SourceBody | None = Field(description="它成为的来源；一个都没有或有几个（JSONL）时为 null")
    sources: int = Field(description="它成为几个来源；JSONL 每条记录是一个", examples=[1])
    taken: int = Field(description="这些来源中，新收入的和取代了原来的共几个", examples=[1])
    failed: int = Field(description="其中有几部分没有收入", examples=[0])
    articles: list[ArticleTitle] = Field(description="从中切分出的文章，按版面顺序，至多前 100 个来源的")

    @classmethod
    def of(cls, kept: Kept) -> FileResultBody:
        """Return the wire form of what one file became."""
        told, names = kept.intake.told, kept.intake.sources
        return cls(
            name=kept.intake.name,
            status=kept.status,
            code=told[0].code if told else None,
            error="；".join(map(str, told)) if told else None,
            source=SourceBody.of(kept.held[0].summary) if len(names) == 1 else None,
            sources=len(names),
            taken=kept.taken,
            failed=kept.intake.failed,
            articles=[
                ArticleTitle(id=each.id, title=each.facts.title)
                for held in kept.held
                for each in held.articles
            ],
        )


class ChangeBody(Body):
    """各个文件的结果，按上传的顺序；有失败的也是 200，逐个说明。"""

    results: list[FileResultBody]
    index_version: str

    @classmethod
    def of(cls, change: Change) -> ChangeBody:
        """Return the wire form of what became of a request's files."""
        return cls(results=[FileResultBody.of(each) for each in change.kept], index_version=change.version)
