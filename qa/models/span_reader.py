"""The reader: question and passage in one input, the answer as a span of the passage."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Reading
from qa.domain.spans import Span
from qa.errors import ModelMissing
from qa.models.bert import Bert, NotComputable, Numbers, shape_in, tokenizer_in, weights_in
from qa.models.folders import first_line
from qa.models.long_questions import given
from qa.models.padded import in_batches, padded
from qa.models.span_tokens import Pieces, SpanTokens
from qa.models.spans import BestSpan, Logits, best_span, next_best

WINDOW = 320
"""Pieces of a passage in one input."""

STRIDE = 160
"""Pieces by which the windows of a long passage are apart."""

BATCH_PIECES = 8192
"""Pieces computed at once, padding included."""

EndScores = Callable[[Numbers, NDArray[np.bool_]], NDArray[np.float32]]
"""Scores every piece as the first and as the last one of an answer, in logits.

Takes inputs filled up to one length, and where they have a piece; gives the shape (inputs, length, 2).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question to one passage."""

    question: str
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The best span of a passage, in characters of it, and its margin over no answer, in logits."""

    span: Span
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One input: a question with a stretch of a passage.

    :param asked: The number of the pair it belongs to.
    :param begin: The first piece of the stretch, counted from the input's beginning.
    :param shift: What is added to a piece of the input to get the piece of the passage.
    """

    asked: int
    ids: list[int]
    begin: int
    shift: int

    def read(self, best: BestSpan, pieces: Pieces) -> Read:
        """Return a span of the input as one of the passage that is cut into ``pieces``."""
        first, last = best.first + self.shift, best.last + self.shift
        return Read(span=Span(pieces.starts[first], pieces.ends[last]), margin=best.margin)


class SpanReader:
    """Scores every span of a passage against there being no answer in it."""

    def __init__(self, end_scores: EndScores, tokens: SpanTokens, *, name: str = "reader") -> None:
        """Read by scores.

        :param name: What ``qa stats`` calls it.
        """
        self._end_scores, self._tokens, self._name = end_scores, tokens, name

    @property
    def name(self) -> str:
        """Return what ``qa stats`` calls this reader."""
        return self._name

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> list[Reading]:  # noqa: ARG002 - the port's
        """Return the best spans of each passage that has any text, best first; equal ones in passage order.

        Of each passage at most two, which do not overlap: the second is what else it may be taken to say.
        """
        pairs = [Pair(question=question, passage=passage) for passage in passages]
        readings = [
            Reading(passage=at, span=read.span, score=read.margin)
            for at, reads in enumerate(self._best_of(pairs))
            for read in reads
        ]
        return sorted(readings, key=lambda each: (-each.score, each.passage, each.span))

    def read_pairs(self, pairs: Sequence[Pair]) -> list[Read | None]:
        """Return the best span of each passage, in order; None where a passage has no text."""
        return [next(iter(reads), None) for reads in self._best_of(pairs)]

    def _best_of(self, pairs: Sequence[Pair]) -> list[list[Read]]:
        """Return for each passage its best span and the best of those beside it, in order."""
        questions = dict.fromkeys(pair.question for pair in pairs)
        passages = dict.fromkeys(pair.passage for pair in pairs)
        asked = {
            question: given(question, pieces)
            for question, pieces in zip(questions, self._tokens.cut(list(questions)), strict=True)
        }
        cut = dict(zip(passages, self._tokens.cut(list(passages)), strict=True))
        windows = [
            window
            for number, pair in enumerate(pairs)
            for window in self._windows(number, asked[pair.question], cut[pair.passage])
        ]
        reads: list[list[Read]] = [[] for _ in pairs]
        for window, starts, ends in self._scored(windows):
            pieces = cut[pairs[window.asked].passage]
            reads[window.asked] += [window.read(best, pieces) for best in best_two(window, starts, ends)]
        return [apart(each) for each in reads]

    def _windows(self, number: int, question: Sequence[int], passage: Pieces) -> Iterator[Window]:
        head = [self._tokens.begin, *question, self._tokens.end, self._tokens.end]
        for start in range(0, max(len(passage) - WINDOW + STRIDE, 1), STRIDE):
            stretch = passage.ids[start : start + WINDOW]
            if stretch:
                yield Window(
                    asked=number,
                    ids=[*head, *stretch, self._tokens.end],
                    begin=len(head),
                    shift=start - len(head),
                )

    def _scored(self, windows: Sequence[Window]) -> Iterator[tuple[Window, Logits, Logits]]:
        """Yield each window with its logits for first and last pieces, those of like length together."""
        for batch in in_batches([len(each.ids) for each in windows], pieces=BATCH_PIECES):
            scores = self._end_scores(*padded([windows[at].ids for at in batch]))
            for at, row in zip(batch, scores, strict=True):
                length = len(windows[at].ids)
                yield windows[at], row[:length, 0], row[:length, 1]


def best_two(window: Window, starts: Logits, ends: Logits) -> Iterator[BestSpan]:
    """Yield the best span of a window, and the best beside it, where their scores are numbers."""
    end = len(window.ids) - 1
    best = best_span(starts, ends, begin=window.begin, end=end)
    for span in (best, next_best(starts, ends, begin=window.begin, end=end, best=best)):
        if span and math.isfinite(span.margin):
            yield span


def apart(reads: Sequence[Read]) -> list[Read]:
    """Return the best of some spans of one passage, and the best of the others that does not overlap it."""
    order = sorted(reads, key=lambda each: (-each.margin, each.span))
    beside = [
        each for each in order if each.span.end <= order[0].span.start or order[0].span.end <= each.span.start
    ]
    return [*order[:1], *beside[:1]]


def load_reader(
    folder: Path, *, name: str | None = None, bf16: bool | None = None, threads: int | None = None
) -> SpanReader:
    """Return the reader in a folder: weights as safetensors, its tokenizer beside them.

    :param bf16: See ``Bert``, and ``threads`` as well.
    :raises ModelMissing: When the folder is not complete.
    """
    try:
        weights = weights_in(folder, below="bert.")
        bert = Bert(weights, shape_in(folder), bf16=bf16, threads=threads)
        tokens = SpanTokens(tokenizer_in(folder))
        matrix, bias = (weights[f"qa_outputs.{name}"].T.astype(np.float32) for name in ("weight", "bias"))
    except (NotComputable, KeyError, ValueError) as error:
        raise ModelMissing(f"阅读模型 {folder} 无法载入：{first_line(error)}；请重新安装") from error

    def end_scores(numbers: Numbers, present: NDArray[np.bool_]) -> NDArray[np.float32]:
        # In 32 bits whatever the rest is in: two neighbouring pieces often differ by less than a bf16 tells.
        scores: NDArray[np.float32] = bert.hidden(numbers, present=present) @ matrix + bias
        return scores

    return SpanReader(end_scores, tokens, name=name or folder.name)
