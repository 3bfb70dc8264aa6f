"""What a reader is shown in training: a question, a stretch of text, and where in it the answer is.

An answerable question is shown with a stretch around its answer, at a random
place and of random length; one in so many with a stretch that does not hold it:
from the same context, or from the passages that a search for the question finds
elsewhere. Everything follows from the seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.models.span_tokens import Pieces, SpanTokens
from training.reading_sets import Answer, Asked
from training.retrieval_scores import found_by_words
from training.swaps import Swaps

LONGEST_QUESTION = 64
LONGEST_ANSWER = 120
"""Pieces; longer answers are rather passages than answers."""

SHORT, LONG = (96, 240), (240, 440)
LONG_SHARE = 0.25
"""Stretches are of a passage's length, and some of a whole paragraph's."""

FROM_SAME, FROM_OTHERS = 0.06, 0.12
"""How often a question is shown with a stretch that does not hold the answer."""

SWAPPED = 0.08
"""How often, in a run with swaps, a question about something else is asked of the stretch with the answer."""

FOUND_DEPTH = 8
"""Wrong passages kept a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One input: pieces of question and stretch, and the answer's first and last piece of the input.

    :param first: 0, which is the mark of the beginning, where there is no answer.
    """

    ids: list[int]
    first: int
    last: int

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutContext:
    """A context and its pieces."""

    text: str
    pieces: Pieces


class ExampleMaker:
    """Makes examples of questions and the passages that a search finds wrongly."""

    def __init__(
        self,
        tokens: SpanTokens,
        questions: Sequence[Asked],
        *,
        elsewhere: Sequence[str],
        seed: int,
        swaps: bool = False,
    ) -> None:
        """Prepare all texts.

        :param elsewhere: Passages that answer none of the questions, or hold the answer visibly.
        :param swaps: Whether questions are asked as well with another name or year in them.
        """
        self._swaps = Swaps(questions) if swaps else None
        self._tokens, self._seed = tokens, seed
        self._questions = list(questions)
        contexts = list(dict.fromkeys(asked.context for asked in questions))
        pool = contexts + list(elsewhere)
        self._pool = pool
        self._cut = {
            text: CutContext(text=text, pieces=pieces)
            for text, pieces in zip(pool, tokens.cut(pool), strict=True)
        }
        self._asked = [pieces.ids for pieces in tokens.cut([asked.question for asked in questions])]
        self._wrong = found_by_words(
            [asked.question for asked in questions], passages=pool, depth=FOUND_DEPTH
        )

    def examples(self, numbers: Sequence[int], *, epoch: int) -> Iterator[Example]:
        """Yield an example a question, by number; another one in another epoch."""
        for number in numbers:
            chance = random.Random(f"{self._seed}:{epoch}:{number}")
            example = self._example(number, chance)
            if example is not None:
                yield example

    def _example(self, number: int, chance: random.Random) -> Example | None:
        asked, context = self._questions[number], self._cut[self._questions[number].context]
        answer = chance.choice(asked.answers) if asked.answers else None
        length = chance.randint(*(LONG if chance.random() < LONG_SHARE else SHORT))
        if answer is None:
            return self._shown(number, context.pieces, window(context.pieces, length, chance))
        span = span_of(context.pieces, answer)
        if span is None or span[1] - span[0] >= LONGEST_ANSWER:
            return None
        unanswered = self._unanswered(number, span, length, chance)
        if unanswered is not None:
            return unanswered
        return self._shown(number, context.pieces, around(context.pieces, span, length, chance), span=span)

    def _unanswered(
        self, number: int, span: tuple[int, int], length: int, chance: random.Random
    ) -> Example | None:
        """Return the question with what does not answer it, as often as that is wanted and possible."""
        asked, draw = self._questions[number], chance.random()
        context = self._cut[asked.context]
        if draw < FROM_OTHERS:
            other = self._found_wrongly(number, asked, chance)
            return self._shown(number, other.pieces, window(other.pieces, length, chance)) if other else None
        if draw < FROM_OTHERS + FROM_SAME:
            beside = without(context, asked, length, chance)
            return self._shown(number, context.pieces, beside) if beside else None
        if self._swaps and draw > 1 - SWAPPED:
            changed = self._swaps.swapped(number, chance)
            stretch = around(context.pieces, span, length, chance)
            return self._shown(number, context.pieces, stretch, question=changed) if changed else None
        return None

    def _found_wrongly(self, number: int, asked: Asked, chance: random.Random) -> CutContext | None:
        candidates = [
            self._pool[at]
            for at in self._wrong[number]
            if self._pool[at] != asked.context
            and not any(answer.text in self._pool[at] for answer in asked.answers)
        ]
        return self._cut[chance.choice(candidates)] if candidates else None

    def _shown(
        self,
        number: int,
        pieces: Pieces,
        stretch: tuple[int, int],
        *,
        span: tuple[int, int] | None = None,
        question: str | None = None,
    ) -> Example:
        asked = self._asked[number] if question is None else self._tokens.cut([question])[0].ids
        asked = asked[:LONGEST_QUESTION]
        shift = len(asked) + 3 - stretch[0]
        first, last = (span[0] + shift, span[1] + shift) if span else (0, 0)
        ids = joined(self._tokens, asked, pieces.ids[stretch[0] : stretch[1]])
        return Example(ids=ids, first=first, last=last)


def joined(tokens: SpanTokens, question: Sequence[int], passage: Sequence[int]) -> list[int]:
    """Return the input of a reader: begin, question, end, end, passage, end."""
    return [tokens.begin, *question, tokens.end, tokens.end, *passage, tokens.end]


def span_of(pieces: Pieces, answer: Answer) -> tuple[int, int] | None:
    """Return the first and the last piece of an answer; None where it has none."""
    end = answer.start + len(answer.text)
    inside = [
        at
        for at, (begins, ends) in enumerate(zip(pieces.starts, pieces.ends, strict=True))
        if begins < end and ends > answer.start
    ]
    return (inside[0], inside[-1]) if inside else None


def window(pieces: Pieces, length: int, chance: random.Random) -> tuple[int, int]:
    """Return any stretch."""
    start = chance.randint(0, max(len(pieces) - length, 0))
    return start, min(start + length, len(pieces))


def around(pieces: Pieces, span: tuple[int, int], length: int, chance: random.Random) -> tuple[int, int]:
    """Return a stretch that holds an answer."""
    length = max(length, span[1] - span[0] + 20)
    lowest = max(span[1] + 1 - length, 0)
    highest = min(span[0], max(len(pieces) - length, 0))
    start = chance.randint(min(lowest, highest), max(lowest, highest))
    start = min(max(start, lowest), span[0])
    return start, min(start + length, len(pieces))


def without(context: CutContext, asked: Asked, length: int, chance: random.Random) -> tuple[int, int] | None:
    """Return a stretch of the same context that holds no accepted answer, if one is long enough."""
    start, end = window(context.pieces, length, chance)
    if end - start < SHORT[0] // 2:
        return None
    text = context.text[context.pieces.starts[start] : context.pieces.ends[end - 1]]
    spans = [span_of(context.pieces, answer) for answer in asked.answers]
    touched = any(span and span[0] < end and span[1] >= start for span in spans)
    return None if touched or any(answer.text in text for answer in asked.answers) else (start, end)
