"""What the collection is, in short: counts, papers, days and example questions; for the chat page."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from qa.domain.articles import Newspaper
from qa.domain.ports import Snapshot
from qa.engine.examples import Example, examples
from qa.web.routes import PROBLEMS, Serving
from qa.web.schemas import Body
from qa.web.service import Bounds

EXAMPLES = 6
"""Questions that are offered before the first one."""

FORM_BYTES = 1024
"""Of an upload's body, for what a browser writes around the file."""

router = APIRouter(prefix="/v1", tags=["来源"], responses=PROBLEMS)


class NewspaperBody(Body):
    """一份报纸；first 与 last 是其中文章最早与最晚的日期。"""

    name: str
    articles: int
    first: date | None
    last: date | None

    @classmethod
    def of(cls, newspaper: Newspaper) -> NewspaperBody:
        """Return the wire form of a newspaper."""
        return cls(
            name=newspaper.name,
            articles=newspaper.articles,
            first=newspaper.first,
            last=newspaper.last,
        )


class ExampleBody(Body):
    """一个例问，出自馆藏文章的标题；所问之事在那篇文章里写着。"""

    question: str
    article: str = Field(description="答得上来的那篇文章的 id")
    title: str

    @classmethod
    def of(cls, example: Example) -> ExampleBody:
        """Return the wire form of an example."""
        article = example.printed.article
        return cls(question=example.question, article=article.id, title=article.facts.title or "")


class HoldingsBody(Body):
    """馆藏概况：有多少、哪些报纸、什么时候的，以及可以怎样问。"""

    sources: int
    articles: int
    passages: int
    index_version: str
    newspapers: list[NewspaperBody] = Field(description="文章写明了的报纸；没有写明的不在其中")
    upload_bytes: int = Field(description="收入的一个文件至多多少字节")
    question_characters: int = Field(description="一个问题至多多少字")
    newest: date | None = Field(description="最新一篇文章的日期")
    examples: list[ExampleBody]

    @classmethod
    def of(cls, snapshot: Snapshot, *, bounds: Bounds) -> HoldingsBody:
        """Return what a version holds, and the bounds of what may be asked and put in."""
        statistics = snapshot.statistics()
        return cls(
            sources=statistics.sources,
            articles=statistics.articles,
            passages=statistics.passages,
            index_version=snapshot.version,
            newspapers=[NewspaperBody.of(each) for each in snapshot.newspapers()],
            upload_bytes=max(0, bounds.max_body_bytes - FORM_BYTES),
            question_characters=bounds.max_question,
            newest=snapshot.newest(),
            examples=[ExampleBody.of(each) for each in examples(snapshot, limit=EXAMPLES)],
        )


@router.get("/collection", summary="馆藏概况")
def collection(service: Serving) -> HoldingsBody:
    """返回馆藏概况；例问由馆藏文章的标题得来。"""
    with service.reading() as snapshot:
        return HoldingsBody.of(snapshot, bounds=service.bounds)
