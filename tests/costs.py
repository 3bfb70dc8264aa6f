"""What each stage costs on the five pages, in counts that no other program on the machine changes.

    python -m tests.costs            prints the counts of this program
    python -m tests.costs --write    takes them as what is allowed, after a change that was meant

``calls`` are calls of functions, Python's and C's; ``pieces`` those that a model computes, padding included.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.assemble import (
    loaders_with,
    make_encoder,
    make_page_model,
    make_reader,
    open_writer,
    opened,
    shipped_model,
)
from qa.domain.sources import Source
from qa.engine.articles import cut_together, segmented
from qa.engine.ask import Engine
from qa.engine.build import Builder
from qa.loaders.walk import load_all
from qa.models.bert import Bert, Hidden, Numbers
from qa.models.confidence import load_confidence
from qa.settings import Settings
from qa.store.tokens import Tokens
from tests.fakes import SilentProgress

ALLOWED = Path(__file__).parent / "golden" / "costs.json"
SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = (
    "左权县的乳胶项目投资多少？",
    "三类区非全日制用工小时最低工资标准是多少？",
    "今年诺贝尔文学奖颁给了谁？",
)

Costs = dict[str, dict[str, int]]


class Counted:
    """Counts by stage."""

    def __init__(self) -> None:
        self.costs: Costs = {}
        self._calls = self._pieces = 0
        hidden = Bert.hidden

        def counted(bert: Bert, numbers: Numbers, *, present: NDArray[np.bool_]) -> Hidden:
            self._pieces += numbers.size
            return hidden(bert, numbers, present=present)

        Bert.hidden = counted  # type: ignore[method-assign,assignment]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs here as one stage."""
        self._calls = self._pieces = 0
        sys.setprofile(self._count)
        try:
            yield
        finally:
            sys.setprofile(None)
            self.costs[name] = {"calls": self._calls, "pieces": self._pieces}

    def _count(self, frame: FrameType, event: str, argument: Any) -> None:  # noqa: ANN401 - sys.setprofile's
        self._calls += event in ("call", "c_call")


def counted_costs() -> Costs:
    """Return the costs of every stage; in a fresh process, for one stage may make another cheaper."""
    counted, tokens = Counted(), Tokens()
    with TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        encoder, pages = make_encoder(settings), make_page_model()
        with counted.stage("load"):
            sources = [
                each
                for each in load_all([str(SEEDS)], limit=2**20, loaders=loaders_with(settings))
                if isinstance(each, Source)
            ]
        with counted.stage("segment"):
            drafts = [segmented(each, pages) for each in sources]
        with counted.stage("cut"):
            texts = [passage.searched for each in cut_together(drafts) for passage in each.passages]
        with counted.stage("words"):
            for text in texts:
                tokens.cut(text)
        writer = open_writer(settings, encoder=encoder.identity, tokens=tokens, create=True)
        with closing(writer), counted.stage("index"):
            Builder(writer, encoder, pages=pages, progress=SilentProgress()).add(sources)
        with counted.stage("open"):
            opening = opened(settings, encoder=encoder.identity, tokens=tokens)
            snapshot = opening.__enter__()
        confidence = load_confidence(shipped_model("reader"))
        engine = Engine(snapshot, encoder, make_reader(settings), confidence=confidence, longest=500)
        with counted.stage("search"):
            for question in QUESTIONS:
                engine.search(question)
        with counted.stage("ask"):
            for question in QUESTIONS:
                engine.ask(question)
        opening.__exit__(None, None, None)
    return counted.costs


def main() -> None:
    """Count, and print or write."""
    costs = json.dumps(counted_costs(), indent=1)
    if "--write" in sys.argv[1:]:
        ALLOWED.write_text(f"{costs}\n", encoding="utf-8")
    sys.stdout.write(f"{costs}\n")


if __name__ == "__main__":
    main()
