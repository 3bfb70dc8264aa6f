"""Of which place an office is that stands without one: 市委书记 in the paper of a city is that city's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.ranking.office import HOLDER, OFFICES

LEVELS = "省市县"
"""Of which there are papers; 开发区 and 示范区 would be taken for places."""

COMMON = "全城我本各该都上超股门集夜外两"
"""Characters before them that make no name of a place: 全市, 城市, 外省."""
ASKED = re.compile(
    rf"(?P<place>(?!今年|去年|目前|现在|现任|时任|前任|新任|当时|我们|他们|这个|那个|哪个|[^{HAN}])[{HAN}]{{2}})"
    rf"(?P<level>[{LEVELS}])(?P=level)?(?=长|[{HAN}]{{0,10}}(?:{OFFICES}))"
)
ALONE = re.compile(rf"(?:^|[^{HAN}])(?P<level>[{LEVELS}])(?:[{HAN}]{{0,10}}?(?:{OFFICES})|长)[\s：:]*$")
"""Before a name: an office at the beginning of a clause, without what it is the office of."""

BEFORE = 16
"""Characters before a name within which its office stands."""

LEAST = 3
"""Times that a page names the place whose paper it is."""

CLEARLY = 2
"""How many times as often as any other."""

LONGEST = 20_000
"""Characters of a source that are looked at: a page of a newspaper."""


class Local(NamedTuple):
    """A place: the last two characters of its name, and what it is (``晋中``, ``市``)."""

    place: str
    level: str


def asked_local(question: str) -> Local | None:
    """Return whose office a question asks the holder of; None where it asks for none, or names no place."""
    named = [*ASKED.finditer(question)] if HOLDER.search(question) else []
    return Local(named[-1]["place"], named[-1]["level"]) if named else None


def is_elsewhere(
    asked: Local, passage: str, span: Span, *, article: str, home: Callable[[str], str | None]
) -> bool:
    """Tell whether a span is named with an office that is of another place than the one asked for.

    That is so only of an office without a place, in an article that never names the one asked for.

    :param article: All that was found of the article.
    :param home: Returns of which place of a level (``市``) the page is; None where it does not tell.
    """
    alone = ALONE.search(passage, max(0, span.start - BEFORE), span.start)
    if not alone or alone["level"] != asked.level or asked.place in article:
        return False
    return home(asked.level) not in (None, asked.place)


def home_of(page: str, level: str) -> str | None:
    """Return the place of a level that a page names most, by far; None where none stands out.

    Badly extracted pages have lost their masthead more often than not.

    :param level: One of ``LEVELS``.
    """
    text = "".join(page[:LONGEST].split())
    named = Counter(re.findall(rf"[{HAN}](?![{COMMON}])[{HAN}](?={level})", text))
    first, second = (*named.most_common(2), ("", 0), ("", 0))[:2]
    clear = first[1] >= max(LEAST, CLEARLY * second[1])
    return first[0] if clear else None
