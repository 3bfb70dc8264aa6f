"""A reading room to test the page in: the real app over fakes.

What keeps answers and takes files in is made here as well, in the shapes of the contract, so that a test can
switch it off, or have a file refused; the service's own routes are tested by themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qa.domain.answers import Outcome, Reading
from qa.domain.ports import IndexedSource, Snapshot
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.settings import Settings
from qa.web.app import create_app
from qa.web.collection import SourceBody
from qa.web.schemas import AskBody, FoundBody, OutcomeBody
from tests.fakes import (
    FakeEncoder,
    MemoryPublications,
    MemoryWriter,
    PhraseReader,
    confidence_by_margin,
    indexed,
    story,
)

STEEP = confidence_by_margin(midpoint=0.5, slope=10.0)
DAY = date(2023, 2, 16)

QUESTION = "吕梁市委书记是谁？"
ANSWER = "孙大军"
UNANSWERABLE = "量子计算机的工作原理是什么？"
PHRASES = {
    "书记": {ANSWER: 0.9, "抓紧抓实": 0.6},
    "最低工资": {"1880元": 0.72},
    "煤炭": {"三十六万吨": 0.9},
}
"""What the reader finds, and how well it fits, by a word of the question."""


def pages() -> list[IndexedSource]:
    """Return two papers: an answer twice, in the second one across two lines, and a story beside."""
    return [
        indexed(
            "吕梁日报/一版.txt",
            story(
                "😀本报讯 2月16日，吕梁市委书记孙大军主持召开会议。",
                "会议强调，要把专业镇建设抓紧抓实。",
                title="市委常委会召开会议",
                day=DAY,
                newspaper="吕梁日报",
                authors=("康桂芳",),
            ),
            story("全市最低工资标准为1880元。", title="12项民生实事公布", day=DAY, newspaper="吕梁日报"),
        ),
        indexed(
            "晚报.txt",
            story(
                "昨天，市委书记孙大军到社区走访。",
                title="走访社区",
                day=date(2023, 3, 1),
                newspaper="并州晚报",
            ),
        ),
    ]


class RoomReader:
    """Finds some phrases, each for the questions that it belongs to."""

    name = "room-reader"

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        scores = {p: score for cue, found in PHRASES.items() if cue in question for p, score in found.items()}
        return PhraseReader(scores).read(question, passages=passages, titles=titles)


def over(snapshot: Snapshot) -> Engine:
    """Return what asks a version."""
    return Engine(snapshot, FakeEncoder(), RoomReader(), confidence=STEEP, longest=500)


class Room:
    """The app, its collection, and the answers that it keeps."""

    def __init__(self, sources: Sequence[IndexedSource]) -> None:
        self.writer = MemoryWriter()
        self.writer.publish(put=sources, remove=())
        self.kept: dict[str, dict[str, Any]] = {}
        self.keeps, self.streams = True, False
        self.asked: list[dict[str, Any]] = []
        self.app = create_app(Settings(keep_answers=False), open_askers=self._open)
        self.app.router.routes[:0] = self._routes()

    @contextmanager
    def _open(self, settings: Settings) -> Iterator[LiveAsker]:
        live = LiveAsker(MemoryPublications(self.writer), over)
        try:
            yield live
        finally:
            live.close()

    def _routes(self) -> list[Route]:
        return [
            Route("/v1/ask", self.ask, methods=["POST"]),
            Route("/v1/answers/{id}", self.answer, methods=["GET", "DELETE"]),
            Route("/v1/sources", self.put, methods=["POST"]),
            Route("/v1/sources/{id}", self.remove, methods=["DELETE"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Answer as the service does, and keep the outcome."""
        body = await request.json()
        self.asked.append(body)
        asked = AskBody.model_validate(body)
        service = request.app.state.service
        before = asked.before.value() if asked.before else None
        outcome = await service.ask(
            asked.question, limit=asked.limit, filters=asked.filters.value(), before=before
        )
        told = OutcomeBody.of(outcome).model_dump(mode="json") | {"id": self._keep()}
        if told["id"]:
            self.kept[told["id"]] = told | {"asked_at": "2026-01-01T00:00:00Z"}
        if not self.streams:
            return JSONResponse(told)
        return EventSourceResponse(self._events(outcome, told))

    def _keep(self) -> str | None:
        return secrets.token_urlsafe(16) if self.keeps else None

    async def _events(self, outcome: Outcome, told: Mapping[str, Any]) -> AsyncIterator[dict[str, str]]:
        found = [FoundBody.of(each, rank=rank) for rank, each in enumerate(outcome.retrieved, start=1)]
        results = {"results": [each.model_dump(mode="json") for each in found]}
        for event, data in (("passages", results), ("answer", told), ("done", {})):
            yield {"event": event, "data": JSONResponse(data).body.decode()}  # type: ignore[union-attr]

    async def answer(self, request: Request) -> Response:
        """Return or drop a kept outcome."""
        id = request.path_params["id"]
        if id not in self.kept:
            return JSONResponse({"status": 404, "detail": "没有这个回答"}, status_code=404)
        if request.method == "DELETE":
            del self.kept[id]
            return Response(status_code=204)
        return JSONResponse(self.kept[id])

    async def put(self, request: Request) -> Response:
        """Take files in, an article each; one that is no UTF-8 is refused."""
        results = []
        async with request.form() as form:
            for file in form.getlist("files"):
                assert isinstance(file, UploadFile)
                results.append(self._put(str(file.filename), await file.read()))
        await run_in_threadpool(request.app.state.service.changed)
        return JSONResponse({"results": results, "index_version": "2"})

    def _put(self, name: str, content: bytes) -> dict[str, Any]:
        try:
            made = indexed(name, story(content.decode(), title=f"{name}的文章"))
        except UnicodeDecodeError:
            return {
                "name": name,
                "status": "failed",
                "error": f"{name}：不是文字",
                "source": None,
                "articles": [],
            }
        self.writer.publish(put=[made], remove=())
        (source,) = [each for each in self.writer.snapshot().sources() if each.name == name]
        articles = [{"id": each.id, "title": each.facts.title} for each in made.articles]
        body = SourceBody.of(source).model_dump()
        return {"name": name, "status": "added", "error": None, "source": body, "articles": articles}

    async def remove(self, request: Request) -> Response:
        """Take a source out."""
        self.writer.publish(put=(), remove=[self.writer.name_of(request.path_params["id"])])
        await run_in_threadpool(request.app.state.service.changed)
        return Response(status_code=204)
