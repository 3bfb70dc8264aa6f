"""Drafts built by hand: parts of articles on the pages of a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.domain.articles import Facts
from qa.domain.traced import TracedText
from qa.text.jumps import join
from qa.text.segment import Draft

DAY = date(2023, 2, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A newspaper of one day, whose pages are sources of their own."""

    newspaper: str | None = "吕梁日报"
    published: date | None = DAY
    suffix: str = ""

    def first(self, body: str, *, page: str | None = "1", to: str = "4", title: str | None = None) -> Draft:
        """Return a first part; its body must end with its mark."""
        return self.part(body, page=page, jump_to=to, title=title)

    def second(
        self, body: str, *, page: str | None = "4", back: str = "1", title: str | None = None
    ) -> Draft:
        """Return a part that goes on from another page."""
        return self.part(body, page=page, jump_from=back, title=title)

    def part(
        self,
        body: str,
        *,
        page: str | None,
        jump_to: str | None = None,
        jump_from: str | None = None,
        title: str | None = None,
    ) -> Draft:
        facts = Facts(
            title=title,
            newspaper=self.newspaper,
            published=self.published,
            page=page,
            jump_to=jump_to,
            jump_from=jump_from,
        )
        source = f"{self.newspaper}{self.published}{page or body}{self.suffix}"
        return Draft(
            facts=facts,
            headings=(title,) if title else (),
            body=TracedText.whole(body, source_id=source),
        )


def bodies(*drafts: Draft) -> list[str]:
    """Return the texts of the articles that some parts make."""
    return [draft.body.text for draft in join(drafts).values()]
