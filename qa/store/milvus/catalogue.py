"""The rows of one version in Milvus, each held to its digest before anything of it is given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qa.domain.articles import Article, Part
from qa.domain.passages import Passage
from qa.domain.sources import Source, SourceSummary, token
from qa.store.catalogue import no_source
from qa.store.milvus.connection import Level, Milvus, Row, among
from qa.store.milvus.rows import (
    ChosenBy,
    owner_of,
    passage_values,
    source_values,
)
from qa.store.milvus.schema import DENSE, VERSIONED, Place
from qa.store.row_json import Values, values_from
from qa.store.rows import (
    article_from_row,
    hold_source,
    part_from_row,
    passage_from_row,
    source_from_row,
    summary_from_row,
)

PASSAGE = ("number", "article", "day", "paper", "sources", "row", "more", DENSE)
ARTICLE = ("key", "id", "source", "position", "printed", "row", "more")
SOURCE = ("key", "id", "row", "more", "texts")
SOME_TEXTS = 50
"""Sources whose texts are read at once."""


class MilvusCatalogue:
    """Reads what is in force at one generation."""

    def __init__(self, milvus: Milvus, place: Place, *, generation: int, level: Callable[[], Level]) -> None:
        """Read at ``place``.

        :param level: Returns how fresh the next read must be.
        """
        self._milvus, self.place, self.generation, self.level = milvus, place, generation, level

    def where(self, clause: str = "") -> str:
        """Return the expression that a row is in force, and whatever else is asked of it."""
        in_force = f"begins <= {self.generation} and ends > {self.generation}"
        return f"{in_force} and {clause}" if clause else in_force

    def count(self, table: str, clause: str = "") -> int:
        """Return how many rows of a table pass."""
        return self._milvus.count(self.place[table], self.where(clause), level=self.level())

    def exists(self, table: str, clause: str = "") -> bool:
        """Tell whether any row of a table passes."""
        key = "number" if table == "passages" else "key"
        found = self._milvus.rows(self.place[table], self.where(clause), (key,), level=self.level(), limit=1)
        return bool(found)

    def every(self, table: str, fields: Sequence[str], clause: str = "") -> Iterator[Row]:
        """Yield all rows of a table that pass, by their primary key."""
        return self._milvus.every(self.place[table], self.where(clause), fields, level=self.level())

    def of(self, table: str, key: str, keys: Sequence[str | int], fields: Sequence[str]) -> list[Row]:
        """Return the rows of a table of which a field is one of some, in any order."""
        return self._milvus.keyed(
            self.place[table], key, keys, fields, level=self.level(), where=self.where()
        )

    # --- sources

    def names(self, ids: Sequence[str] | None = None) -> dict[str, str]:
        """Return the names of sources by their ids, or of all of them; one that is not there is missing.

        :raises ValueError, TypeError: When a row is not what was written.
        """
        rows = self.every("sources", SOURCE) if ids is None else self.of("sources", "id", ids, SOURCE)
        return {values[0]: values[1] for _, values in self._told(rows)}

    def digests(self) -> dict[str, str]:
        """Return each source's digest by its name."""
        return {values[1]: values[2] for _, values in self._told(self.every("sources", SOURCE))}

    def _told(self, rows: Iterator[Row] | Sequence[Row]) -> Iterator[tuple[Row, Values]]:
        """Yield rows of sources with what they tell, held to its digest; the text is not read."""
        for row in rows:
            values = values_from(self.whole("sources", [row])[0])
            hold_source(tuple(values[:4]), values[-1])
            yield row, values

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source.

        Where the id of one is the name of another, the id: whoever names a file must not take an id's place.

        :raises NotFound: When there is none of that id or name.
        """
        by_name = token("source", id_or_name)
        # Only what may be an id is looked up as one.
        asked = [id_or_name, by_name] if len(id_or_name) == len(by_name) and is_hex(id_or_name) else [by_name]
        names = self.names(asked)
        for id in asked:
            if id in names:
                return names[id]
        raise no_source(id_or_name)

    def sources(self, names: Sequence[str]) -> Iterator[Source]:
        """Yield sources that are what was put in, in the order of their names as they are given.

        :raises ValueError: When one is not what was put in.
        """
        for start in range(0, len(names), SOME_TEXTS):
            some = names[start : start + SOME_TEXTS]
            ids = [token("source", name) for name in some]
            found = self.sources_by_id(ids)
            yield from (found[id] for id in ids if id in found)

    def sources_by_id(self, ids: Sequence[str]) -> dict[str, Source]:
        """Return sources by their ids; one that is not there is missing."""
        return {values[0]: source_from_row(values) for values in self.source_rows(ids)}

    def source_rows(self, ids: Sequence[str]) -> Iterator[Values]:
        """Yield the rows of sources with their texts, held to no digest, in any order."""
        rows = self.of("sources", "id", ids, SOURCE)
        told = self.whole("sources", rows)
        texts = self._pieces([row["key"] for row in rows], kind="text")
        for row, text in zip(rows, told, strict=True):
            yield source_values(text, "".join(texts[row["key"]]))

    def summaries(self, ids: Sequence[str] | None = None) -> list[SourceSummary]:
        """Return sources without their texts, by name; an article counts wherever any of it is printed."""
        rows = self.every("sources", SOURCE) if ids is None else self.of("sources", "id", ids, SOURCE)
        articles: Counter[str] = Counter()
        passages: Counter[str] = Counter()
        clauses = [""] if ids is None else [contains_any(ids)]
        for clause in clauses if ids is None or ids else ():
            for row in self.every("articles", ("printed",), clause):
                printed: dict[str, int] = json.loads(row["printed"])
                articles.update(printed.keys())
                passages.update(printed)
        made = [
            summary_from_row((*values[:4], values[-1], articles[values[0]], passages[values[0]]))
            for _, values in self._told(rows)
        ]
        return sorted(made, key=lambda each: each.name)

    # --- articles and passages

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return articles by their ids; one that is not there is missing."""
        rows = self.of("articles", "id", [id for id in ids if is_hex(id)], ARTICLE)
        return {article.id: article for article in map(article_from_row, self.article_rows(rows))}

    def articles_of(self, source_id: str) -> list[Article]:
        """Return the articles that begin in a source, in page order."""
        rows = self.of("articles", "source", [source_id], ARTICLE)
        rows.sort(key=lambda row: row["position"])
        return [article_from_row(values) for values in self.article_rows(rows)]

    def article_rows(self, rows: Sequence[Row]) -> list[Values]:
        """Return the columns of articles, held to no digest."""
        return [values_from(text) for text in self.whole("articles", rows)]

    def passages(self, numbers: Sequence[int]) -> dict[int, tuple[Passage, ChosenBy]]:
        """Return passages by number, with what each is chosen by; one that is not there is missing."""
        rows = self.of("passages", "number", numbers, PASSAGE)
        texts = self.whole("passages", rows)
        return {
            row["number"]: (
                passage_from_row(passage_values(text, row[DENSE])),
                ChosenBy.of(row, article=row["article"]),
            )
            for row, text in zip(rows, texts, strict=True)
        }

    def parts(self, *, days: Sequence[int], sources: Sequence[str]) -> list[Part]:
        """Return the parts of papers of some days, or of some sources by id, each once."""
        fields = ("key", "source", "row", "more")
        found = {row["key"]: row for row in self.of("parts", "day", days, fields)}
        found |= {row["key"]: row for row in self.of("parts", "source", sources, fields)}
        rows = [found[key] for key in sorted(found)]
        names = self.names(sorted({row["source"] for row in rows}))
        texts = self.whole("parts", rows)
        return [
            part_from_row((names[row["source"]], *values_from(text)))
            for row, text in zip(rows, texts, strict=True)
        ]

    # --- pieces

    def whole(self, table: str, rows: Sequence[Row]) -> list[str]:
        """Return what rows hold, with the pieces that lie beside."""
        owners = [owner_of(table, row) for row in rows if row["more"]]
        pieces = self._pieces(owners, kind="row") if owners else {}
        return [row["row"] + "".join(pieces.get(owner_of(table, row), ())) for row in rows]

    def _pieces(self, owners: Sequence[str], *, kind: str) -> Mapping[str, list[str]]:
        """Return the pieces of rows in their order, by what they are of."""
        found: dict[str, list[tuple[str, str]]] = {owner: [] for owner in owners}
        rows = self._milvus.keyed(
            self.place["pieces"], "owner", owners, ("key", "owner", "row"), level=self.level()
        )
        for row in rows:
            if row["key"].startswith(f"{row['owner']}/{kind}"):
                found[row["owner"]].append((row["key"], row["row"]))
        return {owner: [text for _, text in sorted(pieces)] for owner, pieces in found.items()}


def contains_any(ids: Sequence[str]) -> str:
    """Return the expression that an article or a passage is printed in one of some sources."""
    listed = among("sources", ids).removeprefix("sources in ")
    return f"ARRAY_CONTAINS_ANY(sources, {listed})"


def is_hex(id: str) -> bool:
    """Tell whether something may be an id of ours."""
    return bool(id) and all(character in "0123456789abcdef" for character in id)


def all_rows(milvus: Milvus, place: Place, table: str, where: str, fields: Sequence[str]) -> Iterator[Any]:
    """Yield rows of a table whatever version they are of, as fresh as can be."""
    assert table in VERSIONED or table == "pieces"
    return milvus.every(place[table], where, fields, level=Level.STRONG)
