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

NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
MOST_NUMBERS = 4
"""Numbers in a line that may count its pages; one that has more is a row of a table."""

STATES_FACTS = re.compile(r"\d\s*[年月日版期]|[第星][期一二三四五六七八九十\d]")
"""Heads from which facts of their own page are read: its day, its number."""


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without the running lines that state nothing of their own page.

    Each is kept on the first page that has it, since newspapers print their name there.
    """
    if len(pages) < FEWEST:
        return [list(page) for page in pages]
    said = [{id(line): sayings(line, at) for line in marginal(page)} for at, page in enumerate(pages)]
    counted = Counter(saying for page in said for saying in set().union(*page.values()))
    repeated = {saying for saying, count in counted.items() if count >= max(FEWEST, REPEATED * len(pages))}
    seen: set[str] = set()
    kept: list[list[Line]] = []
    for page, of_page in zip(pages, said, strict=True):
        running = {which: found for which, each in of_page.items() if (found := each & repeated)}
        kept.append([line for line in page if stays(line, running.get(id(line), set()), seen=seen)])
        seen.update(*running.values())
    return kept


def stays(line: Line, running: set[str], *, seen: set[str]) -> bool:
    """Tell whether a line is kept on its page.

    :param running: What it says that most pages say there.
    """
    return running.isdisjoint(seen) or STATES_FACTS.search(line.text) is not None


def sayings(line: Line, at: int) -> set[str]:
    """Return what a line says, and what is the same of it on every page if one of its numbers counts them.

    :param at: Its page, counted from 0.
    """
    text = "".join(line.text.split())
    numbers = list(NUMBER.finditer(text))
    if len(numbers) > MOST_NUMBERS:
        return {text}
    counting = (f"{text[: each.start()]}#{int(each[0]) - at}{text[each.end() :]}" for each in numbers)
    return {text, *counting}


def marginal(page: Sequence[Line]) -> list[Line]:
    """Return the lines at the top and at the foot of a page; what stands there twice is cells of a table."""
    found: list[Line] = []
    for edge in edges(page):
        times = Counter(line.text for line in edge)
        found += [line for line in edge if times[line.text] == 1]
    return found


def edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines at the top of a page, and those at its foot."""
    top = min((line.box.top for line in page), default=0.0)
    foot = max((line.box.bottom for line in page), default=0.0)
    margin = MARGIN * (foot - top)
    return (
        [line for line in page if line.box.bottom <= top + margin],
        [line for line in page if line.box.top >= foot - margin],
    )
