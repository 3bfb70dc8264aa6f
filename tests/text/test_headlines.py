"""Headlines and subheadings: whose line a heading is, wherever it was printed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text import headline_options
from qa.text.blocks import Role, blocks
from qa.text.gather import stretches_of, wording_of
from qa.text.headline_evidence import NAMES, SECOND, Headings, highest_elsewhere, lead, mean_beside, overlaps
from qa.text.headline_options import NO_ARTICLE, PARTS, Choices, Option, Part, headings_of, parts_of
from qa.text.headlines import DOUBTED, best
from qa.text.language import folded_points, pairs_of
from qa.text.places import Page, page_of
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
    blocks_of_page = [block for place in found.places for block in (*place.above, place.block)]
    read = wording_of([*blocks_of_page, *found.below], page_model().language, page_model().manner)
    return Headings(found, stretches=stretches, articles=articles, wording=read)


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


def test_a_page_is_looked_at_whole_unless_its_headings_and_texts_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = page(*(text for story in NEWS for text in story), "冬灌进行时")
    whole = Span(0, len(printed.places))
    assert parts_of(printed) == [whole]

    monkeypatch.setattr(headline_options, "MOST", 8)
    parts = parts_of(printed)

    assert len(parts) > 1
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(parts))
    for part in parts:
        above = [block for place in printed.places[part.start : part.end] for block in place.above]
        assert len(part) * sum(block.role is Role.HEADING for block in above) <= 8


def test_headings_below_the_last_text_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headline_options, "MOST", 8)

    assert parts_of(page(*FIRE, *["冬灌进行时"] * 9)) == [Span(0, 2), Span(2, 3)]


def test_headings_are_told_by_parts_as_by_the_whole_page(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = [text for story in NEWS for text in story]
    whole = items(*printed)

    monkeypatch.setattr(headline_options, "MOST", 8)

    assert items(*printed) == whole
    assert [each.title for each in whole] == [story[0] for story in NEWS]


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
    choices = Choices.of([found.options(each) for each in found.headings])
    rows = choices.apart(found.evidence(choices))[1]
    above, below = rows[1], rows[0]

    assert rows.shape == (len(found.options(found.headings[1])), len(NAMES))
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
    choices = Choices.of([found.options(each) for each in found.headings])
    rows = found.evidence(choices)
    again = found.second_evidence(choices, rows, page_model().headings)

    assert again.shape == (len(choices.options), len(NAMES) + len(SECOND))
    np.testing.assert_array_equal(again[:, : len(NAMES)], rows)
    for each in choices.apart(again):
        certain = np.exp(each[:, len(NAMES)])
        assert certain.sum() == pytest.approx(1, abs=1e-4)
        assert each[:, len(NAMES) + 1].tolist() == (certain == certain.max()).astype(float).tolist()


NOTHING = Option(part=Part.NOTHING, article=None)
HEADLINE, TAIL = (Option(part=part, article=2) for part in (Part.HEADLINE, Part.TAIL))


def test_the_options_of_all_headings_stand_one_behind_the_other() -> None:
    choices = Choices.of([[HEADLINE, NOTHING], [TAIL]])

    assert choices.options == (HEADLINE, NOTHING, TAIL)
    assert (choices.starts.tolist(), choices.heading.tolist()) == ([0, 2], [0, 0, 1])
    assert [PARTS[at] for at in choices.part] == [Part.HEADLINE, Part.NOTHING, Part.TAIL]
    assert choices.article.tolist() == [2, NO_ARTICLE, 2]
    assert [each.tolist() for each in choices.apart(np.arange(3, dtype=np.float32))] == [[0, 1], [2]]


def test_probabilities_are_those_of_a_softmax_over_the_options_of_each_heading() -> None:
    choices = Choices.of([[NOTHING] * 3, [NOTHING] * 2])
    found = choices.probabilities(np.log(np.array([1, 2, 5, 3, 1], dtype=np.float32)) + 700)

    np.testing.assert_allclose(found, [0.125, 0.25, 0.625, 0.75, 0.25], rtol=1e-4)


def test_the_share_of_pairs_that_an_article_holds_counts_each_pair_once() -> None:
    headings, articles = (
        pairs_of(folded_points(each)) for each in (["山水山水", "大会", "水"], ["山水", "", "大会山"])
    )

    np.testing.assert_allclose(overlaps(headings, articles), [[0.5, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0] * 3])


@pytest.mark.parametrize("seed", range(5))
def test_wishes_of_other_headings_are_found_as_by_asking_them_one_by_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    wishes = (random.integers(0, 4, (9, 4)) / 4).astype(np.float32)
    gaps = np.sort(random.integers(0, 5, 9))
    beside, accompanied = mean_beside(wishes, gaps)

    for at, row in enumerate(highest_elsewhere(wishes, gaps)):
        others = np.array([wishes[each] for each in range(9) if gaps[each] != gaps[at]]).reshape(-1, 4)
        assert row.tolist() == others.max(axis=0, initial=0.0).tolist()
        same = [wishes[each] for each in range(9) if gaps[each] == gaps[at] and each != at]
        np.testing.assert_allclose(beside[at], np.mean(same, axis=0) if same else [0.0] * 4, atol=1e-6)
        assert accompanied[at] == bool(same)


def test_the_lead_of_a_value_is_over_the_best_other_one() -> None:
    np.testing.assert_allclose(lead(np.array([[1.0, 4.0, 3.0]], dtype=np.float32)), [[-3, 1, -1]])
    np.testing.assert_allclose(lead(np.array([[0.5], [2.0]], dtype=np.float32)), [[0.5], [2.0]])


def test_that_a_heading_is_text_must_be_five_times_as_likely_as_anything_else() -> None:
    choices = Choices.of([[HEADLINE, TAIL], [HEADLINE, TAIL]])
    odds = np.log(np.array([1, 0.9 / DOUBTED, 1, 1.1 / DOUBTED], dtype=np.float32))

    assert [each.part for each in best(choices, odds)] == [Part.HEADLINE, Part.TAIL]


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
