"""Facts (要素): what is read out of a gathered article, each with the places it is printed at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.domain.articles import ArticleKind, Facts
from qa.domain.spans import Span, merge_adjacent
from qa.domain.traced import TracedText
from qa.text.blocks import Role
from qa.text.clean import on_one_line
from qa.text.continuation import JUMP_FROM, JUMP_TO
from qa.text.dates import KnownDate, Places
from qa.text.filing import filed_on
from qa.text.furniture import PageFacts
from qa.text.gathered import Gathered
from qa.text.kinds import kind_of
from qa.text.lead import Author, Lead, authors, authors_in, lead_of
from qa.text.mastline import closed
from qa.text.names import is_usual_name, squeezed


def facts_of(
    article: Gathered, *, title: TracedText | None, page: PageFacts, known: Sequence[KnownDate]
) -> Facts:
    """Return what is known of an article.

    :param title: Its headline as it reads; None without one.
    :param page: What the masthead says.
    :param known: The full dates of the page's own time, for a page without a date in its masthead.
    """
    whole = TracedText.joined(block.traced for block in article.body)
    lead = lead_of(article.body)
    kind = kind_of(article, title=title.text if title else None, lead=lead)
    people = authors_of(article, whole=whole, lead=lead, kind=kind)
    filed = filed_on(article, lead=lead, kind=kind, page=page, known=known)
    to, back = jump(whole, JUMP_TO), jump(article.mark.traced, JUMP_FROM) if article.mark else None
    places: dict[str, Places] = dict(page.read_at)
    places |= {
        "title": title.origin if title else (),
        "authors": merge_adjacent(place for each in people for place in each.places),
        "dateline": lead.dateline_at,
        "date": filed.places if filed else (),
        "jump_to": to.places if to else (),
        "jump_from": back.places if back else (),
    }
    return Facts(
        title=on_one_line(title.text) if title else None,
        kind=kind,
        authors=tuple(each.name for each in people),
        dateline=lead.dateline,
        date=filed.day if filed else None,
        published=page.published,
        newspaper=page.newspaper,
        issue=page.issue,
        page=page.page,
        jump_to=to.page if to else None,
        jump_from=back.page if back else None,
        read_at={name: found for name, found in places.items() if found},
    )


def authors_of(article: Gathered, *, whole: TracedText, lead: Lead, kind: ArticleKind) -> tuple[Author, ...]:
    """Return who wrote an article, each once; who took the pictures where nobody else is named.

    Who is named over the text goes before whom its end credits.
    """
    above = [each for each in lead.named if not each.photographed]
    if kind is not ArticleKind.CAPTION and above:
        return once(above)
    bylines = [
        each for block in article.body if block.role is Role.BYLINE for each in authors_in(block.traced)
    ]
    found = [*bylines, *at_end(whole), *lead.named]
    writers = [each for each in found if not each.photographed]
    return once(writers or found or bare_names(article))


def at_end(whole: TracedText) -> list[Author]:
    """Return whom the end of a text credits."""
    ending = closed(whole.text)
    return authors(ending.named, whole, photographed=ending.photographed) if ending else []


def bare_names(article: Gathered) -> list[Author]:
    """Return names that stand below a headline with nothing beside them, as those of commentators do."""
    below = [block.traced for block in article.headings[1:]]
    return [author for each in below if is_usual_name(squeezed(each.text)) for author in authors_in(each)]


def once(found: Iterable[Author]) -> tuple[Author, ...]:
    """Return each person once, where first named."""
    people: dict[str, Author] = {}
    for each in found:
        people.setdefault(each.name, each)
    return tuple(people.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The other page of an article, with where its mark stands."""

    page: str
    places: Places


def jump(text: TracedText, pattern: re.Pattern[str]) -> Jump | None:
    """Return what a mark such as （下转第4版） says; None without one."""
    match = pattern.search(text.text)
    if not match:
        return None
    place = Span(*match.span())
    return Jump(page=match.group(1), places=text.slice(place).origin)
