"""Values come back from their rows as they were."""

from __future__ import annotations

import json
from datetime import date

from qa.domain.articles import Article, ArticleKind, Facts
from qa.domain.spans import SourceSpan, Span
from qa.store.rows import (
    article_from_row,
    article_row,
    facts_from_json,
    facts_to_json,
    places_from_json,
    places_to_json,
)

FACTS = Facts(
    title="声明",
    kind=ArticleKind.NOTICE,
    authors=("张三", "李四"),
    dateline="本报讯",
    date=date(2023, 2, 23),
    published=date(2023, 2, 24),
    newspaper="吕梁日报",
    issue="10906",
    page="A1",
    jump_to="4",
    jump_from="2",
    read_at={"title": (SourceSpan(source_id="s", span=Span(0, 2)),), "date": ()},
)
PLACES = (SourceSpan(source_id="s", span=Span(0, 3)), SourceSpan(source_id="t", span=Span(9, 9)))


def test_facts_come_back() -> None:
    assert facts_from_json(facts_to_json(FACTS)) == FACTS
    assert facts_from_json(facts_to_json(Facts())) == Facts()


def test_facts_are_stored_in_the_words_of_the_contract() -> None:
    stored = json.loads(facts_to_json(FACTS))

    assert stored == {
        "title": "声明",
        "kind": "notice",
        "authors": ["张三", "李四"],
        "dateline": "本报讯",
        "date": "2023-02-23",
        "published": "2023-02-24",
        "newspaper": "吕梁日报",
        "issue": "10906",
        "page": "A1",
        "jump_to": "4",
        "jump_from": "2",
        "read_at": {"title": [["s", 0, 2]], "date": []},
    }


def test_places_come_back() -> None:
    assert places_to_json(PLACES) == '[["s", 0, 3], ["t", 9, 9]]'
    assert places_from_json(places_to_json(PLACES)) == PLACES


def test_an_article_comes_back_with_its_date_in_a_column() -> None:
    article = Article(id="a", source_id="s", facts=FACTS, places=PLACES, passages=2)

    row = article_row(article, 5)

    id, source, position, day, _, _, passages, _ = row
    assert (id, source, position, day, passages) == ("a", "s", 5, "2023-02-23", 2)
    assert article_from_row(row) == article
