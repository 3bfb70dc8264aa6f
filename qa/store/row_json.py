"""Rows of the catalogue outside of it: their columns as JSON, a long one beside it where need be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Values = Sequence[Any]
"""A row of the catalogue, in the order of its columns; the last one is its digest."""

TEXT = 4
"""Which column of a source is its text."""

SEARCHED, VECTOR = 5, 6
"""Which columns of a passage are the text that is searched, and its vector."""


def as_json(values: Values) -> str:
    """Return columns as JSON; bytes as hexadecimal digits."""
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    text = json.dumps(plain, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a character, which a name that is no text may hold.
        return json.dumps(plain)
    return text


def values_from(text: str) -> Values:
    """Return the columns of a row, whose last is its digest.

    :raises ValueError, TypeError: When it is not what was written.
    """
    *values, digest = json.loads(text)
    return (*values, bytes.fromhex(digest))


def without(column: int, values: Values) -> Values:
    """Return a row but for one of its columns."""
    return (*values[:column], *values[column + 1 :])


def put_back(column: int, value: object, values: Values) -> Values:
    """Return a row with the column that ``without`` took out."""
    return (*values[:column], value, *values[column:])
