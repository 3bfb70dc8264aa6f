"""Partners: which parts of articles may belong together, by what their pages print of themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from qa.domain.articles import Part


def fits(first: Part, second: Part) -> bool:
    """Tell whether ``second`` may be where ``first`` goes on: same paper, same day, pages that agree.

    A source is one paper of one day where it does not say otherwise; two sources must say it.
    """
    together = first.source == second.source
    if not (first.jump_to and second.jump_from):
        return False
    named = together or bool(first.newspaper or second.newspaper)
    dated = together or bool(first.published and second.published)
    return (
        named
        and dated
        and agree(first.newspaper, second.newspaper)
        and agree(first.published, second.published)
        and pages_fit(first, second, together=together)
    )


def pages_fit(first: Part, second: Part, *, together: bool) -> bool:
    """Tell whether the pages are those that the jumps name, as far as they are printed."""
    on, to = number(first.page), number(first.jump_to)
    at, back = number(second.page), number(second.jump_from)
    if to == back or (together and on is None and at is None):
        return False  # no article jumps to its own page
    return agree(on, back) and agree(to, at)


def is_sure_paper(first: Part, second: Part) -> bool:
    """Tell whether both parts are known to be of one paper, and not only of one day."""
    return first.source == second.source or bool(first.newspaper and second.newspaper)


def agree(one: object, other: object) -> bool:
    """Tell whether two facts are the same, where both are known."""
    return one is None or other is None or one == other


def number(page: str | None) -> str | None:
    """Return a page as it is compared: 04 is 4, a1 is A1."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", page).upper() if page else None


def fitting(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Yield the positions of every first part with every second part that fits it."""
    seconds = [(at, part) for at, part in enumerate(parts) if part.jump_from]
    by_page: dict[str | None, list[int]] = {}
    for at, part in seconds:
        by_page.setdefault(number(part.page), []).append(at)
    for at, part in enumerate(parts):
        if part.jump_to:
            near = [*by_page.get(number(part.jump_to), ()), *by_page.get(None, ())]
            yield from ((at, other) for other in near if fits(part, parts[other]))


def linked(parts: Iterable[Part], *, sources: Collection[str]) -> set[str]:
    """Return ``sources`` with all that may share an article with them, directly or over others."""
    distinct = list(dict.fromkeys(parts))
    beside: dict[str, set[str]] = {}
    for first, second in fitting(distinct):
        one, other = distinct[first].source, distinct[second].source
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    found, waiting = set(sources), list(sources)
    while waiting:
        more = beside.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found
