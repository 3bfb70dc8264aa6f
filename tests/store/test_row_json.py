"""Rows as JSON come back as they were."""

from __future__ import annotations

import pytest

from qa.store.row_json import as_json, put_back, values_from, without


@pytest.mark.parametrize("text", ["晋中", "", "\ud83d", "a\x00\u2028b", "\U0001f9e7"])
def test_columns_come_back_with_the_digest_behind_them(text: str) -> None:
    values = (7, text, None, 1.5, b"\x00\xff")

    assert values_from(as_json(values)) == values


@pytest.mark.parametrize("column", [0, 2, 3])
def test_a_column_is_taken_out_and_put_back(column: int) -> None:
    values = ("一", 2, b"3", None)

    apart = without(column, values)

    assert len(apart) == 3
    assert put_back(column, values[column], apart) == values


@pytest.mark.parametrize("written", ["", "{}", "[]", "[1]", '["晋中"]', "[null]"])
def test_what_is_no_row_is_refused(written: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        values_from(written)
