"""Tables say what was measured, rankings are judged as is standard, and nothing is measured twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.peers import __main__ as peers
from bench.peers.ours import Stages
from bench.peers.systems import Flat, Given
from training.retrieval_scores import SearchSet

SEARCHED = SearchSet(
    ids=["甲", "乙", "丙"],
    passages=["一", "二", "三"],
    questions=["问一", "问二"],
    relevant=[frozenset({"甲"}), frozenset({"乙", "丙"})],
)


def test_rankings_are_judged_by_the_rank_of_what_answers() -> None:
    assert peers.ndcg([[0, 1], [2, 1]], SEARCHED) == pytest.approx(1.0)
    assert peers.ndcg([[1, 0], [2, 1]], SEARCHED) == pytest.approx((0.6309 + 1) / 2, abs=1e-3)
    assert peers.ndcg([[], [0]], SEARCHED) == 0.0


def test_what_was_measured_is_kept_and_not_measured_again(tmp_path: Path) -> None:
    measured: list[str] = []

    def measure() -> dict[str, Any]:
        measured.append("once")
        return {"ms": [1.5]}

    kept = peers.Kept(tmp_path / "measured.json")

    assert kept.get("问报", measure) == kept.get("问报", measure) == {"ms": [1.5]}
    assert peers.Kept(tmp_path / "measured.json").get("问报", measure) == {"ms": [1.5]}
    assert measured == ["once"]


def test_ratios_are_of_one_part() -> None:
    def part(seconds: float) -> dict[str, Any]:
        return {"passages": 100, "whole_s": seconds, "mb": 900.0, "stages": {"encoder": 0.9, "cutting": 0.1}}

    told = peers.embed_table(
        {"问报": [part(10), part(20), part(10)], "txtai": [part(20), part(80), part(30)]}, news=60
    )

    assert "| txtai | 300 | 3.33 (1.25–5.00) | 3.00 (2.00–4.00) | 900 |" in told
    assert "问报: encoder 90.0%, cutting 10.0%." in told


def test_stages_count_what_runs_in_them_and_what_it_takes_to_come_by_things() -> None:
    stages = Stages()
    with stages.stage("encoder"):
        pass

    assert list(stages.each("loading", [1, 2])) == [1, 2]
    assert set(stages.seconds) == {"encoder", "loading"}


def test_a_search_has_its_quality_beside_its_time_where_it_took_part() -> None:
    told = {"ms": [1.0] * 20, "build_s": 3.2, "mb": 812.4}
    made = peers.search_table({"问报": told, "bm25s": told}, {"NCP": {"问报": 0.71234}}, passages=9)

    assert made.startswith("9 passages.")
    assert "| 问报 | both | 1.0 / 1.0 | 20 | 3 | 812 | 0.712 |" in made
    assert "| bm25s | words | 1.0 / 1.0 | 20 | 3 | 812 | — |" in made


def test_a_flat_index_finds_the_nearest() -> None:
    vectors = np.eye(3, dtype=np.float32)
    flat = Flat(Given(texts=["一", "二", "三"], words=["一", "二", "三"], vectors=vectors))

    assert flat.find("", vectors[1])[0] == 1
