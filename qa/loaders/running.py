"""Running heads and feet: what is printed on most pages of a file and belongs to no article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qa.loaders.boxes import Line

MARGIN = 0.1
"""Share of the height of the print, at its top and at its foot, in which heads and feet stand."""

REPEATED = 0.6
"""Share of the pages on which a line must stand to be a running one."""

FEWEST = 3
"""Pages below which nothing is a running line: the masthead of a single page must stay."""

NUMBER = re.compile(r"[\d一二三四五六七八九十○〇]+")
STATES_FACTS = re.compile(r"\d\s*[年月日版期]|[第星][期一二三四五六七八九十\d]")
"""Heads from which facts of their own page are read: its day, its number."""


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without the running lines that state nothing of their own page.

    Each is kept on the first page that has it, since newspapers print their name there.
    """
    if len(pages) < FEWEST:
        return [list(page) for page in pages]
    marginal = [{folded(line) for line in edges(page)} for page in pages]
    counted = Counter(key for keys in marginal for key in keys)
    repeated = {key for key, count in counted.items() if count >= max(FEWEST, REPEATED * len(pages))}
    seen: set[str] = set()
    kept: list[list[Line]] = []
    for page in pages:
        running = {id(line) for line in edges(page) if folded(line) in repeated}
        kept.append([line for line in page if id(line) not in running or stays(line, seen)])
        seen |= repeated & {folded(line) for line in edges(page)}
    return kept


def stays(line: Line, seen: set[str]) -> bool:
    """Tell whether a running line is kept on its page."""
    return folded(line) not in seen or STATES_FACTS.search(line.text) is not None


def folded(line: Line) -> str:
    """Return what is the same of a running line on every page."""
    return NUMBER.sub("#", "".join(line.text.split()))


def edges(page: Sequence[Line]) -> list[Line]:
    """Return the lines at the top and at the foot of a page."""
    if not page:
        return []
    top = min(line.box.top for line in page)
    foot = max(line.box.bottom for line in page)
    margin = MARGIN * (foot - top)
    return [line for line in page if line.box.bottom <= top + margin or line.box.top >= foot - margin]
