"""Short ways to write a page and to say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.domain.articles import ArticleKind, Facts
from qa.domain.sources import Source
from qa.text.segment import segment
from tests.shipped import page_model


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article of a page, with its body as text."""

    facts: Facts
    body: str

    @property
    def title(self) -> str | None:
        return self.facts.title

    @property
    def kind(self) -> ArticleKind:
        return self.facts.kind

    @property
    def authors(self) -> tuple[str, ...]:
        return self.facts.authors

    @property
    def day(self) -> date | None:
        return self.facts.date


def items(*blocks: str) -> list[Item]:
    """Return the articles of a page of these blocks, a blank line between two."""
    drafts = segment(Source(name="版.txt", text="\n\n".join(blocks)), page_model())
    return [Item(facts=each.facts, body=each.body.text) for each in drafts]
