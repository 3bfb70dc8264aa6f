"""Headlines and subheadings: whose line a heading is, wherever it was printed."""

from __future__ import annotations

import numpy as np
import pytest

from qa.domain.traced import TracedText
from qa.text.blocks import blocks
from qa.text.gather import stretches_of
from qa.text.headline_evidence import NAMES, SECOND, Headings, lead
from qa.text.headline_options import Option, Part, headings_of
from qa.text.headlines import DOUBTED, best
from qa.text.places import Page, page_of
from qa.text.weighing import probabilities
from tests.shipped import page_model
from tests.text.local_news import ALL, BEES, CANTEEN, CLINIC, FEATURES, FIRE, NEWS, RESERVOIR
from tests.text.pages import items

Story = tuple[str, ...]
PAIRS = [(one, other) for one in ALL for other in NEWS if one is not other]
OF_NEWS = [(one, other) for one, other in PAIRS if one in NEWS]


def page(*printed: str) -> Page:
    return page_of(blocks(TracedText.whole("\n\n".join(printed), source_id="版")))


def headings(*printed: str, articles: list[list[int]]) -> Headings:
    found = page(*printed)
    stretches = stretches_of(found)
    return Headings(found, stretches=stretches, articles=articles, language=page_model().language)


def titles(*printed: str) -> list[str | None]:
    return [each.title for each in items(*printed)]


def test_headings_are_numbered_by_the_text_below_them_from_the_top() -> None:
    found = list(
        headings_of(
            page(
                "冬灌进行时",
                RESERVOIR[0],
                "本报记者 方立",
                RESERVOIR[2],
                RESERVOIR[3],
                CLINIC[0],
                CLINIC[2],
                FIRE[0],
            )
        )
    )

    assert [
        (each.block.text.strip(), each.gap, each.position, each.among, each.signed) for each in found
    ] == [
        ("冬灌进行时", 0, 0, 2, False),
        (RESERVOIR[0], 0, 1, 2, True),
        (CLINIC[0], 2, 0, 1, False),
        (FIRE[0], 3, 0, 1, False),
    ]


def test_a_heading_may_be_a_headline_of_any_article_near_it_or_stand_in_one_or_be_nothing() -> None:
    found = headings(BEES[1], "蜜蜂过冬", BEES[2], FIRE[0], FIRE[1], articles=[[0, 1], [2]])
    first, second = (found.options(each) for each in found.headings)
    of_both = [Option(part=Part.HEADLINE, article=0), Option(part=Part.HEADLINE, article=1)]

    assert first == [
        *of_both,
        Option(part=Part.INSIDE, article=0),
        Option(part=Part.TAIL, article=0),
        Option(part=Part.LEAD, article=0),
        Option(part=Part.NOTHING, article=None),
    ]
    assert second == [
        *of_both,
        Option(part=Part.TAIL, article=0),
        Option(part=Part.LEAD, article=1),
        Option(part=Part.NOTHING, article=None),
    ]


def test_a_heading_stands_inside_only_where_the_article_goes_on_below_it() -> None:
    found = headings(BEES[1], "蜜蜂过冬", BEES[2], FIRE[1], articles=[[1, 0], [2]])
    (options,) = (found.options(each) for each in found.headings)

    assert Part.INSIDE not in [each.part for each in options]


def test_evidence_has_a_row_an_option_and_a_value_a_name() -> None:
    found = headings(BEES[1], "蜜蜂过冬", BEES[2], FIRE[0], FIRE[1], articles=[[0, 1], [2]])
    options = found.options(found.headings[1])
    rows = found.evidence(1, options)
    above, below = rows[1], rows[0]

    assert rows.shape == (len(options), len(NAMES))
    assert np.isfinite(rows).all()
    assert len(set(NAMES)) == len(NAMES)
    assert [above[NAMES.index(name)] for name in ("headline", "above", "below", "alone", "top")] == [
        1,
        1,
        0,
        1,
        0,
    ]
    assert [below[NAMES.index(name)] for name in ("headline", "above", "below", "around")] == [1, 0, 1, 0]
    assert above[NAMES.index("overlap")] > below[NAMES.index("overlap")]
    assert [rows[-1, NAMES.index(name)] for name in ("nothing", "headline", "above")] == [1, 0, 0]


def test_a_second_look_adds_how_likely_each_option_seemed() -> None:
    found = headings(BEES[1], "蜜蜂过冬", BEES[2], FIRE[0], FIRE[1], articles=[[0, 1], [2]])
    options = [found.options(each) for each in found.headings]
    rows = [found.evidence(number, each) for number, each in enumerate(options)]
    again = found.second_evidence(options, rows, page_model().headings)

    for one, other in zip(rows, again, strict=True):
        assert other.shape == (len(one), len(NAMES) + len(SECOND))
        np.testing.assert_array_equal(other[:, : len(NAMES)], one)
        certain = np.exp(other[:, len(NAMES)])
        assert certain.sum() == pytest.approx(1, abs=1e-4)
        assert other[:, len(NAMES) + 1].tolist() == (certain == certain.max()).astype(float).tolist()


def test_probabilities_are_those_of_a_softmax() -> None:
    found = probabilities(np.log(np.array([1, 2, 5], dtype=np.float32)) + 700)

    np.testing.assert_allclose(found, [0.125, 0.25, 0.625], rtol=1e-4)


def test_the_lead_of_a_value_is_over_the_best_other_one() -> None:
    np.testing.assert_allclose(lead(np.array([1.0, 4.0, 3.0], dtype=np.float32)), [-3, 1, -1])
    np.testing.assert_allclose(lead(np.array([0.5], dtype=np.float32)), [0.5])


def test_that_a_heading_is_text_must_be_twice_as_likely_as_anything_else() -> None:
    options = [Option(part=Part.HEADLINE, article=0), Option(part=Part.TAIL, article=0)]
    likely = [np.log(np.array([1, odds], dtype=np.float32)) for odds in (0.9 / DOUBTED, 1.1 / DOUBTED)]

    assert [best(options, each).part for each in likely] == [Part.HEADLINE, Part.TAIL]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_headline_above_opens_its_article(one: Story, other: Story) -> None:
    assert titles(*one, *other) == [one[0], other[0]]


@pytest.mark.parametrize("one", NEWS)
@pytest.mark.parametrize("other", FEATURES)
def test_a_headline_with_a_byline_opens_a_feature(one: Story, other: Story) -> None:
    first, second = items(*one, other[0], "本报记者 柳青", *other[1:])

    assert (first.title, second.title) == (one[0], other[0])
    assert second.authors == ("柳青",)


@pytest.mark.parametrize(("one", "other"), OF_NEWS)
def test_headlines_below_their_articles_go_up_to_them(one: Story, other: Story) -> None:
    first, second = items(*one[1:], one[0], *other[1:], other[0])

    assert (first.title, second.title) == (one[0], other[0])
    assert first.body.startswith(one[1].replace(" ", "")[:40])
    assert second.body.startswith(other[1].replace(" ", "")[:40])


def test_on_a_page_of_headlines_below_every_one_goes_up() -> None:
    assert titles(*(text for story in NEWS for text in (*story[1:], story[0]))) == [each[0] for each in NEWS]


@pytest.mark.parametrize(
    ("story", "subheadings"),
    [
        (RESERVOIR, ("筑起防渗墙", "渠水到地头")),
        (CLINIC, ("下班再看病", "大夫轮着休")),
        (BEES, ("老人们服气了", "一户一个标签")),
        (FIRE, ("车道被占了", "逐栋来排查")),
        (CANTEEN, ("菜谱每周换", "账面有盈余")),
    ],
)
def test_a_subheading_stays_inside_its_article(story: Story, subheadings: tuple[str, str]) -> None:
    printed = [story[0], story[1], subheadings[0], story[2], subheadings[1], story[3]]
    (article,) = items(*printed)

    assert article.title == story[0]
    assert [article.body.index(each) for each in subheadings] == sorted(map(article.body.index, subheadings))
    assert article.body.replace("\n", "") == "".join(printed[1:]).replace(" ", "")


@pytest.mark.parametrize(("one", "other"), [each for each in PAIRS if each[0] is not BEES])
def test_a_kicker_and_a_subtitle_stay_with_their_headline(one: Story, other: Story) -> None:
    first, second = items("民生一线", one[0], "——身边事新观察", *one[1:], *other)

    assert "身边事" not in second.body + (second.title or "")
    assert "民生一线" not in first.body
    assert first.title == one[0]
    assert second.title == other[0]
