"""What an encoder is shown in training: a question or headline, and the passage that belongs to it.

Passages look as they do in an index: about two hundred characters of whole text, with the headline in front
where there is one. Batches hold pairs that a search confuses, so that the passages of a batch are hard
negatives for each other's questions.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.reading_sets import Asked
from training.retrieval_scores import found_by_words

SHORTEST, LONGEST = 120, 260
"""Characters of a passage."""

NEIGHBOURS = 3
"""Pairs drawn into a batch after each that is drawn by chance, for being hard to tell from it."""

SHARED = 40
"""Characters that two texts do not have in common by chance."""

TITLED = 0.5
"""How often a news passage has its headline in front; the question is then a sentence of the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A question and the passage that belongs to it.

    :param document: What the passage is cut from; two pairs of one document are no negatives.
    """

    question: str
    passage: str
    document: str


def apart(questions: Iterable[Asked], *, measured: Iterable[str]) -> list[Asked]:
    """Return the questions whose context shares no stretch with a text that is measured on.

    One notice is printed by several offices under other headlines: how it begins does not tell.
    """
    held = {
        text[at : at + SHARED]
        for text in map(closed_up, measured)
        for at in range(max(len(text) - SHARED + 1, 0))
    }
    return [asked for asked in questions if held.isdisjoint(stretches(closed_up(asked.context)))]


def closed_up(text: str) -> str:
    """Return a text without blanks."""
    return "".join(text.split())


def stretches(text: str) -> Iterator[str]:
    """Yield so many stretches of a text that any longer one in common holds one of them."""
    return (text[at : at + SHARED] for at in range(0, max(len(text) - SHARED + 1, 0), SHARED // 2))


def question_pairs(questions: Sequence[Asked], *, epoch: int, seed: int) -> Iterator[Matched]:
    """Yield each answerable question with a stretch of its context around an answer."""
    for number, asked in enumerate(questions):
        if asked.answers:
            chance = random.Random(f"{seed}:{epoch}:question:{number}")
            answer = chance.choice(asked.answers)
            end = answer.start + len(answer.text)
            yield Matched(
                question=asked.question,
                passage=stretch(asked.context, answer.start, end, chance),
                document=asked.context[:200],
            )


def news_pairs(rows: Sequence[Mapping[str, str]], *, epoch: int, seed: int) -> Iterator[Matched]:
    """Yield each news item as headline and stretch, or as sentence and stretch under its headline."""
    for number, row in enumerate(rows):
        chance = random.Random(f"{seed}:{epoch}:news:{number}")
        text, title = "".join(row["text"].split()), row["title"].strip()
        at = chance.randrange(len(text))
        passage = stretch(text, at, at + 1, chance)
        if chance.random() >= TITLED:
            yield Matched(question=title, passage=passage, document=title)
            continue
        sentences = [each for each in passage.split("。")[1:-1] if len(each) >= 12]
        if sentences:
            asked = chance.choice(sentences)
            rest = passage.replace(asked + "。", "", 1)
            yield Matched(question=asked, passage=f"{title}\n{rest}", document=title)


def stretch(text: str, start: int, end: int, chance: random.Random) -> str:
    """Return a stretch of a text, at a random place, that holds ``[start, end)``."""
    length = max(chance.randint(SHORTEST, LONGEST), end - start)
    first = chance.randint(
        max(end - length, 0), min(start, max(len(text) - length, 0)) if len(text) > length else 0
    )
    return text[first : first + length]


def batches_of_neighbours(
    pairs: Sequence[Matched], *, size: int, epoch: int, seed: int
) -> Iterator[list[Matched]]:
    """Yield batches in which each pair that was drawn by chance stands beside those it is confused with."""
    chance = random.Random(f"{seed}:{epoch}:batches")
    order = list(range(len(pairs)))
    chance.shuffle(order)
    found = found_by_words(
        [pair.question for pair in pairs],
        passages=[pair.passage for pair in pairs],
        depth=3 * NEIGHBOURS,
    )
    left = set(order)
    batch: list[Matched] = []
    for number in order:
        if number not in left:
            continue
        near = [at for at in found[number] if at in left and pairs[at].document != pairs[number].document]
        for each in (number, *near[:NEIGHBOURS]):
            left.discard(each)
            batch.append(pairs[each])
        if len(batch) >= size:
            yield batch[:size]
            batch = batch[size:]
