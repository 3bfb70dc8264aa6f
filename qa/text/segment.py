"""Segmentation (切分): from a source to its articles.

The blocks of each page get a role by their print, are put in reading order, and brought together
with their headings; then facts are read out of each article. What is told to be one article is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from qa.domain.articles import Facts
from qa.domain.characters import CLOSING, TERMINAL
from qa.domain.sources import Source, Told
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.alone import alone
from qa.text.blocks import Block, Role, blocks, level_of
from qa.text.clean import are_apart, clean, on_one_line
from qa.text.dates import KnownDate, known_dates
from qa.text.facts import facts_of
from qa.text.furniture import PageFacts
from qa.text.gather import gather
from qa.text.gathered import Gathered
from qa.text.headings import ranked_headings
from qa.text.masthead import masthead_of
from qa.text.page_model import PageModel

SIGNATURE_LENGTH = 12
"""Characters up to which text without a full stop is a formula or a signature, and not cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as it was found on its page.

    :param headings: Kicker, headline and subtitles, the headline first; not part of the body.
    :param body: With dateline, byline and credits; paragraphs end in a line break
        of the page where it has one.
    """

    facts: Facts
    headings: tuple[str, ...]
    body: TracedText


def segment(source: Source, model: PageModel) -> list[Draft]:
    """Return the articles of a source, page by page, in the order in which they begin there."""
    whole = TracedText.whole(source.text, source_id=source.id)
    if source.told.whole:
        drafts = [told_article(source, whole)]
    else:
        known = known_dates(whole)
        pages = pages_of(whole)
        drafts = [
            each
            for number, page in enumerate(pages, 1)
            for each in articles_of(
                page, model, known=known, source=source, number=number if len(pages) > 1 else None
            )
        ]
    return [each for each in drafts if each.body.text]


def pages_of(whole: TracedText) -> list[TracedText]:
    """Return the pages of a source, which form feeds part; one behind the last page parts nothing."""
    ends = [match.end() for match in re.finditer("\f", whole.text.rstrip())]
    return list(whole.pieces(Span(*each) for each in pairwise([0, *ends, len(whole.text)])))


def articles_of(
    page: TracedText, model: PageModel, *, known: Sequence[KnownDate], source: Source, number: int | None
) -> list[Draft]:
    """Return the articles of one page.

    :param number: The page's own, where a file holds several; what the page prints goes before it.
    """
    found = blocks(page)
    facts = masthead_of([block.traced for block in found if block.role is Role.FURNITURE])
    page_facts = replace(
        facts,
        newspaper=facts.newspaper or source.told.newspaper,
        published=facts.published or source.told.date,
        days=facts.days if facts.published else told_days(source.told) or facts.days,
        page=facts.page or (str(number) if number else None),
    )
    printed = [block for block in found if block.role is not Role.FURNITURE]
    single = None if facts.has_masthead else alone(found)
    articles = [single] if single else gather(printed, model)
    return [draft(each, page=page_facts, known=known) for each in articles]


def told_days(told: Told) -> tuple[KnownDate, ...]:
    """Return the day that the format of a source tells, which is printed nowhere."""
    return (KnownDate(day=told.date, places=()),) if told.date else ()


def told_article(source: Source, whole: TracedText) -> Draft:
    """Return the one article that a source is told to be; nothing of it is furniture."""
    told = source.told
    page = PageFacts(newspaper=told.newspaper, published=told.date, days=told_days(told))
    headings: tuple[Block, ...] = ()
    if told.title:
        title = whole.slice(told.title)
        headings = (Block(role=Role.HEADING, traced=title, level=level_of(title.text)),)
        whole = whole.cut([told.title])
    found = draft(Gathered(headings=headings, body=tuple(blocks(whole))), page=page, known=known_dates(whole))
    facts = replace(
        found.facts, date=told.date or found.facts.date, authors=told.authors or found.facts.authors
    )
    read_at = {
        name: places
        for name, places in facts.read_at.items()
        if not (name == "date" and told.date) and not (name == "authors" and told.authors)
    }
    return replace(found, facts=replace(facts, read_at=read_at))


def draft(gathered: Gathered, *, page: PageFacts, known: Sequence[KnownDate]) -> Draft:
    """Return a gathered article with what is known of it."""
    headings = ranked_headings(gathered.headings, gathered.text)
    return Draft(
        facts=facts_of(gathered, title=next(iter(headings), None), page=page, known=known),
        headings=tuple(on_one_line(each.text) for each in headings),
        body=body_of(gathered),
    )


def body_of(gathered: Gathered) -> TracedText:
    """Return the body as it reads; headings alone are kept as one, so that no text is lost."""
    pieces: list[TracedText] = []
    page = gathered.body or gathered.headings
    for block, following in zip_longest(page, page[1:]):
        cleaned = clean(block.traced)
        pieces.append(cleaned)
        if cleaned.text and not runs_on(cleaned.text, block, following):
            pieces.append(line_end(block.traced))
    body = TracedText.joined(pieces)
    return body.slice(Span(0, len(body.text.rstrip("\n"))))


def runs_on(text: str, block: Block, following: Block | None) -> bool:
    """Tell whether a paragraph goes on in the next block, as from the foot of a column to the head of one.

    The line end between two Latin words stays, since it is all that keeps them apart.
    """
    if following is None or not (block.role is following.role is Role.BODY):
        return False
    apart = are_apart(text[-1:], following.text.lstrip()[:1])
    return not apart and text.rstrip(CLOSING)[-1:] not in TERMINAL and len(text) > SIGNATURE_LENGTH


def line_end(block: TracedText) -> TracedText:
    """Return the line end that a block closes with, if any."""
    return block.slice(Span(len(block.text) - block.text.endswith("\n"), len(block.text)))
