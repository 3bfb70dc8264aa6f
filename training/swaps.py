"""Questions that a text does not answer although it nearly does: a name or a number in them is another one.

Rajpurkar et al. (2018), *Know What You Don't Know*, let people write such questions; here a word of the
question that the context holds gives way to one of the same kind that it does not hold.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import jieba
import jieba.posseg

from training.reading_sets import Asked

KINDS = frozenset({"nr", "ns", "nt", "nz", "nrt"})
"""jieba's marks of people, places, organisations and other names."""

SHORTEST = 2
YEAR = re.compile(r"(?:1[89]|20)\d\d(?=年)")


class Swaps:
    """Names by kind, as they stand in questions."""

    def __init__(self, questions: Sequence[Asked]) -> None:
        """Collect the names of all questions."""
        tagger = jieba.posseg.POSTokenizer(jieba.Tokenizer())
        self._names: list[list[tuple[str, str]]] = [
            [
                (pair.word, pair.flag)
                for pair in tagger.cut(asked.question)
                if pair.flag in KINDS and len(pair.word) >= SHORTEST
            ]
            for asked in questions
        ]
        by_kind: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for names in self._names:
            for word, kind in names:
                by_kind[kind][word] = None
        self._by_kind: Mapping[str, list[str]] = {kind: list(words) for kind, words in by_kind.items()}
        self._questions = questions

    def swapped(self, number: int, chance: random.Random) -> str | None:
        """Return a question with one name or number of it changed; None where none can be.

        The one that goes stands in the context, the one that comes does not.
        """
        asked = self._questions[number]
        changes = [
            (word, other)
            for word, kind in self._names[number]
            if word in asked.context and (other := self._other(word, kind, asked.context, chance))
        ]
        changes += [
            (year, other)
            for year in YEAR.findall(asked.question)
            if year in asked.context and (other := another_year(year, asked.context, chance))
        ]
        if not changes:
            return None
        gone, come = chance.choice(changes)
        return asked.question.replace(gone, come)

    def _other(self, word: str, kind: str, context: str, chance: random.Random) -> str | None:
        for _ in range(8):
            other = chance.choice(self._by_kind[kind])
            if other not in context and other != word and abs(len(other) - len(word)) <= 1:
                return other
        return None


def another_year(year: str, context: str, chance: random.Random) -> str | None:
    """Return a year near by that the context does not hold."""
    near = [str(int(year) + step) for step in (-3, -2, -1, 1, 2, 3)]
    free = [each for each in near if each not in context]
    return chance.choice(free) if free else None
