"""BM25 by sparse vectors of our own: what a passage says of a term, and what a question asks of it.

Words and pairs of characters are cut as for the embedded index, and both fields are added up. A passage
holds how much it says of each term, by an average length that is fixed; how rare a term is stands in a table
beside and goes into the question. So no passage is written again when others come (see docs/adr/0031).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence

from qa.store.lexical import FIELDS, TERM_LIMIT
from qa.store.milvus.connection import Level, Milvus, Row
from qa.store.milvus.schema import NO_VECTOR, NONE
from qa.store.tokens import Tokens

K1, B = 1.2, 0.75
LENGTHS: Mapping[str, float] = {"words": 103.0, "pairs": 138.0}
"""Terms of an average passage in each field: measured on 3,503 of the 70,073 passages of 18,131 articles."""

HASHES = 2**32 - 2
NO_TERM = HASHES
"""A term that no question asks for: what has no words must have a vector all the same."""


def term_of(field: str, word: str) -> int:
    """Return the stable number of a term; of two that share one, each is found where the other is."""
    digest = hashlib.blake2b(f"{field}\x1f{word}".encode("utf-8", "surrogatepass"), digest_size=4)
    return int.from_bytes(digest.digest(), "big") % HASHES


def weights_of(text: str, *, tokens: Tokens, lengths: Mapping[str, float]) -> dict[int, float]:
    """Return what a passage says of each of its terms: the saturated frequency of BM25.

    :param lengths: Terms of an average passage, by field.
    """
    weights: dict[int, float] = {}
    for field, cut in FIELDS.items():
        words = cut(tokens, text)
        longer = K1 * (1 - B + B * len(words) / lengths[field])
        for word, times in Counter(words).items():
            term = term_of(field, word)
            weights[term] = weights.get(term, 0.0) + times * (K1 + 1) / (times + longer)
    return weights or {NO_TERM: 1.0}


def asked_terms(question: str, *, tokens: Tokens) -> list[int]:
    """Return the terms of a question, each once; those of a pasted passage only as far as the limit."""
    found = {
        term_of(field, word): None
        for field, cut in FIELDS.items()
        for word in list(dict.fromkeys(cut(tokens, question)))[:TERM_LIMIT]
    }
    return list(found)


def rarity(held_in: int, *, passages: int) -> float:
    """Return how much a term tells: the natural logarithm that BM25 takes.

    :param held_in: Passages that hold the term.
    """
    return math.log1p((passages - held_in + 0.5) / (held_in + 0.5))


class WordTable:
    """How many passages hold each term: as of the version before the last change of a term, and since."""

    def __init__(self, milvus: Milvus, collection: str) -> None:
        """Keep the table in ``collection``."""
        self._milvus, self._collection = milvus, collection

    def held_in(self, terms: Sequence[int], *, generation: int, level: Level) -> dict[int, int]:
        """Return in how many passages of a version each term is; terms that are in none are missing.

        Of a version before the last but one that changed a term, the number is that of a later one.
        """
        rows = self._rows(terms, level=level)
        counted = {row["term"]: value_at(row, generation) for row in rows}
        return {term: count for term, count in counted.items() if count > 0}

    def change(self, by: Mapping[int, int], *, published: int, generation: int) -> None:
        """Count terms anew, for the version that comes next."""
        terms = [term for term, change in by.items() if change]
        before = {row["term"]: value_at(row, published) for row in self._rows(terms, level=Level.STRONG)}
        rows = [
            table_row(term, since=generation, before=before.get(term, 0), now=before.get(term, 0) + by[term])
            for term in terms
        ]
        self._milvus.upsert(self._collection, rows)

    def take_back(self, *, published: int) -> None:
        """Undo what was counted for versions that were never published."""
        fields = ("term", "before")
        beyond = self._milvus.every(self._collection, f"since > {published}", fields, level=Level.STRONG)
        rows = [
            table_row(row["term"], since=published, before=row["before"], now=row["before"]) for row in beyond
        ]
        self._milvus.upsert(self._collection, rows)

    def _rows(self, terms: Sequence[int], *, level: Level) -> list[Row]:
        fields = ("term", "since", "before", "now")
        return self._milvus.at_keys(self._collection, "term", terms, fields, level=level)


def value_at(row: Mapping[str, int], generation: int) -> int:
    """Return in how many passages of a version the term of a row is."""
    return row["now"] if row["since"] <= generation else row["before"]


def table_row(term: int, *, since: int, before: int, now: int) -> Row:
    """Return a row of the table."""
    return {"term": term, "since": since, "before": before, "now": now, NONE: NO_VECTOR}


def counted(weights: Sequence[Mapping[int, float]]) -> Counter[int]:
    """Return in how many of some passages each term is, by their vectors."""
    found: Counter[int] = Counter()
    for each in weights:
        found.update(each.keys())
    del found[NO_TERM]
    return found
