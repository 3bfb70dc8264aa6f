"""Articles: the news items, notices and captions that a page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qa.domain.spans import SourceSpan


class ArticleKind(StrEnum):
    """What sort of text an article is."""

    NEWS = "news"
    NOTICE = "notice"
    COMMENTARY = "commentary"
    CAPTION = "caption"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the page says about an article, beside its text.

    Unknown is None, never a guess.

    :param dateline: As printed, white space cut: ``本报太原2月23日讯``.
    :param issue: The issue number of the paper, without ``第`` and ``期``.
    :param jump_to: The page on which it goes on (下转第4版).
    :param jump_from: The page on which it began (上接第1版).
    :param read_at: Where each fact that is known was read, by the name of its field; a fact that the
        format of the source told has no place in the text and is not among them.
    """

    title: str | None = None
    kind: ArticleKind = ArticleKind.NEWS
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    date: date | None = None
    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None
    jump_to: str | None = None
    jump_from: str | None = None
    read_at: Mapping[str, tuple[SourceSpan, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of one source (文章).

    :param places: The body with dateline, byline and credits, in reading order;
        the title stands beside it, in ``facts``.
    :param passages: How many passages it was cut into.
    """

    id: str
    source_id: str
    facts: Facts
    places: tuple[SourceSpan, ...]
    passages: int
