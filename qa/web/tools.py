"""What a program may do through the Model Context Protocol: ask, search and read, each as over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from qa.domain.articles import PrintedArticle
from qa.domain.ports import Snapshot
from qa.web.collection import ArticleBody
from qa.web.schemas import AskBody, Body, FoundBody, OutcomeBody, SearchBody, SearchResults
from qa.web.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnlyTool:
    """A tool that changes nothing.

    :param takes: What its arguments have to be.
    :param gives: What its result is.
    :param run: Takes the arguments as ``takes``.
    """

    title: str
    description: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    run: Callable[[Service, Any], Awaitable[BaseModel]]


class ReadBody(Body):
    """要读哪一篇文章，从第几个字读起。"""

    id: str = Field(max_length=200, description="文章的 id，见出处的 article.id")
    offset: Annotated[int, Field(ge=0, le=10**9, description="从第几个字起")] = 0
    length: Annotated[int, Field(ge=1, le=100_000, description="至多多少字")] = 20_000


class ArticleTextBody(ArticleBody):
    """一篇文章及其正文；text 逐字等于各 span 在原文中的拼接里从 offset 起的一段。"""

    text: str
    offset: int
    characters: int = Field(description="正文共有多少字")

    @classmethod
    def read(cls, listed: PrintedArticle, *, text: str, asked: ReadBody) -> Self:
        """Return the wire form of an article with as much of its text as is asked for."""
        return cls(
            **ArticleBody.of(listed).model_dump(),
            text=text[asked.offset : asked.offset + asked.length],
            offset=asked.offset,
            characters=len(text),
        )


async def ask(service: Service, asked: AskBody) -> OutcomeBody:
    """Answer a question."""
    outcome = await service.ask(
        asked.question,
        limit=asked.limit,
        filters=asked.filters.value(),
        before=asked.before.value() if asked.before else None,
    )
    return await service.answers.keep(outcome, explain=asked.explain)


async def search(service: Service, asked: SearchBody) -> SearchResults:
    """Find passages."""
    found = await service.search(
        asked.question, limit=asked.limit, filters=asked.filters.value(), mode=asked.mode
    )
    return SearchResults(results=[FoundBody.of(each, rank=rank) for rank, each in enumerate(found, start=1)])


async def read_article(service: Service, asked: ReadBody) -> ArticleTextBody:
    """Read an article as it is printed."""

    def read() -> ArticleTextBody:
        with service.reading() as snapshot:
            listed = snapshot.article(asked.id)
            return ArticleTextBody.read(listed, text=printed_text(listed, snapshot), asked=asked)

    return await run_in_threadpool(read)


def printed_text(listed: PrintedArticle, snapshot: Snapshot) -> str:
    """Return the text of an article, verbatim, its places one after the other."""
    places = listed.article.places
    texts = {id: snapshot.source(id).text for id in dict.fromkeys(place.source_id for place in places)}
    return "".join(texts[place.source_id][place.span.start : place.span.end] for place in places)


TOOLS: Mapping[str, ReadOnlyTool] = {
    "ask": ReadOnlyTool(
        title="向报纸提问",
        description="用中文问一个可以从报纸里找到答案的问题。"
        "答案逐字引自原文，citations 给出引文、文章与位置；"
        "来源里没有答案时 abstained 为 true、answer 为 null，"
        "citations 只是最接近的段落，不是答案，请勿据以作答。"
        "追问（「那二类呢？」）请在 before 里给出上一问。",
        takes=AskBody,
        gives=OutcomeBody,
        run=ask,
    ),
    "search": ReadOnlyTool(
        title="检索报纸段落",
        description="按意思与字词检索报纸段落，最好的在前；只检索，不回答。可按来源名与日期筛选。",
        takes=SearchBody,
        gives=SearchResults,
        run=search,
    ),
    "read_article": ReadOnlyTool(
        title="读一篇文章",
        description="按 id 读一篇文章的原文，一字不改，并给出题目、日期、作者与它在版面上的位置。"
        "id 见 ask 与 search 结果的 article.id；文章长时用 offset 接着读。",
        takes=ReadBody,
        gives=ArticleTextBody,
        run=read_article,
    ),
}
