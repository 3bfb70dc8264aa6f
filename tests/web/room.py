"""A reading room to test the page in: the service itself over an index on disk; its models are fakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qa.domain.answers import Reading
from qa.domain.ports import IndexedSource, Snapshot
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.settings import Settings
from qa.store.publications import LocalPublications
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from qa.web.app import create_app
from qa.web.service import Service
from tests.fakes import FakeEncoder, PhraseReader, confidence_by_margin, indexed, story

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


@cache
def tokens() -> Tokens:
    """Return a dictionary that all rooms share, for it takes a second to read."""
    return Tokens()


def over(snapshot: Snapshot) -> Engine:
    """Return what asks a version."""
    return Engine(snapshot, FakeEncoder(), RoomReader(), confidence=STEEP, longest=500)


class Room:
    """The app over a collection of its own."""

    def __init__(self, sources: Sequence[IndexedSource], *, folder: Path, **settings: Any) -> None:  # noqa: ANN401
        """Put ``sources`` into an index in ``folder``.

        :param settings: Of the service, other than the defaults.
        """
        writer = LocalWriter(folder, encoder=FakeEncoder().identity, tokens=tokens())
        writer.publish(put=sources, remove=())
        writer.close()
        self.app = create_app(Settings(index=folder, **settings), open_askers=self._open)

    @property
    def service(self) -> Service:
        """Return what the routes call, while the app runs."""
        service: Service = self.app.state.service
        return service

    @contextmanager
    def _open(self, settings: Settings) -> Iterator[LiveAsker]:
        encoder = FakeEncoder().identity
        live = LiveAsker(LocalPublications(settings.index, encoder=encoder, tokens=tokens()), over)
        try:
            yield live
        finally:
            live.close()
