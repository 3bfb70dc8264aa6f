"""What a writer does to the rows in Milvus: those that come begin with a version, those that go end with it.

Until the version is published no reader sees any of it, and whatever was left by a writer that was
killed is taken back by the next one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qa.domain.ports import IndexedSource
from qa.domain.sources import token
from qa.store.manifest import Counts
from qa.store.milvus.catalogue import MilvusCatalogue, contains_any
from qa.store.milvus.connection import Level, Milvus, Row, among
from qa.store.milvus.rows import (
    ChosenBy,
    Stored,
    article_stored,
    day_number,
    owner_of,
    paper_token,
    part_stored,
    passage_stored,
    source_stored,
)
from qa.store.milvus.schema import DENSE, FIELDS, FOREVER, NONE, SPARSE, VERSIONED, Place
from qa.store.milvus.words import WordTable, counted, weights_of
from qa.store.row_json import Values
from qa.store.rows import facts_from_json
from qa.store.source_rows import SourceRows, rows_of
from qa.store.tokens import Tokens

SOME = 200
"""Sources that are taken out at once."""


class MilvusChanges:
    """Changes of one version to come, over what is in force before it."""

    def __init__(
        self,
        milvus: Milvus,
        before: MilvusCatalogue,
        *,
        generation: int,
        tokens: Tokens,
        lengths: Mapping[str, float],
    ) -> None:
        """Change what ``before`` reads.

        :param generation: The version to come.
        """
        self._milvus, self._before, self._generation = milvus, before, generation
        self._tokens, self._lengths = tokens, lengths
        self._place = before.place
        self._ended: set[tuple[str, str | int]] = set()
        self.terms: Counter[int] = Counter()
        self.rows: Counter[str] = Counter()
        self.bytes = 0
        """By how much terms, rows and bytes are more than before, or less."""

    def counts(self, before: Counts) -> Counts:
        """Return how many rows there are then."""
        return Counts(
            sources=before.sources + self.rows["sources"],
            articles=before.articles + self.rows["articles"],
            passages=before.passages + self.rows["passages"],
        )

    def count_terms(self, *, published: int) -> None:
        """Count the terms of the passages that come and go."""
        table = WordTable(self._milvus, self._place["words"])
        table.change(self.terms, published=published, generation=self._generation)

    # --- what goes

    def remove(self, names: Sequence[str], *, for_good: bool) -> None:
        """End sources, with all that was made from them.

        :param for_good: Whether they do not come back with this version: then articles that
            begin elsewhere and are printed there as well go with them.
        """
        for start in range(0, len(names), SOME):
            ids = [token("source", name) for name in names[start : start + SOME]]
            articles = self._rows("articles", among("source", ids))
            if for_good:
                articles += self._rows("articles", contains_any(ids))
            going = sorted({row["id"] for row in articles})
            for at in range(0, len(going), SOME):
                passages = self._rows("passages", among("article", going[at : at + SOME]))
                self.terms.subtract(counted([row[SPARSE] for row in passages]))
                self._end("passages", passages)
            self._end("articles", articles)
            self._end("parts", self._rows("parts", among("source", ids)))
            self._end("sources", self._rows("sources", among("id", ids)))

    def _rows(self, table: str, clause: str) -> list[Row]:
        return list(self._before.every(table, whole_fields(table), clause))

    def _end(self, table: str, rows: Iterable[Row]) -> None:
        key = next(iter(FIELDS[table]))
        fresh = {row[key]: row for row in rows if (table, row[key]) not in self._ended}
        self._ended.update((table, each) for each in fresh)
        self._milvus.upsert(self._place[table], [{**row, "ends": self._generation} for row in fresh.values()])
        self.rows[table] -= len(fresh)
        self.bytes -= sum(size_of(row) for row in fresh.values())

    # --- what comes

    def add(self, indexed: Sequence[IndexedSource], *, after: int) -> int:
        """Put sources in, with all that was made from them; return the highest number of a passage.

        :param after: The highest number that was used before.
        """
        rows: list[SourceRows] = []
        for each in indexed:
            rows.append(rows_of(each, after=after))
            after += len(each.passages)
        self.put(rows)
        return after

    def put(self, sources: Sequence[SourceRows]) -> None:
        """Put the rows of sources in."""
        stored: dict[str, list[Stored]] = {table: [] for table in VERSIONED}
        for each in sources:
            stored["sources"].append(source_stored(each.source, begins=self._generation))
            stored["parts"] += [
                part_stored(values, position=at, begins=self._generation)
                for at, values in enumerate(each.parts)
            ]
            chosen = {values[0]: chosen_by(values) for values in each.articles}
            stored["articles"] += [
                article_stored(values, printed=each.printed[values[0]], begins=self._generation)
                for values in each.articles
            ]
            stored["passages"] += [self._passage(values, chosen[values[2]]) for values in each.passages]
        # The pieces first: nothing that can be read lacks any.
        self._milvus.insert(
            self._place["pieces"],
            [piece for made in stored.values() for each in made for piece in each.pieces],
        )
        for table, made in stored.items():
            self._milvus.insert(self._place[table], [each.row for each in made])
            self.rows[table] += len(made)
            self.bytes += sum(size_of(each.row) for each in made)

    def _passage(self, values: Values, chosen: ChosenBy) -> Stored:
        weights = weights_of(values[5], tokens=self._tokens, lengths=self._lengths)
        self.terms.update(counted([weights]))
        return passage_stored(values, chosen=chosen, weights=weights, begins=self._generation)


def chosen_by(article: Values) -> ChosenBy:
    """Return what an article is chosen by, but for its sources."""
    facts = facts_from_json(article[4])
    return ChosenBy(day=day_number(facts.date), paper=paper_token(facts.newspaper), sources=frozenset())


def whole_fields(table: str) -> list[str]:
    """Return all fields of a table, so that a row can be written again as it is."""
    return [*FIELDS[table], *((DENSE, SPARSE) if table == "passages" else (NONE,))]


def size_of(row: Row) -> int:
    """Return about how many bytes a row takes: of a source its text as well, told by the characters of it."""
    size = len(row["row"].encode()) + 4 * len(row.get(DENSE, ())) + 12 * len(row.get(SPARSE, ()))
    if "texts" in row and not row["more"]:
        # Three bytes a character, as Chinese takes.
        size += 3 * int(json.loads(row["row"])[3])
    return size


def take_back(milvus: Milvus, place: Place, *, published: int) -> None:
    """Undo what a writer left that did not come to publish.

    :param published: The version that is in force.
    """
    for table in VERSIONED:
        milvus.delete(place[table], f"begins > {published}")
        ended = f"ends > {published} and ends < {FOREVER}"
        rows = list(milvus.every(place[table], ended, whole_fields(table), level=Level.STRONG))
        milvus.upsert(place[table], [{**row, "ends": FOREVER} for row in rows])
    milvus.delete(place["pieces"], f"begins > {published}")
    WordTable(milvus, place["words"]).take_back(published=published)


def purge(milvus: Milvus, place: Place, *, before: int) -> None:
    """Take out the rows that no version can be read with any more.

    :param before: The oldest version that may still be read.
    """
    for table in VERSIONED:
        ended = f"ends <= {before}"
        key = next(iter(FIELDS[table]))
        fields = [key, "more", *(("texts",) if table == "sources" else ())]
        rows = list(milvus.every(place[table], ended, fields, level=Level.STRONG))
        owners = [owner_of(table, row) for row in rows if row["more"] or row.get("texts")]
        if rows:
            milvus.delete(place[table], ended)
        # After their rows: what is left by a kill in between nobody finds, and it takes little room.
        for start in range(0, len(owners), SOME):
            milvus.delete(place["pieces"], among("owner", owners[start : start + SOME]))
