"""From a source to articles and passages with stable names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qa.domain.sources import Source
from qa.engine.articles import CutSource, cut
from tests.shipped import page_model

PAGE = (
    "省委常委会召开会议\n\n本报太原2月23日讯 2月23日，省委常委会召开会议。李某主持会议。\n\n"
    "我省调整最低工资标准\n\n本报讯（记者 王佳丽）省政府调整最低工资标准，自2023年1月1日起施行。\n"
)
SEEDS = sorted((Path(__file__).parent.parent.parent / "seeds").glob("*.txt"))


def made(text: str, name: str = "甲.txt") -> CutSource:
    return cut(Source(name=name, text=text), page_model())


def bodies(page: CutSource) -> dict[str, str]:
    return {
        article.id: "".join(page.source.text[p.span.start : p.span.end] for p in article.places)
        for article in page.articles
    }


def test_the_same_page_gives_the_same_ids() -> None:
    assert made(PAGE) == made(PAGE)


def test_ids_are_hashes_of_name_place_and_words() -> None:
    page = made(PAGE)

    for position, (article, body) in enumerate(zip(page.articles, bodies(page).values(), strict=True)):
        expected = hashlib.sha256(f"article\x1f甲.txt\x1f{position}\x1f{body}".encode()).hexdigest()[:16]
        assert article.id == expected
    first = hashlib.sha256(f"passage\x1f{page.articles[0].id}\x1f0".encode()).hexdigest()[:16]
    assert page.passages[0].passage.id == first


def test_another_name_gives_other_ids() -> None:
    one, other = made(PAGE), made(PAGE, name="乙.txt")

    assert not {a.id for a in one.articles} & {a.id for a in other.articles}
    assert not {p.passage.id for p in one.passages} & {p.passage.id for p in other.passages}


def test_an_article_keeps_its_id_when_another_changes() -> None:
    before, after = made(PAGE), made(PAGE.replace("最低工资", "最高工资"))

    assert before.articles[0].id == after.articles[0].id
    assert before.articles[1].id != after.articles[1].id


def test_the_same_words_twice_on_a_page_are_two_articles() -> None:
    twice = made("本报讯 大会开幕。\n\n本报讯 大会开幕。\n")

    assert len({article.id for article in twice.articles}) == 2
    assert len({each.passage.id for each in twice.passages}) == 2


def test_what_is_searched_is_title_date_and_passage() -> None:
    first, second = made(PAGE).passages

    assert first.searched == "省委常委会召开会议\n2023年2月23日\n" + first.passage.text.strip()
    assert second.searched == "我省调整最低工资标准\n" + second.passage.text.strip()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_passages_of_an_article_cover_it(path: Path) -> None:
    page = made(path.read_bytes().decode("utf-8"), name=path.name)

    for article in page.articles:
        passages = [each.passage for each in page.passages if each.passage.article_id == article.id]
        assert len(passages) == article.passages
        assert "".join(passage.text for passage in passages) == bodies(page)[article.id]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_every_passage_of_a_sample_page_is_printed_there(path: Path) -> None:
    page = made(path.read_bytes().decode("utf-8"), name=path.name)

    assert page.passages
    for each in page.passages:
        origin = each.passage.traced.origin
        assert {place.source_id for place in origin} == {page.source.id}
        assert "".join(page.source.text[p.span.start : p.span.end] for p in origin) == each.passage.text


def test_a_page_without_text_has_no_articles() -> None:
    assert made("\n \n").articles == []
    assert made("\n \n").passages == []
