"""Made pages: the same every time, with a truth that is exact."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from bench.pages.batch import Order, made, orders
from bench.pages.dress import Dressed, dress
from bench.pages.emission import Line, Part, emit
from bench.pages.maker import make_page, make_pair
from bench.pages.news import story_of
from bench.pages.setting import set_apart, wrapped
from bench.pages.stories import Paragraph, Story, share_words
from bench.pages.styles import BY_NAME, STYLES, Style
from qa.domain.articles import ArticleKind
from qa.domain.spans import Span
from tests.bench.articles import DAY, STORIES

FOLDED = str.maketrans("，：；？！（）。“”、", ',:;?!()."",')
ALL = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)


def squeezed(text: str) -> str:
    """Text as a reader compares it: no white space, no Markdown, one width of punctuation."""
    return re.sub(r"[\s#*]+|^- ", "", text).translate(FOLDED)


def at(text: str, spans: tuple[Span, ...]) -> str:
    return squeezed("".join(text[span.start : span.end] for span in spans))


@ALL
def test_a_style_and_a_seed_give_the_same_page_every_time(style: Style) -> None:
    first, second = (make_page(STORIES, style=style, seed=5) for _ in range(2))
    assert first == second
    assert first.text != make_page(STORIES, style=style, seed=6).text


@ALL
def test_every_body_on_a_page_is_where_the_truth_says(style: Style) -> None:
    page = make_page(STORIES, style=style, seed=7)
    news = [article for article in page.truth if article.kind is ArticleKind.NEWS and not article.jump_to]
    known = [squeezed(story.text) for story in STORIES]
    for article in news:
        if article.jump_from is None:
            body = at(page.text, article.spans)
            assert any(story in body and len(body) < len(story) + 60 for story in known), body


@ALL
def test_every_character_of_a_page_is_accounted_for_once(style: Style) -> None:
    page = make_page(STORIES, style=style, seed=8)
    spans = [span for article in page.truth for span in article.spans]
    spans += [*page.furniture, *page.title_spans, *page.marks]
    counted = Counter(at for span in spans for at in range(span.start, span.end) if page.text[at].strip())
    printed = {at for at, character in enumerate(page.text) if character.strip()}
    assert set(counted) == printed
    assert set(counted.values()) == {1}


@ALL
def test_a_page_has_several_articles_with_titles_as_printed(style: Style) -> None:
    page = make_page(STORIES, style=style, seed=9)
    assert 3 <= len(page.truth) <= 14
    printed = at(page.text, page.title_spans)
    assert all(squeezed(title) in printed for article in page.truth for title in article.titles)


def test_a_pair_tells_on_both_pages_where_the_article_goes_on() -> None:
    first, second = make_pair(STORIES, style=BY_NAME["jumps"], seed=4)
    (begun,) = (article for article in first.truth if article.jump_to)
    (going_on,) = (article for article in second.truth if article.jump_from)
    assert f"下转第{begun.jump_to}版" in squeezed(first.text).replace("下转第", "下转").replace(
        "下转", "下转第"
    )
    assert at(second.text, second.marks).strip("()") in (
        f"上接第{going_on.jump_from}版",
        f"上接{going_on.jump_from}版",
    )
    together = at(first.text, begun.spans) + at(second.text, going_on.spans)
    together = re.sub(r"\(下转第?\d版\)", "", together)
    assert any(squeezed(story.text) in together for story in STORIES)


def test_interleaved_articles_alternate_at_the_ends_of_lines() -> None:
    pages = [make_page(STORIES, style=BY_NAME["interleaved"], seed=seed) for seed in range(4)]
    ends = [(page, span.end) for page in pages for article in page.truth for span in article.spans[:-1]]
    assert len(ends) > 8
    assert {page.text[end] for page, end in ends} == {"\n"}
    assert any(page.text[end - 1] not in "。”" for page, end in ends)


def test_a_date_is_only_known_where_the_page_prints_the_year() -> None:
    assert dates("columns") >= {None, date(2023, 9, 21)}
    assert dates("no-masthead") == {None}


def dates(style: str) -> set[date | None]:
    pages = [make_page(STORIES, style=BY_NAME[style], seed=seed) for seed in range(4)]
    return {article.date for page in pages for article in page.truth}


def test_pages_are_ordered_evenly_over_the_styles() -> None:
    counted = Counter(order.style for order in orders(2 * len(STYLES), seed=1))
    assert set(counted.values()) == {2}
    page = made(Order(style="plain", seed=1), days={DAY: STORIES})
    assert page.name == "plain-page-1"


def test_every_style_is_in_the_documentation() -> None:
    told = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert [style.name for style in STYLES if f"`{style.name}`" not in told] == []


def test_a_line_is_never_broken_before_punctuation_or_inside_a_number() -> None:
    assert wrapped("全市新增学位4200个，比去年多一成。", width=7) == [
        "全市新增学位",
        "4200个，比去年",
        "多一成。",
    ]


def test_characters_set_apart_keep_numbers_and_punctuation_whole() -> None:
    assert set_apart("《通知》指出，2023年起施行") == "《通 知》 指 出， 2023 年 起 施 行"


def test_what_is_emitted_is_found_again_in_reading_order() -> None:
    lines = [
        Line(text="丙丁", part=Part.BODY, owner=0, rank=2, after="\n\n"),
        Line(text="## 标题", part=Part.TITLE, owner=0),
        Line(text="甲乙", part=Part.BODY, owner=0, rank=1),
        Line(text="版务", part=Part.FURNITURE),
    ]
    emission = emit(lines)
    assert emission.text == "丙丁\n\n## 标题\n甲乙\n版务\n"
    assert emission.bodies == {0: (Span(10, 12), Span(0, 2))}
    assert emission.titles == {0: ("标题",)}
    assert emission.furniture == (Span(13, 15),)


def item(text: str, *, day: str = "2023-09-22") -> dict[str, object]:
    return {"date": day, "page": 3, "title": "清河大桥通车", "text": text}


SENTENCE = "大桥全长一千二百六十米，双向六车道，设计时速六十公里，两侧设人行道，方便居民过河。"


def test_a_news_item_loses_its_dateline_and_credit_and_keeps_what_they_told() -> None:
    story = story_of(item(f"本报太原9月21日电\xa0\xa0（记者王某）{SENTENCE}\n{SENTENCE}\n（本报记者王某）"))
    assert story is not None
    assert (story.agency, story.place, story.filed) == ("本报", "太原", date(2023, 9, 21))
    assert story.text == SENTENCE * 2


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        f"{SENTENCE}\n本报大同9月21日电 {SENTENCE}",
        f"{SENTENCE}{SENTENCE}\n项目|金额|年份",
        f"{SENTENCE}{SENTENCE}\n本报记者 王某\n{SENTENCE}",
    ],
)
def test_items_that_are_short_or_several_or_tables_are_not_used(text: str) -> None:
    assert story_of(item(text)) is None


def test_the_year_of_a_dateline_is_that_of_the_paper_or_the_one_before() -> None:
    story = story_of(item(f"本报太原12月31日电 {SENTENCE}{SENTENCE}", day="2024-01-01"))
    assert story is not None
    assert story.filed == date(2023, 12, 31)


def test_a_story_shares_most_words_with_a_shorter_version_of_itself_only() -> None:
    shorter = Story(titles=("短",), paragraphs=STORIES[0].paragraphs[:2], day=DAY)
    assert share_words(STORIES[0], shorter)
    assert not share_words(STORIES[0], STORIES[1])


def test_names_in_a_byline_are_those_of_the_truth() -> None:
    story = Story(titles=("题",), paragraphs=(Paragraph(text=SENTENCE),), day=DAY)
    dressed = [dress(story, style=BY_NAME["columns"], rng=Random(seed)) for seed in range(60)]
    assert sum(bool(each.authors) for each in dressed) > 20
    assert all(name in printed(each) for each in dressed for name in each.authors)


def printed(dressed: Dressed) -> str:
    return dressed.byline + dressed.paragraphs[0].text + dressed.credit
