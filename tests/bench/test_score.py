"""The scorer, on pages small enough to count by hand."""

from __future__ import annotations

from datetime import date

import pytest

from bench.pages.made import MadePage, TrueArticle
from bench.pages.report import by_style, table
from bench.pages.score import PageScore, Tally, first_words, matching, overlap, score_page, score_pages
from qa.domain.articles import Facts
from qa.domain.sources import Source
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.text.segment import Draft

TEXT = "版头\n标题\n甲乙丙丁戊己庚辛壬癸\n子丑寅卯辰巳午未申酉\n"
"""Furniture at 0–2, a title at 3–5, two bodies of ten characters at 6–16 and 17–27."""

FIRST = TrueArticle(titles=("标题",), spans=(Span(6, 16),), authors=("王佳丽",), date=date(2023, 9, 22))
SECOND = TrueArticle(titles=(), spans=(Span(17, 27),))
PAGE = MadePage(
    text=TEXT,
    name="plain-page-1",
    truth=(FIRST, SECOND),
    furniture=(Span(0, 2),),
    title_spans=(Span(3, 5),),
    marks=(),
)


def draft(*spans: tuple[int, int], **facts: object) -> Draft:
    """An article that a segmenter found at ``spans`` of the page."""
    source = Source(name="page.txt", text=TEXT)
    places = tuple(SourceSpan(source_id=source.id, span=Span(*each)) for each in spans)
    body = TracedText(text="".join(TEXT[start:end] for start, end in spans), origin=places)
    return Draft(facts=Facts(**facts), headings=(), body=body)  # type: ignore[arg-type]


def test_a_page_cut_right_loses_nothing_and_takes_nothing_in() -> None:
    found = [draft((6, 16), title="标题", authors=("王佳丽",), date=date(2023, 9, 22)), draft((17, 27))]
    figures = score_pages([PAGE], [found]).figures()
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)
    assert (figures["title"], figures["author"], figures["date"]) == (1.0, 1.0, 1.0)
    assert (figures["lost"], figures["taken_in"], figures["strange"]) == (0.0, 0.0, 0.0)


def test_four_fifths_of_the_union_are_a_match_and_less_are_not() -> None:
    assert score_page(PAGE, drafts=[draft((6, 14))]).tally.matched == 1
    assert score_page(PAGE, drafts=[draft((6, 13))]).tally.matched == 0


def test_white_space_counts_for_nothing() -> None:
    assert score_page(PAGE, drafts=[draft((5, 17))]).tally.matched == 1


def test_dropped_characters_are_in_no_article_and_misplaced_ones_in_another() -> None:
    # The first loses four characters: two to nobody and two to the second.
    found = [draft((6, 12)), draft((14, 16), (17, 27))]
    figures = score_pages([PAGE], [found]).figures()
    assert figures["dropped"] == pytest.approx(2 / 20)
    assert figures["misplaced"] == pytest.approx(2 / 20)
    assert figures["lost"] == pytest.approx(4 / 20)
    assert figures["taken_in"] == pytest.approx(2 / 18)
    assert figures["f1"] == pytest.approx(2 * 1 / (2 + 2))


def test_two_articles_in_one_are_taken_in_but_not_lost() -> None:
    figures = score_pages([PAGE], [[draft((6, 16), (17, 27))]]).figures()
    assert figures["taken_in"] == pytest.approx(10 / 20)
    assert figures["lost"] == 0.0
    assert figures["f1"] == 0.0


def test_furniture_and_titles_in_a_body_are_strange() -> None:
    figures = score_pages([PAGE], [[draft((0, 2), (3, 5), (6, 16)), draft((17, 27))]]).figures()
    assert figures["strange"] == pytest.approx(4 / 24)
    assert figures["taken_in"] == 0.0
    assert figures["f1"] == pytest.approx(2 * 1 / 4)  # 10 of 14 is less than four fifths


def test_facts_count_only_where_the_article_matched_and_has_them() -> None:
    wrong = draft((6, 16), title="别的题", authors=("李四",), date=date(2022, 9, 22))
    tally = score_page(PAGE, drafts=[wrong, draft((17, 27), title="多余的题")]).tally
    assert (tally.entitled, tally.titled) == (1, 0)
    assert (tally.signed, tally.credited) == (1, 0)
    assert (tally.dated, tally.dated_right) == (1, 0)


def test_a_page_on_which_nothing_was_found_loses_everything() -> None:
    score = score_page(PAGE, drafts=[])
    assert score.missed == ("标题", "子丑寅卯辰巳午未申酉")
    figures = score.tally.figures()
    assert figures["lost"] == figures["dropped"] == 1.0
    assert (figures["precision"], figures["recall"], figures["taken_in"]) == (None, 0.0, None)


def test_each_article_is_matched_at_most_once_and_the_best_first() -> None:
    true = [frozenset(range(10))]
    found = [frozenset(range(9)), frozenset(range(10))]
    assert matching(true, found) == {0: 1}
    assert overlap(true[0], found[0]) == pytest.approx(0.9)


def test_first_words_are_the_headline_or_the_beginning() -> None:
    assert first_words(FIRST, TEXT) == "标题"
    assert first_words(SECOND, TEXT) == "子丑寅卯辰巳午未申酉"


def test_counts_are_reported_by_style_and_over_all() -> None:
    scores = [
        PageScore(name="plain-page-1", tally=Tally(pages=1, true=2, predicted=2, matched=2)),
        PageScore(name="columns-page-2", tally=Tally(pages=1, true=2, predicted=2, matched=0)),
    ]
    tallies = by_style(scores)
    assert {style: tally.figures()["f1"] for style, tally in tallies.items()} == {
        "plain": 1.0,
        "columns": 0.0,
        "overall": 0.5,
    }
    assert "overall" in table(tallies).splitlines()[-1]
