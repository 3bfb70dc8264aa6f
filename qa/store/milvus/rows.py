"""How the rows of the catalogue lie in Milvus: as JSON, cut in pieces where it is too long for a field.

They are the rows of the embedded index, each with its digest (see ``qa/store/rows.py``); what they are
chosen by stands beside, in fields of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from qa.domain.sources import token
from qa.store.milvus.connection import Row
from qa.store.milvus.schema import DENSE, FOREVER, NO_VECTOR, NONE, SPARSE
from qa.store.row_json import TEXT, VECTOR, Values, as_json, put_back, values_from, without
from qa.store.rows import facts_from_json, sources_in_json, vector_from_bytes

PIECE = 15_000
"""Characters of a piece: of four bytes at most, below what a field of Milvus holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row as it lies in Milvus.

    :param pieces: What of it lies in the collection of pieces.
    """

    row: Row
    pieces: Sequence[Row] = ()

    @property
    def size(self) -> int:
        """Return the bytes of its text and vectors."""
        texts = [self.row["row"], *(piece["row"] for piece in self.pieces)]
        return sum(len(text.encode()) for text in texts) + 4 * len(self.row.get(DENSE, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenBy:
    """What a passage or an article is chosen by.

    :param day: The ordinal of its date; 0 where it has none.
    :param paper: The token of its newspaper; empty where it tells none.
    """

    day: int
    paper: str
    sources: frozenset[str]
    article: str = ""

    def fields(self) -> Row:
        """Return it as it is stored."""
        return {"day": self.day, "paper": self.paper, "sources": sorted(self.sources)}

    @classmethod
    def of(cls, row: Mapping[str, Any], *, article: str) -> ChosenBy:
        """Return what is stored of a passage or an article."""
        return cls(day=row["day"], paper=row["paper"], sources=frozenset(row["sources"]), article=article)


def paper_token(newspaper: str | None) -> str:
    """Return by what the passages of a newspaper are chosen: expressions hold no names."""
    return token("newspaper", newspaper) if newspaper is not None else ""


def day_number(day: date | None) -> int:
    """Return a day as it is stored; 0 for none."""
    return day.toordinal() if day else 0


def day_of(number: int) -> date | None:
    """Return a day that is stored."""
    return date.fromordinal(number) if number else None


def cut(text: str) -> list[str]:
    """Return a text in pieces; one at least."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]


def piece_rows(pieces: Sequence[str], *, owner: str, kind: str, begins: int) -> list[Row]:
    """Return the pieces of a row as they are stored."""
    return [
        {"key": f"{owner}/{kind}{at:06d}", "begins": begins, "owner": owner, "row": piece, NONE: NO_VECTOR}
        for at, piece in enumerate(pieces)
    ]


def kept(values: Values, *, owner: str, begins: int) -> tuple[Row, list[Row]]:
    """Return the fields that hold a row of the catalogue, and the pieces beside."""
    first, *more = cut(as_json(values))
    fields = {"row": first, "more": len(more), "begins": begins, "ends": FOREVER}
    return fields, piece_rows(more, owner=owner, kind="row", begins=begins)


def owner_of(table: str, row: Mapping[str, Any]) -> str:
    """Return by what the pieces of a row are found."""
    return f"passage.{row['number']}" if table == "passages" else str(row["key"])


def passage_stored(values: Values, *, chosen: ChosenBy, weights: Mapping[int, float], begins: int) -> Stored:
    """Return a passage as it lies in Milvus.

    :param chosen: What its article is chosen by; its sources are its own.
    """
    number, _, article_id, _, origin, *_ = values
    fields, pieces = kept(without(VECTOR, values), owner=f"passage.{number}", begins=begins)
    own = ChosenBy(day=chosen.day, paper=chosen.paper, sources=frozenset(sources_in_json(origin)))
    row = {
        "number": number,
        "article": article_id,
        **own.fields(),
        **fields,
        DENSE: vector_from_bytes(values[VECTOR]).tolist(),
        SPARSE: dict(weights),
    }
    return Stored(row=row, pieces=pieces)


def article_stored(values: Values, *, printed: Mapping[str, int], begins: int) -> Stored:
    """Return an article as it lies in Milvus.

    :param printed: How many of its passages lie in each source that it is printed in.
    """
    id, source_id, position, _, facts_json, *_ = values
    facts = facts_from_json(facts_json)
    key = f"{id}.{begins}"
    fields, pieces = kept(values, owner=key, begins=begins)
    chosen = ChosenBy(
        day=day_number(facts.date), paper=paper_token(facts.newspaper), sources=frozenset(printed)
    )
    row = {
        "key": key,
        "id": id,
        "source": source_id,
        "position": position,
        **chosen.fields(),
        "newspaper": as_json([facts.newspaper]) if facts.newspaper is not None else "",
        "printed": json.dumps(dict(printed)),
        **fields,
        NONE: NO_VECTOR,
    }
    return Stored(row=row, pieces=pieces)


def source_stored(values: Values, *, begins: int) -> Stored:
    """Return a source as it lies in Milvus: its text in pieces, all else in its row."""
    id = values[0]
    key = f"{id}.{begins}"
    fields, pieces = kept(without(TEXT, values), owner=key, begins=begins)
    texts = cut(as_json([values[TEXT]]))
    row = {"key": key, "id": id, **fields, "texts": len(texts), NONE: NO_VECTOR}
    return Stored(row=row, pieces=[*pieces, *piece_rows(texts, owner=key, kind="text", begins=begins)])


def part_stored(values: Values, *, position: int, begins: int) -> Stored:
    """Return what a page says of an article that jumps, as it lies in Milvus."""
    source_id, _, published, *_ = values
    key = f"{source_id}.{begins}.{position}"
    fields, pieces = kept(values, owner=key, begins=begins)
    day = day_number(date.fromisoformat(published) if published else None)
    row = {"key": key, "source": source_id, "day": day, **fields, NONE: NO_VECTOR}
    return Stored(row=row, pieces=pieces)


def passage_values(text: str, vector: Sequence[float]) -> Values:
    """Return the columns of a passage from its row and its vector.

    :raises ValueError, TypeError: When it is not what was written.
    """
    stored = np.asarray(vector, dtype=np.float32).astype(np.float16).tobytes()
    return put_back(VECTOR, stored, values_from(text))


def source_values(text: str, content: str) -> Values:
    """Return the columns of a source from its row and its text.

    :raises ValueError, TypeError: When it is not what was written.
    """
    (verbatim,) = json.loads(content)
    return put_back(TEXT, verbatim, values_from(text))


def newspaper_of(row: Mapping[str, Any]) -> str | None:
    """Return the newspaper that an article names."""
    if not row["newspaper"]:
        return None
    (name,) = json.loads(row["newspaper"])
    return str(name)
