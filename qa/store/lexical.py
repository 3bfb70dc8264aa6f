"""BM25 in Tantivy, over words and pairs of characters that we cut ourselves (see docs/adr/0004 and 0010)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from qa.domain.answers import Hit
from qa.store.files import link_file
from qa.store.numbers import among, ascending
from qa.store.ties import best
from qa.store.tokens import Tokens

WRITER_MEMORY = 64_000_000
"""Bytes that Tantivy may hold before it writes a segment."""

TERM_LIMIT = 64
"""Words, and as many pairs, of a question that are looked up; a longer one is a pasted passage."""

FEW = 2048
"""Passages that a query names one by one; where more may be found, those that may not are passed over."""

FIELDS = {"words": Tokens.cut, "pairs": Tokens.pairs}
"""What is searched, and how it is cut from a text; the scores of both are added up."""


def schema() -> tantivy.Schema:
    """Return the fields: the passage's number, and its words and pairs with a space between them."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """Searches the words of passages; sees what was there when it was opened."""

    def __init__(self, folder: Path, *, tokens: Tokens) -> None:
        """Open an index.

        :raises ValueError: When Tantivy cannot read it.
        """
        self.tokens = tokens
        self._schema = schema()
        self._searcher = tantivy.Index.open(str(folder)).searcher()

    def search(self, question: str, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the best passages by BM25 (k1 1.2, b 0.75), best first, ties by number."""
        clauses = self._clauses(question)
        if not clauses or (within is not None and not within):
            return []
        query, wanted = Query.boolean_query(clauses), None if within is None else ascending(within)
        if wanted is not None and len(wanted) <= FEW:
            named = Query.term_set_query(self._schema, "number", wanted.tolist())
            chosen = Query.const_score_query(named, 0.0)
            query, wanted = Query.boolean_query([(Occur.Must, query), (Occur.Must, chosen)]), None
        return best(lambda count: self._highest(query, count, wanted), limit=limit)

    def _highest(self, query: Query, count: int, wanted: NDArray[np.int64] | None) -> list[Hit]:
        """Return the best passages, or the best of some, at most ``count``."""
        asked = count if wanted is None else 2 * count * max(1, len(self) // len(wanted))
        while True:
            found = self._searcher.search(query, asked, count=False).hits
            numbers = np.array(self._searcher.fast_field_values("number", [at for _, at in found]), np.int64)
            kept = np.arange(len(found)) if wanted is None else np.flatnonzero(among(numbers, wanted))
            if len(kept) >= count or len(found) < asked:
                return [Hit(number=int(numbers[at]), score=float(found[at][0])) for at in kept[:count]]
            asked *= 4

    def _clauses(self, question: str) -> list[tuple[Occur, Query]]:
        """Return a clause for each word and each pair of a question, once."""
        return [
            (Occur.Should, Query.term_query(self._schema, field, term, "freq"))
            for field, cut in FIELDS.items()
            for term in list(dict.fromkeys(cut(self.tokens, question)))[:TERM_LIMIT]
        ]

    def numbers(self) -> list[int]:
        """Return the number of every passage, ascending."""
        if not len(self):
            return []
        found = self._searcher.search(Query.all_query(), len(self), count=False).hits
        return sorted(int(self._searcher.doc(at)["number"][0]) for _, at in found)

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs)


def create(folder: Path) -> None:
    """Make an index of nothing in an empty folder."""
    tantivy.Index(schema(), path=str(folder))


def removed_in(folder: Path) -> int:
    """Return how many passages of an index are only marked as removed.

    :raises ValueError, KeyError, TypeError: When Tantivy's list of segments cannot be read.
    """
    segments = json.loads((folder / "meta.json").read_bytes())["segments"]
    return sum(each["deletes"]["num_deleted_docs"] for each in segments if each["deletes"])


def link(old: Path, new: Path) -> None:
    """Make ``new`` the same index as ``old`` without copying: segments never change once written."""
    for file in sorted(old.iterdir()):
        if not file.name.endswith(".lock"):
            link_file(file, new / file.name)


def change(folder: Path, *, remove: Sequence[int], add: Sequence[tuple[int, str]], tokens: Tokens) -> None:
    """Take passages out and put passages in, in one commit.

    :param add: Number and text of each passage.
    """
    index = tantivy.Index.open(str(folder))
    fields = index.schema
    writer = index.writer(heap_size=WRITER_MEMORY, num_threads=1)
    for number in remove:
        # By query: a term made from a Python int is signed, and would match nothing.
        writer.delete_documents_by_query(Query.term_query(fields, "number", number))
    for number, text in add:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        for field, cut in FIELDS.items():
            document.add_text(field, " ".join(cut(tokens, text)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
