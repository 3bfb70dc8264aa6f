"""Scores how pages were cut against their truth: whole articles, their facts, and every character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from bench.pages.made import MadePage, TrueArticle
from qa.domain.spans import Span
from qa.text.segment import Draft

OVERLAP = 0.8
"""Share of the union of their characters, white space aside, that a match has in common."""

Offsets = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over pages; they add up, and every figure is made from their sums.

    :param matched: True articles that a predicted one matches.
    :param titled, entitled: Matched articles whose title is right, of those that have one; likewise below.
    :param dropped: Characters of true bodies that no predicted article holds.
    :param misplaced: Those that another one holds than the one that fits best.
    :param taken: Characters of predicted articles that are another article's than the one that fits best.
    :param strange: Characters of predicted articles that are furniture or a title.
    """

    pages: int = 0
    true: int = 0
    predicted: int = 0
    matched: int = 0
    entitled: int = 0
    titled: int = 0
    signed: int = 0
    credited: int = 0
    dated: int = 0
    dated_right: int = 0
    body: int = 0
    found: int = 0
    dropped: int = 0
    misplaced: int = 0
    taken: int = 0
    strange: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the counts of both."""
        return Tally(
            **{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        )

    def figures(self) -> dict[str, float | int | None]:
        """Return what is reported, shares in [0, 1]; None where there was nothing to count."""
        return {
            "pages": self.pages,
            "articles": self.true,
            "precision": share(self.matched, self.predicted),
            "recall": share(self.matched, self.true),
            "f1": share(2 * self.matched, self.true + self.predicted),
            "title": share(self.titled, self.entitled),
            "author": share(self.credited, self.signed),
            "date": share(self.dated_right, self.dated),
            "lost": share(self.dropped + self.misplaced, self.body),
            "dropped": share(self.dropped, self.body),
            "misplaced": share(self.misplaced, self.body),
            "taken_in": share(self.taken, self.found),
            "strange": share(self.strange, self.found),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """The counts of one page and what went wrong on it.

    :param missed: The first words of the articles that were not matched.
    """

    name: str
    tally: Tally
    missed: tuple[str, ...] = field(default=())


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None


def score_pages(truth: Iterable[MadePage], drafts: Iterable[Sequence[Draft]]) -> Tally:
    """Return the counts over all pages."""
    return sum((score_page(page, drafts=cut).tally for page, cut in zip(truth, drafts, strict=True)), Tally())


def score_page(page: MadePage, *, drafts: Sequence[Draft]) -> PageScore:
    """Return the counts of one page."""
    true = [offsets(article.spans, page.text) for article in page.truth]
    found = [offsets((place.span for place in draft.body.origin), page.text) for draft in drafts]
    matches = matching(true, found)
    right = [facts_right(page.truth[i], drafts[j]) for i, j in matches.items()]
    tally = sum(
        right,
        Tally(pages=1, true=len(true), predicted=len(found), matched=len(matches))
        + characters(true, found, strange=offsets((*page.furniture, *page.title_spans), page.text)),
    )
    missed = [first_words(article, page.text) for i, article in enumerate(page.truth) if i not in matches]
    return PageScore(name=page.name, tally=tally, missed=tuple(missed))


def offsets(spans: Iterable[Span], text: str) -> Offsets:
    """Return the offsets that spans cover, those of white space aside."""
    return frozenset(at for span in spans for at in range(span.start, span.end) if not text[at].isspace())


def overlap(one: Offsets, other: Offsets) -> float:
    """Return the share of the union that both hold."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def matching(true: Sequence[Offsets], found: Sequence[Offsets]) -> dict[int, int]:
    """Return which predicted article matches each true one; best first, each at most once."""
    pairs = sorted(
        ((overlap(t, f), i, j) for i, t in enumerate(true) for j, f in enumerate(found)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched: dict[int, int] = {}
    for common, i, j in pairs:
        if common >= OVERLAP and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def facts_right(article: TrueArticle, draft: Draft) -> Tally:
    """Return which facts of a matched article are right, of those that it has."""
    title, guess = [plain(each) for each in article.titles], plain(draft.facts.title)
    authors = plain("".join(draft.facts.authors))
    return Tally(
        entitled=bool(title),
        titled=any(each in guess or (guess and guess in each) for each in title),
        signed=bool(article.authors),
        credited=bool(article.authors) and all(plain(name) in authors for name in article.authors),
        dated=bool(article.date),
        dated_right=bool(article.date) and draft.facts.date == article.date,
    )


def plain(text: str | None) -> str:
    """Return text without white space and Markdown."""
    return re.sub(r"[\s#*]+", "", text or "")


def characters(true: Sequence[Offsets], found: Sequence[Offsets], *, strange: Offsets) -> Tally:
    """Return the counts of characters of a page."""
    held = frozenset().union(*found)
    owned = frozenset().union(*true)
    lost = [body - best(body, found) for body in true]
    foreign = [guess & (owned - best(guess, true)) for guess in found]
    return Tally(
        body=sum(map(len, true)),
        found=sum(map(len, found)),
        dropped=sum(len(each - held) for each in lost),
        misplaced=sum(len(each & held) for each in lost),
        taken=sum(map(len, foreign)),
        strange=sum(len(guess & strange) for guess in found),
    )


def best(one: Offsets, others: Sequence[Offsets]) -> Offsets:
    """Return which of the others fits best; nothing where none has anything in common."""
    ranked = max(others, key=lambda other: overlap(one, other), default=frozenset())
    return ranked if one & ranked else frozenset()


def first_words(article: TrueArticle, text: str) -> str:
    """Return the headline of an article, or its first words."""
    start = article.spans[0].start
    return article.titles[0][:16] if article.titles else "".join(text[start : start + 24].split())
