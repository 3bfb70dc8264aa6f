"""All that one version in Milvus holds, source by source: what is exported, and what is looked through."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.domain.sources import token
from qa.store.milvus.catalogue import ARTICLE, MilvusCatalogue
from qa.store.milvus.connection import Row
from qa.store.milvus.rows import passage_values
from qa.store.milvus.schema import DENSE
from qa.store.row_json import Values, values_from
from qa.store.source_rows import SourceRows

SOME = 100
"""Sources whose rows are in memory at once."""


def contents(catalogue: MilvusCatalogue) -> Iterator[SourceRows]:
    """Yield the rows of every source with all that was made from it, by name; held to no digest.

    :raises ValueError, TypeError, KeyError: When a row cannot be read.
    """
    names = sorted(catalogue.names().values())
    for start in range(0, len(names), SOME):
        yield from rows_of_some(catalogue, [token("source", name) for name in names[start : start + SOME]])


def rows_of_some(catalogue: MilvusCatalogue, ids: Sequence[str]) -> Iterator[SourceRows]:
    """Yield the rows of some sources, in the order of their ids as they are given."""
    sources = {values[0]: values for values in catalogue.source_rows(ids)}
    found = catalogue.of("articles", "source", ids, ARTICLE)
    found.sort(key=lambda row: (row["source"], row["position"]))
    articles = grouped("source", found, catalogue.article_rows(found))
    printed: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for row in found:
        printed[row["source"]][row["id"]] = json.loads(row["printed"])
    home = {row["id"]: row["source"] for row in found}
    passages = passages_of(catalogue, home)
    parts = parts_of(catalogue, ids)
    for id in ids:
        yield SourceRows(
            source=sources[id],
            parts=parts[id],
            articles=articles[id],
            passages=passages[id],
            printed=printed[id],
        )


def passages_of(catalogue: MilvusCatalogue, home: dict[str, str]) -> dict[str, list[Values]]:
    """Return the passages of some articles by the source that each article begins in, by number.

    :param home: That source, by the id of the article.
    """
    fields = ("number", "article", "row", "more", DENSE)
    rows = catalogue.of("passages", "article", sorted(home), fields)
    rows.sort(key=lambda row: row["number"])
    texts = catalogue.whole("passages", rows)
    made: dict[str, list[Values]] = defaultdict(list)
    for row, text in zip(rows, texts, strict=True):
        made[home[row["article"]]].append(passage_values(text, row[DENSE]))
    return made


def parts_of(catalogue: MilvusCatalogue, ids: Sequence[str]) -> dict[str, list[Values]]:
    """Return the parts of some sources by source, in the order they were put in."""
    rows = catalogue.of("parts", "source", ids, ("key", "source", "row", "more"))
    rows.sort(key=lambda row: int(row["key"].rpartition(".")[2]))
    return grouped("source", rows, [values_from(text) for text in catalogue.whole("parts", rows)])


def grouped(by: str, rows: Sequence[Row], values: Sequence[Values]) -> dict[str, list[Values]]:
    """Return the columns of rows by one of their fields, in order."""
    made: dict[str, list[Values]] = defaultdict(list)
    for row, each in zip(rows, values, strict=True):
        made[row[by]].append(each)
    return made
