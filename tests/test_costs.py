"""No stage gets dearer unnoticed: counts of calls and of computed pieces, not of seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.costs import ALLOWED, Costs

DEARER = 1.5
FEW = 1000
"""Calls or pieces up to which a ratio says nothing."""


def grown(costs: Costs, allowed: Costs) -> Iterator[str]:
    """Yield what costs so much more than is allowed, or so much less that what is allowed says nothing."""
    for stage, counts in costs.items():
        for kind, count in counts.items():
            before = allowed[stage][kind]
            if max(count, before) > FEW and not before / DEARER < count < before * DEARER:
                yield f"{stage}: {before} -> {count} {kind}; if that is meant: python -m tests.costs --write"


def test_no_stage_costs_half_as_much_again_or_a_third_less() -> None:
    # One seed for hashes: the order of a set is part of what happens.
    counting = subprocess.run(
        [sys.executable, "-m", "tests.costs"],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert not list(grown(json.loads(counting.stdout), json.loads(ALLOWED.read_text("utf-8"))))


@pytest.mark.parametrize(("count", "told"), [(3000, 0), (4400, 0), (4500, 1), (2001, 0), (1999, 1), (0, 1)])
def test_half_as_much_again_is_told_and_less_is_not(count: int, told: int) -> None:
    assert len(list(grown({"ask": {"calls": count}}, {"ask": {"calls": 3000}}))) == told


def test_every_stage_has_a_count_that_can_grow() -> None:
    allowed: Costs = json.loads(ALLOWED.read_text("utf-8"))

    assert set(allowed) == {"load", "segment", "cut", "words", "index", "open", "search", "ask"}
    assert all(counts["calls"] > FEW for counts in allowed.values())
    assert allowed["index"]["pieces"] > FEW < allowed["ask"]["pieces"]
