"""Promises that hold on any page: what is quoted stands there, once, and in the order in which it is read."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from bench.pages.maker import make_page
from bench.pages.styles import STYLES, Style
from qa.domain.sources import Source
from qa.domain.traced import TracedText
from qa.text.blocks import blocks
from qa.text.clean import clean
from qa.text.segment import Draft, segment
from tests.bench.articles import STORIES
from tests.shipped import page_model

ALL = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
MANY = range(100, 120)


@cache
def cut(style: Style, seed: int) -> tuple[str, tuple[Draft, ...]]:
    """A page of a style with what the program makes of it."""
    page = make_page(STORIES, style=style, seed=seed)
    return page.text, tuple(segment(Source(name=page.name, text=page.text), page_model()))


def in_order(style: Style) -> bool:
    """Tell whether every article of a style is printed in its reading order."""
    return not (style.interleaved or style.interrupted or style.strayed or style.tail_first)


def offsets(draft: Draft) -> list[int]:
    return [at for place in draft.body.origin for at in range(place.span.start, place.span.end)]


def check_quotes(text: str, drafts: tuple[Draft, ...]) -> None:
    assert drafts
    for draft in drafts:
        assert draft.body.text == "".join(text[at] for at in offsets(draft))


def check_once(drafts: tuple[Draft, ...]) -> None:
    counted = Counter(at for draft in drafts for at in offsets(draft))
    assert [at for at, times in counted.items() if times > 1] == []


def check_blocks(text: str, drafts: tuple[Draft, ...]) -> None:
    """Within a block of the page, an article has its characters in print order."""
    block_at = {
        at: number
        for number, block in enumerate(blocks(TracedText.whole(text, source_id="版")))
        for place in block.traced.origin
        for at in range(place.span.start, place.span.end)
    }
    for draft in drafts:
        last: dict[int, int] = {}
        for at in offsets(draft):
            number = block_at[at]
            assert at > last.get(number, -1)
            last[number] = at


def check_cuts(text: str) -> None:
    for block in blocks(TracedText.whole(text, source_id="版")):
        once = clean(block.traced)
        assert clean(once) == once
        rest = iter(block.text)
        assert all(character in rest for character in once.text)


@ALL
def test_every_body_is_what_is_printed_where_it_says(style: Style) -> None:
    check_quotes(*cut(style, 11))


@ALL
def test_no_character_of_a_page_is_in_two_articles(style: Style) -> None:
    check_once(cut(style, 11)[1])


@ALL
def test_every_block_is_read_from_its_head_to_its_end(style: Style) -> None:
    check_blocks(*cut(style, 11))


@ALL
def test_what_is_cut_once_needs_no_cutting_again_and_nothing_else_changes(style: Style) -> None:
    check_cuts(cut(style, 11)[0])


@ALL
def test_a_page_is_cut_the_same_way_every_time(style: Style) -> None:
    page = make_page(STORIES, style=style, seed=11)

    assert tuple(segment(Source(name=page.name, text=page.text), page_model())) == cut(style, 11)[1]


@pytest.mark.parametrize("style", [each for each in STYLES if in_order(each)], ids=lambda each: each.name)
def test_where_a_page_is_printed_in_order_every_article_is_read_so(style: Style) -> None:
    for draft in cut(style, 11)[1]:
        assert offsets(draft) == sorted(offsets(draft))


def test_articles_come_in_the_order_in_which_they_begin_on_the_page() -> None:
    for style in STYLES:
        begin = [min(offsets(draft)) for draft in cut(style, 11)[1]]
        assert begin == sorted(begin), style.name


@pytest.mark.slow
@ALL
def test_the_promises_hold_on_many_pages(style: Style) -> None:
    for seed in MANY:
        text, drafts = cut(style, seed)
        check_quotes(text, drafts)
        check_once(drafts)
        check_blocks(text, drafts)
        check_cuts(text)
