"""Reading order: the best reading of certainties, by brute force; broken and mixed stories put in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from qa.text.gather import follows, in_order
from qa.text.language import folded_points, pairs_of
from qa.text.reading import best_reading, certainties, without_circles
from qa.text.reading_evidence import (
    NAMES,
    PAIR_EVIDENCE,
    RUN,
    SECOND,
    START_EVIDENCE,
    Section,
    columns,
    runs,
)
from qa.text.reading_pairs import of_headings, share_mixed, shared
from qa.text.reading_signs import Stretch, steps
from qa.text.strands import Floats, Held
from qa.text.weighing import NEVER, clipped, highest_of_others
from qa.text.wording import Wording
from tests.shipped import page_model
from tests.text.local_news import BEES, CANTEEN, CLINIC, FIRE, MARATHON, RESERVOIR

Reading = tuple[int | None, ...]


def text_block(
    text: str,
    *,
    opens: bool = False,
    headings: int = 0,
    heading: str = "",
    caption: bool = False,
    width: float = 0.0,
) -> Stretch:
    return Stretch(
        text=text,
        opens=opens,
        closed=False,
        broken_off=not text.endswith(("。", "”", "！")),
        caption=caption,
        marked=False,
        signed=False,
        headings=headings,
        headline=headings > 0,
        heading=heading,
        announces=False,
        width=width,
    )


def wording(blocks: Sequence[Stretch]) -> Wording:
    return Wording([each.text for each in blocks], page_model().language, page_model().manner)


def random_certainties(count: int, *, seed: int) -> Floats:
    scores = np.random.default_rng(seed).normal(0, 2, (count, count + 1)).astype(np.float32)
    scores[np.arange(count), np.arange(count)] = NEVER
    certain: Floats = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return certain


def total(reading: Sequence[int | None], certain: Floats) -> float:
    return float(sum(certain[at, -1 if each is None else each] for at, each in enumerate(reading)))


def readings(count: int) -> Iterator[Reading]:
    """All readings in which no block follows itself and none is followed by two."""
    options = [[None, *(other for other in range(count) if other != at)] for at in range(count)]
    for reading in product(*options):
        followed = [each for each in reading if each is not None]
        if len(set(followed)) == len(followed):
            yield reading


def has_circle(reading: Sequence[int | None]) -> bool:
    for begin in range(len(reading)):
        at = reading[begin]
        for _ in reading:
            if at is None or at == begin:
                break
            at = reading[at]
        if at is not None:
            return True
    return False


RANDOM = [(count, seed) for count in range(1, 6) for seed in range(12)]


@pytest.mark.parametrize(("count", "seed"), RANDOM)
def test_in_a_reading_no_block_is_followed_by_two_and_none_follows_itself(count: int, seed: int) -> None:
    reading = best_reading(random_certainties(count, seed=seed))
    followed = [each for each in reading if each is not None]

    assert len(reading) == count
    assert sorted(set(followed)) == sorted(followed)
    assert not has_circle(reading)


@pytest.mark.parametrize(("count", "seed"), RANDOM)
def test_the_reading_is_the_best_of_all_but_for_circles_that_are_opened(count: int, seed: int) -> None:
    certain = random_certainties(count, seed=seed)
    best = max(readings(count), key=lambda each: total(each, certain))
    expected = without_circles(list(best), certain)

    found = best_reading(certain)

    assert found == expected
    if not has_circle(best):
        assert total(found, certain) == pytest.approx(total(best, certain))


def test_some_of_these_readings_differ_from_what_each_block_would_choose_alone() -> None:
    """Or the tests above would not have tried an assignment, nor a circle."""
    greedy = [random_certainties(count, seed=seed).argmax(axis=1) for count, seed in RANDOM]
    doubled = [len(set(each[each < len(each)])) < (each < len(each)).sum() for each in greedy]
    best = [
        max(readings(count), key=lambda each: total(each, random_certainties(count, seed=seed)))
        for count, seed in RANDOM
    ]

    assert sum(doubled) >= 10
    assert sum(map(has_circle, best)) >= 5


def test_where_two_blocks_would_follow_one_the_less_certain_one_does_something_else() -> None:
    certain = np.log(
        np.array(
            [[1e-9, 0.05, 0.05, 0.9], [0.8, 1e-9, 0.1, 0.1], [0.6, 0.3, 1e-9, 0.1]],
            dtype=np.float32,
        )
    )

    assert certain.argmax(axis=1).tolist() == [3, 0, 0]
    assert best_reading(certain) == [None, 0, 1]


def test_a_circle_is_opened_at_its_weakest_link() -> None:
    certain = np.array(
        [[NEVER, -9.0, -0.1, -5.0], [-0.1, NEVER, -9.0, -0.6], [-9.0, -0.2, NEVER, -4.0]], dtype=np.float32
    )

    assert best_reading(certain) == [2, None, 1]


def test_only_the_circle_is_opened_and_what_leads_into_it_stays() -> None:
    certain = np.full((4, 5), -9.0, dtype=np.float32)
    certain[0, [1, 4]], certain[1, [0, 4]] = [-0.1, -3.0], [-0.1, -1.0]
    certain[2, [1, 4]], certain[3, [2, 4]] = [-0.1, -4.0], [-0.1, -4.0]

    assert without_circles([1, 0, 1, 2], certain) == [1, None, 1, 2]


def test_of_links_as_weak_as_each_other_the_first_is_opened() -> None:
    certain = np.array([[NEVER, -0.5, -1.0], [-0.5, NEVER, -1.0]], dtype=np.float32)

    assert best_reading(certain) == [None, 0]


@pytest.mark.parametrize("shape", [(1, 2), (3, 3), (4, 7)])
def test_the_highest_of_others_is_found_as_by_trying_them_all(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(2)
    for values in (random.normal(size=shape), random.integers(0, 3, shape)):
        found = highest_of_others(values.astype(np.float32))
        expected = [
            [max(float(each) for other, each in enumerate(row) if other != at) for at in range(len(row))]
            for row in values
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_only_value_of_a_row_has_no_others() -> None:
    assert highest_of_others(np.array([[3.0], [4.0]], dtype=np.float32)).tolist() == [[0.0], [0.0]]


def test_a_run_holds_a_block_and_those_read_right_before_and_after_it() -> None:
    before, after = runs([None, 0, None, 1, 2])

    assert before.tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [1, 1, 0, 1, 0],
        [0, 0, 1, 0, 1],
    ]
    assert after.tolist() == [
        [1, 1, 0, 1, 0],
        [0, 1, 0, 1, 0],
        [0, 0, 1, 0, 1],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 1],
    ]


def test_a_run_is_four_blocks_at_most() -> None:
    before, after = runs([None, *range(9)])

    assert before[9].tolist() == [0] * (10 - RUN) + [1] * RUN
    assert after[0].tolist() == [1] * RUN + [0] * (10 - RUN)


def test_steps_count_from_the_row_to_the_column() -> None:
    assert steps(3).tolist() == [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]


def test_columns_are_mixed_as_often_as_a_broken_text_does_not_go_on_below() -> None:
    goes_on = np.array([0.9, 0.1, 0.05, 0.5], dtype=np.float32)

    assert share_mixed(goes_on, np.array([1, 1, 0, 1], dtype=np.float32)) == pytest.approx(1 / 3)
    assert share_mixed(goes_on, np.zeros(4, dtype=np.float32)) == 0.3


def test_what_stands_in_two_blocks_only_binds_them() -> None:
    texts = ["清河大桥", "清河沿岸", "会场", "会场内", "会场外"]
    found = shared(Held(pairs_of(folded_points(texts))), len(texts))

    assert (found == found.T).all()
    assert found[0, 1] == pytest.approx(10 / 3)  # one pair of three in each
    assert found[2, 3] == pytest.approx(10 / 2 / np.sqrt(2), rel=1e-6)  # one that three blocks hold
    assert found[0, 2:].tolist() == [0, 0, 0]
    assert np.diagonal(found).tolist() == [0] * 5
    assert shared(Held(pairs_of(folded_points(["一"]))), 1).tolist() == [[0]]
    assert shared(Held(pairs_of(folded_points([]))), 0).shape == (0, 0)


def test_a_heading_is_compared_with_the_block_above_it_and_the_one_below() -> None:
    texts = ["清河大桥通车", "县医院开诊", "大桥通车典礼上"]
    stretches = [
        text_block(texts[0]),
        text_block(texts[1]),
        text_block(texts[2], headings=2, heading="通车典礼"),
    ]
    held = Held(pairs_of(folded_points(texts)))
    found = of_headings(
        stretches, held, page_model().language.of(folded_points(texts)), page_model().language
    )

    assert {name: each[1, 2] for name, each in found.items() if name != "heading_topic"} == {
        "heading_length_next": pytest.approx(4 / 30),
        "headings_next": 1,
        "heading_here": 1,
        "heading_there": 0,
    }
    assert found["heading_topic"][1, 2] > 0
    assert all(np.count_nonzero(each) <= 1 for each in found.values())


def test_columns_stand_in_their_order_and_what_is_told_of_pairs_only_is_zero_for_openings() -> None:
    pairs = {"b": np.array([[1.0], [2.0]], dtype=np.float32), "a": np.eye(2, dtype=np.float32)}
    found = columns(("a", "b", "c"), pairs, {"c": np.array([7, 8], dtype=np.float32)}, count=2)

    assert found.tolist() == [[[1, 0], [0, 1], [0, 0]], [[1, 1], [2, 2], [0, 0]], [[0, 0], [0, 0], [7, 8]]]


def names(found: Floats, *names: str) -> list[float]:
    return [float(found[NAMES.index(name)]) for name in names]


def test_evidence_has_a_row_a_block_a_column_a_choice_and_a_value_a_name() -> None:
    blocks = [
        text_block(RESERVOIR[1], opens=True, width=12),
        text_block(RESERVOIR[2][:60], width=12),
        text_block(CLINIC[1], opens=True, headings=1, heading=CLINIC[0], width=20),
        text_block(RESERVOIR[2][60:]),
    ]
    section = Section(blocks, wording(blocks))
    found = section.evidence()

    assert found.shape == (4, 5, len(NAMES))
    assert len(set(NAMES)) == len(NAMES)
    assert np.isfinite(found).all()
    assert not found[:, :4, len(PAIR_EVIDENCE) :].any()
    assert not found[:, 4, : len(PAIR_EVIDENCE)].any()
    # The second block follows the first.
    assert names(found[1, 0], "next", "soon", "before", "distance", "broken") == pytest.approx(
        [1, 0, 0, 0.1, 0]
    )
    assert names(found[1, 0], "opens", "same_width", "other_width", "heading_next") == [0, 1, 0, 0]
    # The third, with its headline and its dateline, follows the second, which broke off.
    assert names(found[2, 1], "next", "broken", "next_broken", "opens") == [1, 1, 1, 1]
    assert names(found[2, 1], "heading_next", "headline_next", "other_width") == [1, 1, 1]
    assert names(found[2, 3], "heading_apart", "heading_next", "before", "same_width") == [1, 0, 1, 0]
    # Or it opens an article.
    assert names(found[2, 4], *START_EVIDENCE[:5]) == [1, 0, 1, 1, 1]
    assert names(found[0, 4], "start_first", "start_opens", "start_nothing") == [1, 1, 0]
    assert names(found[3, 4], "start_first", "start_nothing", "start_caption") == [0, 1, 0]


def test_a_second_look_adds_what_the_first_reading_found() -> None:
    blocks = [text_block(each) for each in (*BEES[1:], *FIRE[1:])]
    section = Section(blocks, wording(blocks))
    certain = certainties(section.evidence(), page_model().reading)
    found = section.second_evidence([None, 0, 1, None, 3, 4], certain)

    assert found.shape == (6, 7, len(NAMES) + len(SECOND))
    np.testing.assert_array_equal(found[..., : len(NAMES)], section.evidence())
    chosen = found[..., len(NAMES) + SECOND.index("chosen")]
    assert chosen.argmax(axis=1).tolist() == [6, 0, 1, 6, 3, 4]
    assert (chosen.sum(axis=1) == 1).all()
    np.testing.assert_allclose(found[..., len(NAMES)], np.maximum(certain, -12))
    topic = found[..., len(NAMES) + SECOND.index("run_topic")]
    assert topic[2, 1] > topic[3, 2]


def test_the_certainties_of_a_block_make_one_and_it_never_follows_itself() -> None:
    blocks = [text_block(each) for each in MARATHON[1:]]
    certain = certainties(Section(blocks, wording(blocks)).evidence(), page_model().reading)

    np.testing.assert_allclose(np.exp(certain).sum(axis=1), [1, 1, 1], rtol=1e-4)
    assert (np.diagonal(certain) < -1e5).all()


def halves(story: Sequence[str]) -> list[str]:
    """A story without its headline in two blocks, broken amid a sentence."""
    text = "".join(story[1:])
    at = len(text) // 2
    while text[at - 1] in "，。；：、" or text[at] in "，。；：、":
        at += 1
    return [text[:at], text[at:]]


PAIRS_OF_STORIES = [
    (RESERVOIR, CLINIC),
    (MARATHON, BEES),
    (FIRE, CANTEEN),
    (BEES, RESERVOIR),
    (CLINIC, FIRE),
    (CANTEEN, MARATHON),
    (BEES, FIRE),
]


@pytest.mark.parametrize(("one", "other"), PAIRS_OF_STORIES)
def test_two_stories_whose_columns_are_mixed_are_put_in_order(
    one: Sequence[str], other: Sequence[str]
) -> None:
    (first, second), (third, fourth) = halves(one), halves(other)
    blocks = [
        text_block(first, opens=first.startswith("本报讯"), headings=1, heading=one[0]),
        text_block(third, opens=third.startswith("本报讯"), headings=1, heading=other[0]),
        text_block(second),
        text_block(fourth),
    ]

    assert in_order(follows(blocks, wording(blocks), page_model())) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(("one", "other"), PAIRS_OF_STORIES)
def test_a_page_that_is_in_order_stays_so(one: Sequence[str], other: Sequence[str]) -> None:
    blocks = [
        text_block(text, opens=text.startswith("本报讯"), headings=int(not at), heading=story[0] * (not at))
        for story in (one, other)
        for at, text in enumerate(story[1:])
    ]

    assert in_order(follows(blocks, wording(blocks), page_model())) == [[0, 1, 2], [3, 4, 5]]


def test_a_block_alone_opens_an_article() -> None:
    alone = [text_block(BEES[1])]

    assert follows(alone, wording(alone), page_model()) == [None]
    assert follows([], wording([]), page_model()) == []


def test_what_a_first_look_ruled_out_is_not_weighed_again_and_all_else_as_before() -> None:
    blocks = [text_block(each) for each in (*BEES[1:], *FIRE[1:])]
    section = Section(blocks, wording(blocks))
    whole = certainties(section.evidence(), page_model().reading)
    among = whole > -4.0
    found = certainties(section.evidence(), page_model().reading, among=among)

    assert 0 < among.sum() < among.size
    assert (found[:, :-1][~among[:, :-1]] < NEVER / 2).all()
    kept = whole[0][among[0]]
    expected = kept - np.logaddexp.reduce(kept)
    np.testing.assert_allclose(found[0][among[0]], expected, rtol=1e-3, atol=1e-3)
    assert (found[:, -1] > NEVER / 2).all()


def test_how_a_block_reads_and_the_heading_above_it_is_evidence_for_it_to_open_an_article() -> None:
    blocks = [
        text_block(BEES[1]),
        replace(text_block(FIRE[1], headings=1, heading=FIRE[0]), titles=(FIRE[0],)),
    ]
    read = Wording([BEES[1], FIRE[1], FIRE[0]], page_model().language, page_model().manner)
    found = Section(blocks, read).evidence()
    opening, following = (dict(zip(NAMES, found[1, at].tolist(), strict=True)) for at in (2, 0))
    title, begins, ending = (
        float(clipped(odds[read.rows([text])])[0])
        for odds, text in ((read.headlines, FIRE[0]), (read.beginnings, FIRE[1]), (read.endings, BEES[1]))
    )

    assert opening["start_title"] == following["title_next"] == title
    assert opening["start_begins"] == opening["start_begins_titled"] == following["begins_next"] == begins
    assert opening["start_ending_above"] == following["ending_next"] == ending
    assert opening["start_ended_above"] == 1.0
    assert dict(zip(NAMES, found[0, 2].tolist(), strict=True))["start_title"] == 0.0


def test_odds_are_no_surer_than_evidence_can_be() -> None:
    assert clipped(np.array([-60.0, -3.0, 0.0, 3.0, 60.0])).tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0]
