"""Segmentation (切分): from the blocks of a page to its articles.

One pass over the blocks. Headlines wait until it is known whether they open
an article or stand below one; where a page gives no sure boundary, one article
too many is better than two that are mixed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from qa.domain.articles import ArticleKind, Facts
from qa.domain.characters import CLOSING, TERMINAL
from qa.domain.sources import Source
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.blocks import Block, Role, blocks
from qa.text.clean import clean
from qa.text.continuation import closes, jump_from, jump_to
from qa.text.furniture import PageFacts, page_facts
from qa.text.headings import TITLES, overlap, ranked_headings
from qa.text.mastline import PHOTOGRAPHER, SIGNED, closing, date_of, full_dates, names, opening
from qa.text.sentences import sentences

SUBHEADING_LENGTH = 24
"""Printed characters up to which a single heading inside an article is a subheading (小标题)."""

SIGNATURE_LENGTH = 12
"""Characters up to which text without a full stop is a formula or a signature, and not cut off."""

TOLD_LENGTH = 200
"""Characters at the head of news in which its own day is named."""

BELOW = 0.5
"""Share of a headline's character pairs that the article above it must repeat to have it."""

CAPTION_LENGTH = 200
"""Printed characters up to which text with a photographer's credit is a caption."""

NOTICE = re.compile(r"(?:公告|通告|启事|声明|公示|通知|告示|讣告|更正|遗失)\s*$|(?:公告|通告|公示|寻亲|寻人)")
COMMENTARY = re.compile(r"评论员|时评|社论|^\s*——论")


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


@dataclass(slots=True)
class Gathering:
    """An article while its blocks are being brought together."""

    headings: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    jump_from: str | None = None
    closed: bool = False

    @property
    def text(self) -> str:
        """Return everything gathered for the body, as printed."""
        return "".join(block.text for block in self.body)


def segment(source: Source) -> list[Draft]:
    """Return the articles of a page, in the order in which they begin there."""
    page = blocks(TracedText.whole(source.text, source_id=source.id))
    facts = page_facts([block.text for block in page if block.role is Role.FURNITURE])
    known = full_dates(source.text)
    gathered = gather([block for block in page if block.role is not Role.FURNITURE])
    drafts = [draft(each, page=facts, known=known) for each in gathered]
    return [each for each in drafts if each.body.text]


def gather(page: Sequence[Block]) -> list[Gathering]:
    """Return the articles as groups of blocks, in the order in which they begin."""
    done: list[Gathering] = [Gathering(closed=True)]
    waiting: list[Block] = []
    for block, following in zip_longest(page, page[1:]):
        if block.role is Role.HEADING:
            waiting.append(block)
            continue
        if block.role is Role.JUMP_FROM:
            settle(waiting, before=done[-1], after=None)
            done.append(Gathering(jump_from=jump_from(block.text)))
        elif begins(block, current=done[-1], waiting=waiting, following=following):
            opened = Gathering(body=[block])
            settle(waiting, before=done[-1], after=opened)
            done.append(opened)
        elif block.role is Role.BYLINE:
            settle(waiting, before=done[-1], after=None)
            done[-1].body.append(block)
        else:
            # Before any text they are the headline; inside it, subheadings.
            (done[-1].body or done[-1].headings).extend(waiting)
            done[-1].body.append(block)
        waiting = []
        done[-1].closed = done[-1].closed or ends(block, done[-1])
    settle(waiting, before=done[-1], after=None)
    return [each for each in done if each.body or each.headings]


def begins(block: Block, *, current: Gathering, waiting: Sequence[Block], following: Block | None) -> bool:
    """Tell whether a block of text opens an article."""
    if block.role is Role.BYLINE and (not waiting or following is None or following.role is not Role.BODY):
        return False
    if not waiting and current.headings and all(each.role is Role.BYLINE for each in current.body):
        return False  # only headline and byline so far: this is the article they stand over
    dateline, _ = opening(block.text)
    if dateline or current.closed:
        return True
    if not current.body:
        return False
    if not waiting:
        return is_caption(block, following)
    return is_headline(waiting) or block.role is Role.BYLINE or is_caption(block, following)


def is_headline(waiting: Sequence[Block]) -> bool:
    """Tell whether headings are set like a headline and not like a subheading."""
    printed = sum(len(re.sub(r"[\s#]", "", block.text)) for block in waiting)
    marked = any(block.level is not None and block.level <= 2 for block in waiting)
    named = any(NOTICE.search(block.text.strip()) for block in waiting)
    return len(waiting) > 1 or printed > SUBHEADING_LENGTH or marked or named


def is_caption(block: Block, following: Block | None) -> bool:
    """Tell whether a short block is what stands under a picture."""
    if len(block.text) > CAPTION_LENGTH:
        return False
    ends_in_credit = PHOTOGRAPHER.search(block.text.strip()) is not None
    return ends_in_credit or (
        following is not None
        and len(following.text) <= SUBHEADING_LENGTH
        and PHOTOGRAPHER.search(following.text.strip()) is not None
    )


def ends(block: Block, current: Gathering) -> bool:
    """Tell whether nothing can follow this block in its article."""
    if block.role is Role.BYLINE:
        return len(current.body) > 1 or not current.headings
    text = block.text.strip()
    signed = SIGNED.search(text) and is_notice(current.headings)
    return bool(signed) or closes(text) or bool(closing(text))


def is_notice(headings: Sequence[Block]) -> bool:
    """Tell whether headings announce a notice."""
    return any(NOTICE.search(block.text.strip()) for block in headings[:TITLES])


def settle(waiting: Sequence[Block], *, before: Gathering, after: Gathering | None) -> None:
    """Give headings that waited to the article above or below them.

    On some pages headlines stand below their articles, so an article without one
    competes for them: whichever repeats more of their words has them.
    """
    untitled = bool(before.body) and not before.headings
    if waiting and (after is None or (untitled and stand_below(waiting, before=before, after=after))):
        before.headings.extend(waiting)
    elif after is not None:
        after.headings.extend(waiting)


def stand_below(waiting: Sequence[Block], *, before: Gathering, after: Gathering) -> bool:
    """Tell whether headings repeat the words of the article above them, and more than of the one below."""
    title = "".join(block.text for block in waiting[:TITLES])
    above = overlap(title, before.text)
    return above >= BELOW and above > overlap(title, after.text)


def draft(gathered: Gathering, *, page: PageFacts, known: Sequence[date]) -> Draft:
    """Return a gathered article with what is known of it."""
    text = gathered.text
    opener = next((block for block in gathered.body if block.role is Role.BODY), None)
    dateline, opened_by = opening(opener.text) if opener else (None, ())
    bylines = [block for block in gathered.body if block.role is Role.BYLINE]
    credited = closing(text.strip()) or tuple(name for block in bylines for name in names(block.text))
    headings = ranked_headings(gathered.headings, text)
    title = headings[0] if headings else None
    kind = kind_of(gathered, title=title)
    # A feature may tell of many days; only news and captions begin with their own.
    whole = dateline or kind is ArticleKind.CAPTION
    told = text[:TOLD_LENGTH] if whole else text[: next(sentences(text), Span(0, 0)).end]
    facts = Facts(
        title=title,
        kind=kind,
        authors=opened_by or credited,
        dateline=dateline,
        date=date_of(dateline=dateline, body=text.strip(), told=told, known=known),
        newspaper=page.newspaper,
        issue=page.issue,
        page=page.page,
        jump_to=jump_to(text),
        jump_from=gathered.jump_from,
    )
    return Draft(facts=facts, headings=headings, body=body_of(gathered))


def kind_of(gathered: Gathering, *, title: str | None) -> ArticleKind:
    """Return what sort of text an article is."""
    text = gathered.text
    if len(text) <= 2 * CAPTION_LENGTH and PHOTOGRAPHER.search(text.strip()):
        return ArticleKind.CAPTION
    if title and NOTICE.search(title.strip()) and not opening(text)[0]:
        return ArticleKind.NOTICE
    heads = [block.text for block in (*gathered.headings, *gathered.body[:2])]
    if any(COMMENTARY.search(head[:60]) for head in heads):
        return ArticleKind.COMMENTARY
    return ArticleKind.NEWS if text.strip() else ArticleKind.OTHER


def body_of(gathered: Gathering) -> TracedText:
    """Return the body as it reads; headings alone are kept as one, so that no text is lost."""
    pieces: list[TracedText] = []
    page = gathered.body or gathered.headings
    for block, following in zip_longest(page, page[1:]):
        cleaned = clean(block.traced)
        pieces.append(cleaned)
        if cleaned.text and not is_broken_off(cleaned.text, block, following):
            pieces.append(line_end(block.traced))
    body = TracedText.joined(pieces)
    return body.slice(Span(0, len(body.text.rstrip("\n"))))


def is_broken_off(text: str, block: Block, following: Block | None) -> bool:
    """Tell whether a paragraph goes on in the next block, as from the foot of a column to the head of one."""
    both_text = block.role is Role.BODY and following is not None and following.role is Role.BODY
    return both_text and text.rstrip(CLOSING)[-1:] not in TERMINAL and len(text) > SIGNATURE_LENGTH


def line_end(block: TracedText) -> TracedText:
    """Return the line end that a block closes with, if any."""
    return block.slice(Span(len(block.text) - block.text.endswith("\n"), len(block.text)))
