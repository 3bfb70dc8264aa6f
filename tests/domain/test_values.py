"""Sources, filters, citations and outcomes: what they say of themselves."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from qa.domain.answers import Citation, Cited, Filters, Mode, Outcome, Timings
from qa.domain.articles import Article, ArticleKind, Facts
from qa.domain.passages import Passage
from qa.domain.sources import Source, token
from qa.domain.spans import Span
from qa.domain.traced import TracedText

TIMINGS = Timings(retrieve=1.0, read=2.0, total=3.0)


def cited(text: str) -> Cited:
    traced = TracedText.whole(text, source_id="s1")
    article = Article(id="x", source_id="s1", facts=Facts(), places=traced.origin, passages=1)
    passage = Passage(id="p", article_id="x", traced=traced)
    return Cited(passage=passage, article=article, source_names={"s1": "甲.txt"})


def outcome(answer: str | None) -> Outcome:
    return Outcome(
        question="谁？",
        answer=answer,
        confidence=0.5,
        citations=(),
        alternatives=(),
        retrieved=(),
        timings=TIMINGS,
        index_version="1-ab",
    )


def test_the_id_of_a_source_comes_from_its_name_alone() -> None:
    assert Source(name="甲.txt", text="旧").id == Source(name="甲.txt", text="新").id
    assert Source(name="甲.txt", text="旧").id != Source(name="乙.txt", text="旧").id
    assert Source(name="甲.txt", text="").id == hashlib.sha256("source\x1f甲.txt".encode()).hexdigest()[:16]


def test_the_digest_of_a_source_is_the_hash_of_its_text() -> None:
    assert Source(name="甲.txt", text="大会").digest == hashlib.sha256("大会".encode()).hexdigest()


def test_a_lone_surrogate_can_be_named_and_hashed() -> None:
    source = Source(name="\udc80.txt", text="\ud800")

    assert len(source.id) == 16
    assert len(source.digest) == 64


def test_tokens_keep_their_parts_apart() -> None:
    assert token("甲", "乙") != token("甲乙")
    assert token("甲", "乙") == token("甲", "乙")


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Source(name="甲.txt", text="旧").text = "新"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("filters", "restrict"),
    [
        (Filters(), False),
        (Filters(sources=("*.txt",)), True),
        (Filters(first=date(2023, 1, 1)), True),
        (Filters(last=date(2023, 1, 1)), True),
    ],
)
def test_filters_tell_whether_anything_is_left_out(filters: Filters, restrict: bool) -> None:
    assert filters.restrict is restrict


def test_modes_and_kinds_are_the_words_of_the_contract() -> None:
    assert [mode.value for mode in Mode] == ["hybrid", "dense", "lexical"]
    assert [kind.value for kind in ArticleKind] == ["news", "notice", "commentary", "caption", "other"]


def test_unknown_facts_are_none() -> None:
    facts = Facts()

    assert facts.authors == ()
    unknown = (facts.title, facts.dateline, facts.date, facts.newspaper, facts.issue, facts.page)
    assert (*unknown, facts.jump_to, facts.jump_from) == (None,) * 8


def test_a_citation_quotes_its_passage_and_says_where() -> None:
    citation = Citation(cited=cited("会议由李某主持。"), highlight=Span(3, 5), score=0.9)

    assert citation.quote == "李某"
    assert [(p.source_id, p.span.start, p.span.end) for p in citation.places] == [("s1", 3, 5)]
    assert citation.supports


def test_a_cited_passage_names_its_source() -> None:
    assert cited("大会。").source_name == "甲.txt"


def test_an_outcome_abstains_exactly_when_it_has_no_answer() -> None:
    assert outcome(None).abstained
    assert not outcome("李某").abstained
    assert not outcome("").abstained
