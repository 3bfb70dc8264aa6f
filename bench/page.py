"""Tables that scripts write into a page of the documentation, between marks, and the figures they are of."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MEASURED = Path("docs/measured")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def put(page: Path, *, mark: str, content: str) -> None:
    """Put a text between ``<!-- mark -->`` and ``<!-- end of mark -->`` of a page.

    :raises ValueError: When the page does not have the two marks.
    """
    between = re.compile(
        rf"(?<=<!-- {re.escape(mark)} -->\n).*(?=<!-- end of {re.escape(mark)} -->)", re.DOTALL
    )
    text, count = between.subn(lambda _: f"\n{content}\n", page.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{page} has no marks of {mark}")
    page.write_text(text, encoding="utf-8")


def keep(name: str, figures: Any) -> None:  # noqa: ANN401 - whatever JSON has
    """Keep what was measured beside the documentation, for whoever works on with it."""
    MEASURED.mkdir(exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (MEASURED / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def kept(name: str) -> Any:  # noqa: ANN401
    """Return what was measured.

    :raises FileNotFoundError: When it was not.
    """
    return json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))
