"""The collections that hold an index in Milvus, and how they are made.

Every row of a collection is of the versions from ``begins`` on and before ``ends``; what is in force ends
at ``FOREVER``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.store.milvus.connection import Milvus

FOREVER = 2**62
DENSE, SPARSE, NONE = "dense", "sparse", "none"
NO_VECTOR = [0.0, 0.0]
"""Every collection must have a vector; this one is in those that are never searched by one."""

KEY_LENGTH, ROW_LENGTH = 200, 65_535
"""Bytes; the second is the most that Milvus allows."""

IN_SOURCES = 4_096
"""Sources that an article may be printed in."""

LINKS, BREADTH = 16, 200
"""Of the graph (HNSW): neighbours of a vector, and how many are looked at when one is put in."""

PUBLISHED = "published"
TABLES = ("passages", "articles", "sources", "parts", "pieces", "words")
VERSIONED = ("passages", "articles", "sources", "parts")
"""Those whose rows end; pieces go with what they are of, words have two values each."""

INT, TEXT, TOKENS = "INT64", "VARCHAR", "ARRAY"
SPAN: dict[str, str | int] = {"begins": INT, "ends": INT}
CHOSEN_BY: dict[str, str | int] = {"day": INT, "paper": TEXT, "sources": TOKENS}
HELD_AS: dict[str, str | int] = {"row": ROW_LENGTH, "more": INT}

FIELDS: Mapping[str, Mapping[str, str | int]] = {
    "passages": {"number": INT, **SPAN, "article": TEXT, **CHOSEN_BY, **HELD_AS},
    "articles": {
        "key": TEXT,
        **SPAN,
        "id": TEXT,
        "source": TEXT,
        "position": INT,
        **CHOSEN_BY,
        "newspaper": ROW_LENGTH,
        "printed": ROW_LENGTH,
        **HELD_AS,
    },
    "sources": {"key": TEXT, **SPAN, "id": TEXT, **HELD_AS, "texts": INT},
    "parts": {"key": TEXT, **SPAN, "source": TEXT, "day": INT, **HELD_AS},
    "pieces": {"key": TEXT, "begins": INT, "owner": TEXT, "row": ROW_LENGTH},
    "words": {"term": INT, "since": INT, "before": INT, "now": INT},
    PUBLISHED: {"key": TEXT, "row": ROW_LENGTH},
}
"""The scalar fields of each collection, the primary key first; a number is a text of so many bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the rows of an index lie: one set of collections of a store.

    :param shelf: Goes up with every rebuild, whose rows come into collections of their own.
    """

    prefix: str
    shelf: int

    def __getitem__(self, table: str) -> str:
        """Return the name of a collection."""
        return f"{self.prefix}_{table}_{self.shelf}"


def published_in(prefix: str) -> str:
    """Return the name of the collection that says what is published, and who is writing."""
    return f"{prefix}_{PUBLISHED}"


def make_collections(milvus: Milvus, place: Place, *, dimension: int, sparse: bool = True) -> None:
    """Make those collections of an index that are not there yet; see ``making``."""
    there = set(milvus.collections())
    for table in TABLES:
        if place[table] not in there:
            milvus.create(place[table], making(table, dimension=dimension, sparse=sparse))


def make_published(milvus: Milvus, prefix: str) -> None:
    """Make the collection that says what is published, where it is not there yet."""
    if published_in(prefix) not in milvus.collections():
        milvus.create(published_in(prefix), making(PUBLISHED, dimension=0))


def drop_collections(milvus: Milvus, place: Place) -> None:
    """Take the collections of a shelf out."""
    there = set(milvus.collections())
    for table in TABLES:
        if place[table] in there:
            milvus.drop(place[table])


def making(table: str, *, dimension: int, sparse: bool = True) -> Callable[[Any], tuple[Any, Any]]:
    """Return what makes schema and indexes of a collection, by the client.

    :param dimension: Of the vectors of passages.
    :param sparse: Whether passages have a sparse vector, without which no words are searched.
    """

    def make(client: Any) -> tuple[Any, Any]:  # noqa: ANN401 - pymilvus has no types
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = client.prepare_index_params()
        for at, (name, kind) in enumerate(FIELDS[table].items()):
            add_scalar(schema, name, kind, primary=at == 0)
        if table == "passages":
            schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=dimension)
            graph = {"M": LINKS, "efConstruction": BREADTH}
            indexes.add_index(DENSE, index_type="HNSW", metric_type="IP", params=graph)
            if sparse:
                schema.add_field(SPARSE, DataType.SPARSE_FLOAT_VECTOR)
                indexes.add_index(SPARSE, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        else:
            schema.add_field(NONE, DataType.FLOAT_VECTOR, dim=len(NO_VECTOR))
            indexes.add_index(NONE, index_type="FLAT", metric_type="L2")
        return schema, indexes

    return make


def add_scalar(schema: Any, name: str, kind: str | int, *, primary: bool) -> None:  # noqa: ANN401
    """Add a scalar field to a schema."""
    from pymilvus import DataType

    if kind == TOKENS:
        bounds = {"max_capacity": IN_SOURCES, "max_length": KEY_LENGTH}
        schema.add_field(name, DataType.ARRAY, element_type=DataType.VARCHAR, **bounds)
    elif kind == INT:
        schema.add_field(name, DataType.INT64, is_primary=primary)
    else:
        length = kind if isinstance(kind, int) else KEY_LENGTH
        schema.add_field(name, DataType.VARCHAR, max_length=length, is_primary=primary)
