from __future__ import annotations

import pytest

from qa.domain.answers import Hit
from qa.ranking.fusion import fuse, standardised


def hits(**scores: float) -> list[Hit]:
    return [Hit(number=int(name[1:]), score=score) for name, score in scores.items()]


def test_scores_become_standard_deviations_from_the_mean() -> None:
    assert standardised(hits(n1=3.0, n2=1.0)) == {1: 1.0, 2: -1.0}


def test_equal_scores_are_all_at_the_mean() -> None:
    assert standardised(hits(n1=0.8, n2=0.8)) == {1: 0.0, 2: 0.0}


def test_the_weighted_sum_decides() -> None:
    # dense: 1 -> +1, 2 -> -1; lexical: 2 -> +1, 1 -> -1
    ranked = fuse(dense=hits(n1=0.9, n2=0.8), lexical=hits(n2=12.0, n1=2.0), dense_weight=0.7)

    assert [each.number for each in ranked] == [1, 2]
    assert ranked[0].fused == pytest.approx(0.7 * 1 + 0.3 * -1)
    assert (ranked[0].dense, ranked[0].lexical) == (0.9, 2.0)


def test_a_passage_that_one_search_missed_counts_there_as_one_deviation_below_its_worst_hit() -> None:
    ranked = fuse(dense=hits(n1=0.9, n2=0.7), lexical=hits(n3=5.0, n1=1.0), dense_weight=0.5)

    by_number = {each.number: each for each in ranked}
    assert by_number[3].fused == pytest.approx(0.5 * -2 + 0.5 * 1)
    assert by_number[3].dense is None
    assert by_number[2].lexical is None


def test_a_passage_that_alone_holds_the_word_gains_from_it() -> None:
    dense = [Hit(number=number, score=1 - number / 100) for number in range(10)]

    alone = [each.number for each in fuse(dense=dense, lexical=hits(n5=25.0))]

    assert alone.index(5) < [each.number for each in fuse(dense=dense, lexical=())].index(5)


def test_one_empty_ranking_leaves_the_other_to_decide() -> None:
    assert [each.number for each in fuse(dense=(), lexical=hits(n4=2.0, n9=3.0))] == [9, 4]


def test_ties_fall_to_the_smaller_number() -> None:
    assert [each.number for each in fuse(dense=hits(n7=0.5, n2=0.5), lexical=())] == [2, 7]


def test_nothing_found_is_nothing_ranked() -> None:
    assert fuse(dense=(), lexical=()) == []
