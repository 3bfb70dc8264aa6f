"""How lines and texts read: like a headline, like a beginning, like an end; against sums done one by one."""

from __future__ import annotations

import numpy as np
import pytest

from qa.text.language import AROUND, PAIRS, code_points, fold, folded_points, pair_rows
from qa.text.manner import APART, PLACED, Tone, placed_rows
from qa.text.strands import Floats
from qa.text.wording import Wording
from tests.shipped import page_model
from tests.text.local_news import BEES, CANTEEN, CLINIC, FIRE, MARATHON, RESERVOIR

FEATURES, HIDDEN = 3, 4
STORIES = (RESERVOIR, CLINIC, MARATHON, BEES, FIRE, CANTEEN)
TEXTS = ("", "会", "大会开幕", "大会在太原开幕，山水如画。" * 9)


def table(random: np.random.Generator, *shape: int) -> Floats:
    return random.normal(0.0, 1.0, shape).astype(np.float32)


def tiny_tone() -> Tone:
    random = np.random.default_rng(5)
    return Tone(
        pairs=table(random, PAIRS, 2),
        placed=table(random, PAIRS, 2),
        inward=table(random, FEATURES, HIDDEN),
        inward_bias=table(random, HIDDEN),
        outward=table(random, HIDDEN, 2),
        outward_bias=table(random, 2),
    )


def slow_odds(tone: Tone, text: str, features: Floats) -> Floats:
    points = code_points(fold(text)[:AROUND])
    rows = pair_rows(points).tolist()
    hidden = np.maximum(features @ tone.inward + tone.inward_bias, 0.0)
    odds = hidden @ tone.outward + tone.outward_bias
    odds = odds + sum((tone.pairs[row] for row in rows), np.zeros(2))
    near = enumerate(rows[:PLACED])
    result: Floats = odds + sum((tone.placed[(row + APART * at) % PAIRS] for at, row in near), np.zeros(2))
    return result


def test_odds_are_the_sums_of_pairs_of_places_and_of_the_hidden_layer() -> None:
    tone, features = tiny_tone(), table(np.random.default_rng(6), len(TEXTS), FEATURES)
    points = folded_points(TEXTS)
    odds = tone.odds(points.head(AROUND), nearest=points.first(PLACED + 1), features=features)

    slow = [slow_odds(tone, text, row) for text, row in zip(TEXTS, features, strict=True)]
    np.testing.assert_allclose(odds, slow, rtol=1e-4, atol=1e-3)


def test_the_same_pair_has_another_row_at_another_place() -> None:
    rows = placed_rows(code_points("山山山山山")).tolist()

    assert len(set(rows)) == PLACED
    assert rows[0] == pair_rows(code_points("山山"))[0]


def wording(*texts: str) -> Wording:
    return Wording(texts, page_model().language, page_model().manner)


SUBHEADINGS = ("加强组织领导", "产业兴旺带来好日子", "健全长效机制", "核心阅读", "多方联动，形成合力")
TITLES = (
    "清河大桥建成通车",
    "省委常委会召开会议 研究部署安全生产工作",
    "让老区群众过上更好日子（人民时评）",
    "全省春季造林完成一百二十万亩",
    "李明会见古巴客人",
)


@pytest.mark.parametrize("title", TITLES)
def test_headlines_read_more_like_headlines_than_subheadings_do(title: str) -> None:
    read = wording(title, *SUBHEADINGS)
    odds = read.headlines[read.rows([title, *SUBHEADINGS])]

    assert odds[0] > np.median(odds[1:]) + 1.0


def test_a_first_paragraph_reads_more_like_a_beginning_than_later_ones_do() -> None:
    read = wording(*(text for story in STORIES for text in story))
    first = read.beginnings[read.rows([story[1] for story in STORIES])]
    later = read.beginnings[read.rows([text for story in STORIES for text in story[2:]])]

    assert np.median(first) > np.median(later) + 1.0


def test_a_text_that_was_torn_reads_neither_like_a_beginning_nor_like_an_end() -> None:
    halves = [(story[1][: len(story[1]) // 2], story[1][len(story[1]) // 2 :]) for story in STORIES]
    read = wording(
        *(text for story in STORIES for text in story), *(each for half in halves for each in half)
    )
    begun = read.beginnings[read.rows([after for _, after in halves])]
    ended = read.endings[read.rows([before for before, _ in halves])]

    assert np.median(begun) < np.median(read.beginnings[read.rows([story[1] for story in STORIES])]) - 1.0
    assert np.median(ended) < np.median(read.endings[read.rows([story[-1] for story in STORIES])]) - 1.0
