"""Tables are written between the marks of a page, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.page import put, table


def test_what_stood_between_the_marks_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a -->\nold\n<!-- end of a -->\nafter\n", encoding="utf-8")

    put(page, mark="a", content=table(["x", "y"], [["1", r"\d"]]))

    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- a -->\n\n| x | y |\n| --- | --- |\n| 1 | \\d |\n\n<!-- end of a -->\nafter\n"
    )


def test_a_page_without_the_marks_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", encoding="utf-8")

    with pytest.raises(ValueError, match="marks of a"):
        put(page, mark="a", content="x")

    assert page.read_text(encoding="utf-8") == "nothing"
