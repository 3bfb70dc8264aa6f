"""Which questions of a set are asked."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa.evaluation.questions import LabelledQuestion


def chosen(
    questions: Sequence[LabelledQuestion], *, limit: int | None, sample: int | None, seed: int
) -> list[LabelledQuestion]:
    """Return the first ``limit`` of ``sample`` questions drawn by a seed, in the order of the file."""
    kept = list(questions)
    if sample is not None and sample < len(kept):
        drawn = sorted(random.Random(seed).sample(range(len(kept)), sample))
        kept = [kept[at] for at in drawn]
    return kept[:limit]
