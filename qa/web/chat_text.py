"""Outcomes as the text of a chat message: the answer with its marks, below it the numbered sources."""

from __future__ import annotations

import re

from qa.web.schemas import ArticleReference, CitationBody, OutcomeBody

NOT_SAID = "来源中没有找到这个问题的答案。"
AROUND = 60
"""Characters of the passage that are shown on either side of a quote."""

FIRST_SOURCE = re.compile(r"^\[1\] 《(?P<title>[^\n]+)》(?:，|$)", re.MULTILINE)


def pieces(outcome: OutcomeBody) -> list[str]:
    """Return the parts of a message in order: the answer or that there is none, then a source each.

    Joined they are the message. An abstention shows no sources, lest they be taken for an answer.
    """
    if outcome.answer is None:
        return [NOT_SAID]
    marks = "".join(f"[{citation.rank}]" for citation in outcome.citations)
    return [f"{outcome.answer}{marks}", *(f"\n\n{source_of(citation)}" for citation in outcome.citations)]


def source_of(citation: CitationBody) -> str:
    """Return where a citation is from on one line, and the words around the quote on the next."""
    return f"[{citation.rank}] {place_of(citation.article)}\n{marked(citation)}"


def place_of(article: ArticleReference) -> str:
    """Return title, newspaper, page, day and source of an article, as far as they are known."""
    known = (
        f"《{article.title}》" if article.title else None,
        article.newspaper,
        f"第{article.page}版" if article.page else None,
        article.date.isoformat() if article.date else None,
        article.source,
    )
    return "，".join(part for part in known if part)


def marked(citation: CitationBody) -> str:
    """Return the passage around a quote, the quote between brackets."""
    text, (start, end) = citation.passage.text, citation.passage.highlight[0]
    before, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"…{before}【{text[start:end]}】{behind}…"


def cited_title(content: str) -> str | None:
    """Return the title that a message of ours cites first; None where it cites none."""
    found = FIRST_SOURCE.search(content)
    return found["title"] if found else None
