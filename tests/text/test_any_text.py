"""Whatever is indexed, nothing is invented, printed twice, or too slow to be cut up."""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterable

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from qa.domain.sources import Source
from qa.domain.spans import SourceSpan
from qa.engine.articles import CutSource, cut
from qa.text.chunk import MAXIMUM_LENGTH
from qa.text.segment import segment
from tests.shipped import page_model

FRAGMENTS = (
    *"一二省会，。、！？”“（）()#*->—□：:·　 \t\r\n\f\v\ufeff\u200b\x00\x1c\x85\u2028𠮷2",
    "\r\n",
    "\n\n",
    "本报讯",
    "新华社北京2月16日电",
    "（记者 张三）",
    "本报记者 李四",
    "2月3日",
    "2023年2月30日",
    "张三 摄",
    "（下转第4版）",
    "（上接第1版）",
    "# ",
    "**",
    "通知\n\n",
    "第10906期",
    "大会开幕。",
)
pages = st.one_of(st.lists(st.sampled_from(FRAGMENTS), max_size=80).map("".join), st.text(max_size=120))


def cut_page(text: str) -> CutSource:
    return cut(Source(name="版.txt", text=text), page_model())


def positions(places: Iterable[SourceSpan]) -> list[int]:
    return [at for place in places for at in range(place.span.start, place.span.end)]


@settings(max_examples=400)
@given(pages)
@example("")
@example("\ud800本报讯 \udfff")
def test_no_text_breaks_segmentation(text: str) -> None:
    for draft in segment(Source(name="版.txt", text=text), page_model()):
        assert "".join(text[at] for at in positions(draft.body.origin)) == draft.body.text


@settings(max_examples=400)
@given(pages)
def test_no_character_is_in_two_articles(text: str) -> None:
    used = Counter(at for article in cut_page(text).articles for at in positions(article.places))

    assert [at for at, times in used.items() if times > 1] == []


@settings(max_examples=400)
@given(pages)
def test_every_passage_is_found_verbatim_at_its_origin(text: str) -> None:
    for each in cut_page(text).passages:
        assert "".join(text[at] for at in positions(each.passage.traced.origin)) == each.passage.text
        assert 0 < len(each.passage.text) <= MAXIMUM_LENGTH


@settings(max_examples=400)
@given(pages)
def test_a_title_adds_no_character_to_the_page(text: str) -> None:
    """A line end between two Latin words is told as a blank."""
    printed = Counter(text) + Counter(" " * text.count("\n"))
    for draft in segment(Source(name="版.txt", text=text), page_model()):
        assert not Counter(draft.facts.title or "") - printed


@given(pages)
def test_the_same_page_is_cut_the_same(text: str) -> None:
    assert cut_page(text) == cut_page(text)


def seconds_to_cut(unit: str, size: int) -> float:
    source = Source(name="版.txt", text=unit * (size // len(unit) + 1))
    # The collector walks everything that other tests have left in memory, which is not ours to time.
    gc.disable()
    try:
        started = time.process_time()
        cut(source, page_model())
        return time.process_time() - started
    finally:
        gc.enable()


SMALL, LARGE = 10_000, 50_000
PATIENCE = 1.5
"""Seconds for the small page: many times what it takes, so that a blow-up is caught before it hurts."""

GROWTH = 12
"""Five times the text may take five times as long; a quadratic step would make it twenty-five."""


def assert_linear(unit: str) -> None:
    small = seconds_to_cut(unit, SMALL)
    assert small < PATIENCE, f"{SMALL} characters of {unit!r} took {small:.1f} s"
    large = seconds_to_cut(unit, LARGE)
    assert large < max(0.5, GROWTH * small), f"{unit!r}: {small:.2f} s, five times as much {large:.2f} s"


LINE_BY_LINE = [
    "\n",
    "一\n",
    "一\n\n",
    "通知\n\n",
    "大会开幕。\n\n",
    "张三 摄\n\n",
    "本报记者 张三\n\n",
    "第 1 版\n",
]
INLINE = [
    "　",
    "\t",
    "\r",
    "# ",
    "- ",
    "** ",
    "*",
    "记者 ",
    "张三、",
    "本报",
    "本报 ",
    "1月2日",
    "2023 年 ",
    "。",
    "“",
    "（下转第",
]


@pytest.mark.parametrize("unit", [*LINE_BY_LINE, *INLINE])
def test_a_monotonous_page_is_cut_in_linear_time(unit: str) -> None:
    assert_linear(unit)


@pytest.mark.parametrize(
    ("before", "blanks", "after"),
    [
        ("文", 1_500, "x"),
        ("□", 20_000, "x"),
        ("记者 王勇", 20_000, "x"),
        ("大会开幕。王勇 摄", 20_000, "x"),
        ("大会开幕（下转", 20_000, "x。"),
        ("（上接", 20_000, "x。"),
        ("大会开幕，代表三千人出席，会期五天，与会者来自全省各地，群众都说好。\n|", 30_000, "x。"),
    ],
)
def test_blanks_within_a_line_are_passed_over_quickly(before: str, blanks: int, after: str) -> None:
    taken = seconds_to_cut(before + " " * blanks + after, 0)

    assert taken < PATIENCE, f"{blanks} blanks behind {before!r} took {taken:.1f} s"


# Coverage counts every line, which costs several times what the lines do.
MEGABYTE = 5.0 if sys.gettrace() is None else 25.0


@pytest.mark.parametrize("unit", ["一", "（", " ", "7", "一 "])
def test_a_megabyte_is_cut_in_seconds(unit: str) -> None:
    assert_linear(unit)
    taken = seconds_to_cut(unit, 2**20 * len(unit) // len(unit.encode()))
    assert taken < MEGABYTE, f"a megabyte of {unit!r} took {taken:.1f} s"
