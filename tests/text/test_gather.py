"""From the blocks of a page, in whatever order they came, to its articles."""

from __future__ import annotations

import tracemalloc

import pytest

from qa.domain.articles import ArticleKind
from qa.domain.traced import TracedText
from qa.text import gather as gathering
from qa.text.blocks import Role, blocks
from qa.text.gather import gather, in_order
from qa.text.gathered import Gathered
from tests.shipped import page_model
from tests.text.local_news import ALL, BEES, CANTEEN, CLINIC, FIRE, MARATHON, NEWS, RESERVOIR
from tests.text.pages import Item, items

Story = tuple[str, ...]
PAIRS = [(one, other) for one in ALL for other in NEWS if one is not other]


def gathered(*printed: str) -> list[Gathered]:
    return gather(blocks(TracedText.whole("\n\n".join(printed), source_id="版")), model=page_model())


def halves(story: Story) -> tuple[str, str]:
    """The text of a story, broken amid a sentence."""
    text = "".join(story[1:])
    at = len(text) // 2
    while text[at - 1] in "，。；：、" or text[at] in "，。；：、":
        at += 1
    return text[:at], text[at:]


def bare(text: str) -> str:
    return "".join(text.split())


def whole(article: Item, story: Story) -> bool:
    """Tell whether an article is a story, with its headline and all of its text in order."""
    return article.title == story[0] and bare(article.body) == bare("".join(story[1:]))


def test_articles_are_chains_of_predecessors_by_where_they_begin() -> None:
    assert in_order([None, None, 0, 1, 2]) == [[0, 2, 4], [1, 3]]
    assert in_order([2, None, None]) == [[2, 0], [1]]
    assert in_order([1, None]) == [[1, 0]]
    assert in_order([]) == []


def test_blocks_that_came_in_order_are_gathered_with_all_that_belongs_to_them() -> None:
    first, second = gathered(CLINIC[0], "本报记者 沈秋萍", *CLINIC[1:], BEES[0], *BEES[1:])

    assert [each.text.strip() for each in first.headings] == [CLINIC[0]]
    assert [each.text.strip() for each in first.body] == ["本报记者 沈秋萍", *CLINIC[1:]]
    assert [each.role for each in first.body] == [Role.BYLINE, *[Role.BODY] * 3]
    assert [each.text.strip() for each in second.body] == list(BEES[1:])
    assert first.mark is None


def test_a_mark_from_where_an_article_goes_on_is_kept_apart() -> None:
    first, second = gathered(*CLINIC, "（上接第1版）", BEES[2], BEES[3])

    assert second.mark is not None
    assert second.mark.text.strip() == "（上接第1版）"
    assert first.mark is None
    assert bare(second.text) == bare(BEES[2] + BEES[3])


def test_no_block_is_lost_and_none_is_in_two_articles() -> None:
    printed = [
        BEES[2],
        *FIRE[:2],
        "张昊宇 摄",
        CANTEEN[0],
        "记者 李静",
        BEES[3],
        CANTEEN[1],
        MARATHON[0],
        FIRE[3],
    ]
    found = [block.text for each in gathered(*printed) for block in (*each.headings, *each.body)]

    assert sorted(each.strip() for each in found) == sorted(printed)


def test_a_page_without_blocks_has_no_articles_and_one_of_headings_one() -> None:
    assert gathered() == []
    (only,) = gathered(BEES[0])
    assert ([each.text for each in only.headings], only.body) == ([BEES[0]], ())


@pytest.mark.parametrize(
    "printed",
    [
        BEES,
        BEES[1:],
        (CLINIC[0], "本报记者 沈秋萍", *CLINIC[1:]),
        (BEES[0], BEES[1][:-1] + "：", BEES[2]),
    ],
)
def test_texts_are_one_article_where_nothing_printed_says_otherwise(printed: Story) -> None:
    assert len(gathered(*printed)) == 1


@pytest.mark.parametrize("story", ALL)
def test_a_page_of_one_article_stays_whole(story: Story) -> None:
    (article,) = items(*story)

    assert whole(article, story)


@pytest.mark.parametrize(("one", "other"), [each for each in PAIRS if each != (FIRE, RESERVOIR)])
def test_articles_whose_columns_are_mixed_are_told_apart(one: Story, other: Story) -> None:
    (a1, a2), (b1, b2) = halves(one), halves(other)
    first, second = items(one[0], a1, other[0], b1, a2, b2)

    assert whole(first, one)
    assert whole(second, other)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_article_that_a_whole_other_one_interrupts_goes_on_behind_it(one: Story, other: Story) -> None:
    begin, end = halves(one)
    first, second = items(one[0], begin, *other, end)

    assert whole(first, one)
    assert whole(second, other)


@pytest.mark.parametrize(("one", "other"), [each for each in PAIRS if each[0] is not FIRE])
def test_a_tail_that_is_printed_before_its_headline_goes_to_the_end(one: Story, other: Story) -> None:
    begin, end = halves(one)
    first, second = items(end, one[0], begin, *other)

    assert whole(first, one)
    assert whole(second, other)


CAPTION = (
    "9月20日，市民在文化广场参观菊花展。当天，"
    "第十二届菊花展开幕，共展出三百多个品种、两万余盆菊花。\n张昊宇 武星星 摄"
)


@pytest.mark.parametrize("story", ALL)
def test_a_caption_that_interrupts_an_article_is_an_article_of_its_own(story: Story) -> None:
    begin, end = halves(story)
    article, caption = items(story[0], begin, CAPTION, end)

    assert whole(article, story)
    assert caption.kind is ArticleKind.CAPTION
    assert caption.authors == ("张昊宇", "武星星")
    assert bare(caption.body) == bare(CAPTION)


NOTICES = (
    ("遗失声明", "本人不慎将太原市某小区商品房买卖合同原件遗失，合同编号为201503271，现声明作废。张某"),
    (
        "停水公告",
        "因主管道检修，定于9月25日8时至18时对建设南路沿线停水，请沿线用户提前做好储水准备，不便之处敬请谅解。",
        "市自来水公司\n2023年9月22日",
    ),
    (
        "招租启事",
        "我单位位于迎宾街18号的临街门面房三间对外公开招租，面积共二百一十平方米，有意者请于9月30日前报名。",
    ),
)


def test_every_notice_is_an_article_of_its_own() -> None:
    found = items(*BEES, *(text for notice in NOTICES for text in notice))

    assert whole(found[0], BEES)
    assert [each.title for each in found[1:]] == [notice[0] for notice in NOTICES]
    assert {each.kind for each in found[1:]} == {ArticleKind.NOTICE}
    assert [bare(each.body) for each in found[1:]] == [bare("".join(notice[1:])) for notice in NOTICES]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("story", [RESERVOIR, CLINIC, MARATHON, BEES])
def test_a_notice_that_interrupts_an_article_is_taken_out_of_it(story: Story, notice: Story) -> None:
    begin, end = halves(story)
    article, found = items(story[0], begin, *notice, end)

    assert whole(article, story)
    assert found.title == notice[0]
    assert bare(found.body) == bare("".join(notice[1:]))


@pytest.mark.parametrize("story", ALL)
def test_a_credit_below_an_article_stays_there(story: Story) -> None:
    other = MARATHON if story is not MARATHON else CLINIC
    first, second = items(*story, "（记者 张慧 宋小宇）", *other)

    assert first.body.endswith("（记者张慧宋小宇）")
    assert whole(second, other)


def peak_of(count: int) -> int:
    """Bytes that a page of so many short articles, each with a heading, takes to be gathered."""
    page = "".join(f"第{at}号通知发布\n\n本报讯 大会{at}次开幕。\n\n" for at in range(count))
    printed = blocks(TracedText.whole(page, source_id="版"))
    tracemalloc.start()
    try:
        assert len(gather(printed, page_model())) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_square_of_the_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    # What follows what is read a section at a time, which is not looked at here and takes long.
    monkeypatch.setattr(gathering, "follows", lambda stretches, *_: [None] * len(stretches))

    assert peak_of(2000) < 2 * peak_of(1000)
