"""What newspaper Chinese is like: looked up in tables, against sums done one by one."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.language import (
    AROUND,
    OPENING,
    PAIRS,
    READ,
    SEEN,
    TOPIC,
    Language,
    Side,
    code_points,
    fold,
    folded_points,
    pair_rows,
    pairs_of,
    sampled,
)
from qa.text.strands import Floats, Strands
from tests.bench.articles import STORIES
from tests.shipped import page_model
from tests.text.local_news import ALL, BEES, CLINIC, FIRE, MARATHON, RESERVOIR

WIDTH, HIDDEN, DEPTH, TOPIC_DEPTH = 3, 5, 4, 2
ALPHABET = sorted(map(ord, "报大会开山水。，"))
TEXTS = (
    "",
    "会",
    "报会",
    "大会在太原开幕，山水如画。",
    "开山引水，" * 30,
    "大报，" * 7 + "山不在高，水不在深。" * 60,
)


def table(random: np.random.Generator, *shape: int) -> Floats:
    return random.normal(0.0, 1.0, shape).astype(np.float32)


def tiny_side(random: np.random.Generator) -> Side:
    return Side(
        inward=table(random, SEEN * WIDTH + WIDTH, HIDDEN),
        inward_bias=table(random, HIDDEN),
        outward=table(random, HIDDEN, DEPTH),
        outward_bias=table(random, DEPTH),
    )


def tiny_language() -> Language:
    random = np.random.default_rng(3)
    return Language(
        alphabet=np.array(ALPHABET, dtype=np.int64),
        characters=table(random, len(ALPHABET) + 1, WIDTH),
        pairs=table(random, PAIRS, WIDTH),
        topics=table(random, PAIRS, TOPIC_DEPTH),
        opening_characters=table(random, OPENING, len(ALPHABET) + 1),
        opening_pairs=table(random, OPENING - 1, PAIRS),
        before=tiny_side(random),
        after=tiny_side(random),
    )


TINY = tiny_language()


def slow_row(character: str) -> int:
    return ALPHABET.index(ord(character)) + 1 if ord(character) in ALPHABET else 0


def slow_pairs(text: str) -> list[int]:
    mixed = [ord(a) * 0x9E3779B1 + ord(b) * 0x85EBCA6B for a, b in pairwise(text)]
    return [(each ^ (each >> 15)) % PAIRS for each in mixed]


def slow_mean(rows: list[list[float]], *, width: int) -> list[float]:
    return [sum(row[at] for row in rows) / len(rows) if rows else 0.0 for at in range(width)]


def slow_layer(inputs: list[float], weights: Floats, bias: Floats) -> list[float]:
    rows: list[list[float]] = weights.tolist()
    biases: list[float] = bias.tolist()
    return [
        sum(each * row[at] for each, row in zip(inputs, rows, strict=True)) + biases[at]
        for at in range(len(biases))
    ]


def slow_vector(side: Side, *, nearest: str, around: str) -> list[float]:
    rows = [slow_row(each) for each in nearest[:SEEN]]
    rows += [0] * (SEEN - len(rows))
    inputs = [float(value) for row in rows for value in TINY.characters[row]]
    inputs += slow_mean([TINY.pairs[row].tolist() for row in slow_pairs(around)], width=WIDTH)
    hidden = [max(each, 0.0) for each in slow_layer(inputs, side.inward, side.inward_bias)]
    return slow_layer(hidden, side.outward, side.outward_bias)


def slow_opening(text: str) -> float:
    head = text[:OPENING]
    odds = sum(float(TINY.opening_characters[at, slow_row(each)]) for at, each in enumerate(head))
    return odds + sum(float(TINY.opening_pairs[at, row]) for at, row in enumerate(slow_pairs(head)))


def slow_topic(text: str) -> list[float]:
    seen = text if len(text) <= TOPIC else text[: TOPIC // 2] + text[-TOPIC // 2 :]
    mean = slow_mean([TINY.topics[row].tolist() for row in slow_pairs(seen)], width=TOPIC_DEPTH)
    length = math.sqrt(sum(each * each for each in mean))
    return [each / length if length else 0.0 for each in mean]


def points(*texts: str) -> Strands:
    return folded_points(texts)


def apart(strands: Strands) -> list[list[int]]:
    return [each.tolist() for each in np.split(strands.flat, strands.bounds[1:-1])]


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("2023年9月２１日", "0000年0月00日"),
        ("ＡＢＣ、Gdp", "abc、gdp"),
        ("，：；？！（）", ",:;?!()"),
        ("“甲”「乙」『丙』‘丁’", '"甲""乙""丙""丁"'),
        ("——论第①条", "--论第①条"),
        ("一　二\u00a0三\r\n四\t五", "一二三四五"),
        ("。", "。"),
        ("", ""),
    ],
)
def test_what_extraction_confuses_is_spelt_one_way(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@given(st.text(alphabet=st.sampled_from("中报 　\nＡaZ0９“」—－，,。!！'\"İſ"), max_size=40))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_any_text_folds_without_blanks_and_has_a_point_a_character(text: str) -> None:
    folded = fold(text)

    assert not any(each.isspace() for each in folded)
    assert code_points(folded).tolist() == [ord(each) for each in folded]


@given(
    st.lists(st.text(alphabet=st.sampled_from("中报 　\n\x00Ａ９“」—－，Zaſ\ud800\U0001f600"), max_size=8))
)
def test_texts_are_folded_together_as_each_alone(texts: list[str]) -> None:
    expected = [code_points(fold(each)).tolist() for each in texts]

    assert apart(points(*texts)) == (expected or [[]])


def test_a_capital_whose_small_letter_is_two_characters_is_the_first_of_them() -> None:
    assert apart(points("İ")) == [[ord("i")]]


def test_of_a_long_text_the_head_and_the_end_are_read() -> None:
    head, middle, end = "甲" * READ, "乙" * 500, "丙" * READ
    read = [ord("甲")] * READ + [ord("丙")] * READ

    assert apart(points(head + middle + end, head + end, "甲 " * 3)) == [read, read, [ord("甲")] * 3]


def test_a_pair_of_characters_has_one_row_wherever_it_stands() -> None:
    rows = pair_rows(code_points("大会开幕大会"))

    assert rows.tolist() == slow_pairs("大会开幕大会")
    assert rows[0] == rows[4]
    assert pair_rows(code_points("会大"))[0] != rows[0]
    assert len(pair_rows(code_points("会"))) == len(pair_rows(code_points(""))) == 0


@given(st.text(min_size=2, max_size=60))
def test_the_rows_of_pairs_lie_in_their_table(text: str) -> None:
    rows = pair_rows(code_points(text))

    assert len(rows) == len(text) - 1
    assert ((rows >= 0) & (rows < PAIRS)).all()
    assert rows.tolist() == slow_pairs(text)


def test_a_character_without_a_row_of_its_own_has_the_first() -> None:
    assert TINY.rows_of(code_points("报幕大")).tolist() == [slow_row("报"), 0, slow_row("大")]
    assert TINY.rows_of(code_points("\U0010ffff ")).tolist() == [0, 0]


def test_a_text_ends_as_sums_done_one_by_one_say() -> None:
    slow = [slow_vector(TINY.before, nearest=fold(each)[::-1], around=fold(each)[-AROUND:]) for each in TEXTS]

    np.testing.assert_allclose(TINY.ends(points(*TEXTS)), slow, rtol=1e-4, atol=1e-4)


def test_a_text_starts_as_sums_done_one_by_one_say() -> None:
    slow = [slow_vector(TINY.after, nearest=fold(each), around=fold(each)[:AROUND]) for each in TEXTS]

    np.testing.assert_allclose(TINY.starts(points(*TEXTS)), slow, rtol=1e-4, atol=1e-4)


def test_a_sentence_opens_as_sums_done_one_by_one_say() -> None:
    slow = [slow_opening(fold(each)) for each in TEXTS]

    np.testing.assert_allclose(TINY.openings(points(*TEXTS)), slow, rtol=1e-4, atol=1e-4)
    assert slow[0] == 0.0


def test_a_topic_is_the_mean_of_pairs_done_one_by_one() -> None:
    slow = [slow_topic(fold(each)) for each in TEXTS]

    np.testing.assert_allclose(TINY.of(points(*TEXTS)), slow, rtol=1e-4, atol=1e-4)


def test_the_middle_of_a_long_text_tells_nothing_of_its_topic() -> None:
    head, end = "山水" * (TOPIC // 4), "大会" * (TOPIC // 4)
    long = points(head + "开" * 77 + end, head + end)

    assert apart(sampled(long)) == [apart(long)[1]] * 2
    np.testing.assert_array_equal(*TINY.of(long))


def test_the_pairs_of_texts_are_those_of_each_alone() -> None:
    assert apart(pairs_of(points("", "会", "大会开幕", "", "开会"))) == [
        [], [], slow_pairs("大会开幕"), [], slow_pairs("开会"),
    ]  # fmt: skip


def test_empty_texts_do_not_fail() -> None:
    language = page_model().language

    assert language.of(points("", "会")).tolist() == [[0.0] * language.topics.shape[1]] * 2
    assert language.openings(points("")).tolist() == [0.0]
    assert np.isfinite(language.ends(points("", "会"))).all()
    assert np.isfinite(language.starts(points("", "会"))).all()


def torn(text: str) -> tuple[str, str]:
    """Tear a text in the middle of a sentence."""
    at = len(text) // 2
    while text[at - 1] in "，。；：、" or text[at] in "，。；：、":
        at += 1
    return text[:at], text[at:]


PARAGRAPHS = [paragraph for story in ALL for paragraph in story[1:]]
PARAGRAPHS += [each.text for story in STORIES for each in story.paragraphs if len(each.text) > 60]


def share_won(scores: Floats) -> float:
    """Return how often the diagonal beats another score of its row."""
    own = np.diagonal(scores)[:, None]
    return float((own > scores).sum() / (scores.size - len(scores)))


def test_a_torn_text_goes_on_better_in_its_own_other_half_than_in_those_of_others() -> None:
    language = page_model().language
    heads, tails = zip(*map(torn, PARAGRAPHS), strict=True)
    scores = language.ends(points(*heads)) @ language.starts(points(*tails)).T
    own = scores.argmax(axis=1) == np.arange(len(PARAGRAPHS))

    assert share_won(scores) > 0.9
    assert own.mean() > 0.4  # one in forty-four by chance


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("去年冬天大棚里种的西红柿卖了个好价钱，今年开春他又贷款十", "万元，新建了三座日光温室。"),
        ("县档案馆近日征集到一批民国年间的地契和书信，其中最", "早的一件写于一九一四年。"),
        ("入汛以来，我市平均降雨量比常年同期多三成，防汛指", "挥部要求各县做好巡堤查险。"),
        ("在全市职工技能大赛上，来自电力公司的青年技", "师用七分钟排除了全部故障，获得第一名。"),
    ],
)
def test_a_broken_sentence_goes_on_better_in_its_own_words_than_in_others(text: str, goes_on: str) -> None:
    language = page_model().language
    others = [
        "包车的司机满身酒气，经检测属于醉酒驾驶。",
        "万元，新建了三座日光温室。",
        "早的一件写于一九一四年。",
        "挥部要求各县做好巡堤查险。",
        "师用七分钟排除了全部故障，获得第一名。",
        *(paragraph for story in ALL for paragraph in story[1:]),
    ]
    wrong = [each for each in others if each != goes_on]
    scores = (language.ends(points(text)) @ language.starts(points(goes_on, *wrong)).T)[0]

    assert scores[0] > scores[1:].max()


def test_a_sentence_has_higher_odds_of_opening_where_it_begins() -> None:
    openings = page_model().language.openings
    sentences = [each + "。" for text in PARAGRAPHS for each in text.split("。") if len(each) > 24]
    begin = openings(points(*sentences))
    middle = openings(points(*(torn(each)[1] for each in sentences)))

    assert (begin > 0).mean() > 0.7
    assert (middle < 0).mean() > 0.7
    assert (begin > middle).mean() > 0.8


def test_halves_of_one_story_are_more_alike_than_stories_on_different_topics() -> None:
    stories: list[tuple[str, ...]] = [story[1:] for story in ALL]
    stories += [tuple(each.text for each in story.paragraphs) for story in STORIES]
    one, other = (
        page_model().language.of(points(*("".join(story[part]) for story in stories)))
        for part in (slice(2), slice(2, None))
    )
    likeness = one @ other.T
    own = np.diagonal(likeness)
    others = (likeness.sum(axis=1) - own) / (len(own) - 1)

    assert (own > others).all()
    assert share_won(likeness) > 0.9


@pytest.mark.parametrize(
    ("one", "other"), [(BEES, FIRE), (CLINIC, RESERVOIR), (MARATHON, FIRE), (RESERVOIR, MARATHON)]
)
def test_two_stories_are_told_apart_by_what_they_speak_of(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    first, second, foreign = page_model().language.of(points(one[1], one[2], other[2]))

    assert float(first @ second) > float(first @ foreign)
