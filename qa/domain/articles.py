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
    :param published: When the paper came out, as its masthead says; ``date`` is when the article was filed.
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
    published: date | None = None
    # Behind all others of its type: from here on its name is no longer that of the type.
    date: date | None = None
    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None
    jump_to: str | None = None
    jump_from: str | None = None
    read_at: Mapping[str, tuple[SourceSpan, ...]] = field(default_factory=dict, hash=False)

    @property
    def day_in_words(self) -> str:
        """Return the day of the article as people write and ask for it; empty where it is unknown."""
        return f"{self.date.year}年{self.date.month}月{self.date.day}日" if self.date else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a page says of an article that goes on, or began, on another page (下转、上接).

    The pages of a paper are looked through for what belongs together by this alone.

    :param source: The name of the source, or whatever else tells sources apart.
    """

    source: str
    newspaper: str | None = None
    published: date | None = None
    page: str | None = None
    jump_to: str | None = None
    jump_from: str | None = None

    @classmethod
    def of(cls, facts: Facts, *, source: str) -> Part:
        """Return what the facts of an article say of it."""
        return cls(
            source=source,
            newspaper=facts.newspaper,
            published=facts.published,
            page=facts.page,
            jump_to=facts.jump_to,
            jump_from=facts.jump_from,
        )

    @property
    def jumps(self) -> bool:
        """Tell whether there may be more of the article elsewhere."""
        return bool(self.jump_to or self.jump_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article (文章), of one page or of several that it jumps over.

    :param source_id: The source of its first part.
    :param places: The body with dateline, byline and credits, in reading order;
        the title stands beside it, in ``facts``.
    :param passages: How many passages it was cut into.
    """

    id: str
    source_id: str
    facts: Facts
    places: tuple[SourceSpan, ...]
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """Which article one is, and what it is chosen by; to be shown, it is read.

    :param source_id: The source of its first part.
    """

    id: str
    source_id: str
    date: date | None
    newspaper: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    """A paper (报纸) as the collection holds it.

    :param articles: How many articles say that they are from it.
    :param first: The earliest day of those that have one, by their own date.
    :param last: The latest.
    """

    name: str
    articles: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedArticle:
    """An article with the names of the sources that it is printed in.

    :param source_names: By id; the source of the first part is among them.
    """

    article: Article
    source_names: Mapping[str, str] = field(hash=False)

    @property
    def source_name(self) -> str:
        """Return the name of the source in which the article begins."""
        return self.source_names[self.article.source_id]
