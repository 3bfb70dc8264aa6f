"""A question file to fill in: a line an article of the collection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from qa.domain.articles import PrintedArticle


def template_lines(articles: Sequence[PrintedArticle]) -> Iterator[str]:
    """Yield a line for each article: room for a question and its answers, and what the article is on."""
    for number, listed in enumerate(articles, start=1):
        facts = listed.article.facts
        told: dict[str, object] = {
            "id": f"q{number:04d}",
            "question": "",
            "answers": [],
            "source": listed.source_name,
            "about": facts.title or "（无题）",
            "date": facts.date.isoformat() if facts.date else None,
        }
        yield json.dumps(told, ensure_ascii=False) + "\n"
