"""What the maker hands out: a page and the truth about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qa.domain.articles import ArticleKind
from qa.domain.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueArticle:
    """An article of a made page.

    :param titles: Headline, kicker, subtitles as printed, white space aside.
    :param spans: The body with dateline, byline and credits, in reading order.
    :param date: None where the page does not let one know it.
    """

    titles: tuple[str, ...]
    spans: tuple[Span, ...]
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    date: date | None = None
    kind: ArticleKind = ArticleKind.NEWS
    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None
    jump_to: str | None = None
    jump_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePage:
    """A page as badly extracted text.

    :param name: Style and seed: what makes it again.
    :param furniture: Where masthead, editors' lines and ornaments stand.
    :param title_spans: Where titles stand.
    :param marks: Where marks like （上接第1版） stand that belong to no body.
    """

    text: str
    name: str
    truth: tuple[TrueArticle, ...]
    furniture: tuple[Span, ...]
    title_spans: tuple[Span, ...]
    marks: tuple[Span, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the truth in the words of JSON."""
        return {
            "name": self.name,
            "articles": [article_json(each) for each in self.truth],
            "furniture": pairs(self.furniture),
            "titles": pairs(self.title_spans),
            "marks": pairs(self.marks),
        }


def article_json(article: TrueArticle) -> dict[str, Any]:
    """Return an article in the words of JSON."""
    day = article.date.isoformat() if article.date else None
    return asdict(article) | {"spans": pairs(article.spans), "date": day}


def pairs(spans: tuple[Span, ...]) -> list[list[int]]:
    """Return spans as lists of two numbers."""
    return [[span.start, span.end] for span in spans]
