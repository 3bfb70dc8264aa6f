"""What a page is made from: stories, cleaned of everything that the maker prints itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.domain.articles import ArticleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, or a subheading (小标题) that stands between paragraphs."""

    text: str
    subheading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A news item without byline, dateline and credits; the maker gives it new ones.

    :param titles: Headline first, then what stands under it.
    :param day: When the paper came out.
    :param sheet: The page it stood on; stories of one page are likelier neighbours.
    :param opened: Whether it began with a dateline; features and speeches do not.
    :param agency: Who filed it: 本报 or 新华社.
    :param place: Where it was filed, empty where its dateline named no place.
    :param filed: The day in its dateline.
    """

    titles: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    day: date
    sheet: str = ""
    kind: ArticleKind = ArticleKind.NEWS
    opened: bool = True
    agency: str = "本报"
    place: str = ""
    filed: date | None = None

    @property
    def length(self) -> int:
        """Return the characters of the body."""
        return sum(len(each.text) for each in self.paragraphs)

    @property
    def text(self) -> str:
        """Return the body without anything between its paragraphs."""
        return "".join(each.text for each in self.paragraphs)


def share_words(one: Story, other: Story) -> bool:
    """Tell whether most of the shorter story's character pairs are in the longer one."""
    first, second = pairs(one.text), pairs(other.text)
    return len(first & second) > 0.5 * min(len(first), len(second))


def pairs(text: str) -> set[str]:
    """Return the character pairs of a text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}
