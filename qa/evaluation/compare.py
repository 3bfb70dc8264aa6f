"""Two runs over the same questions: what changed, and whether chance explains it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from qa.errors import QuestionsInvalid
from qa.evaluation.bootstrap import interval
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.retrieval import is_measured, retrieval_values
from qa.evaluation.scored import Ending, Scored, scored
from qa.evaluation.told import once

Labelled = tuple[LabelledQuestion, Prediction]

BETTER = {"correct": 1, "em": 1, "f1": 1, "refused_right": 1, "wrong": -1, "R@1": 1, "MRR@10": 1}
"""Measures that are compared, and whether more is better."""

OF_RANKING = frozenset({"R@1", "MRR@10"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both runs, over the questions that it is over.

    :param low, high: The 95 % interval of after − before, from paired resampling.
    """

    before: float
    after: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Tell whether the interval leaves out no difference at all."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one run to another.

    :param won: Ids of questions that ended well only afterwards.
    :param lost: Ids of questions that ended well only before.
    :param unexpected: Ids that end badly afterwards and are not among those known to.
    :param mended: Ids known to end badly that end well afterwards.
    """

    n: int
    differences: dict[str, Difference]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    unexpected: tuple[str, ...]
    mended: tuple[str, ...]

    @property
    def is_loss(self) -> bool:
        """Tell whether a measure is certainly worse than before."""
        return any(
            each.is_certain and (each.after - each.before) * BETTER[name] < 0
            for name, each in self.differences.items()
        )


def compare(
    before: Sequence[Labelled], after: Sequence[Labelled], *, known: Collection[str] | None = None
) -> Comparison:
    """Return what changed between two runs over the same questions.

    :param known: Ids of questions that are known to end badly; None where nothing is known.
    :raises QuestionsInvalid: When the runs are over other questions, or one has an id twice.
    """
    earlier, later = by_id(before, name="改动之前"), by_id(after, name="改动之后")
    check_same(earlier, later)
    pairs = [(earlier[id_], later[id_]) for id_ in earlier]
    bad = {new.asked.id for _, new in pairs if not ended_well(new)}
    return Comparison(
        n=len(pairs),
        differences={name: found for name in BETTER if (found := difference(pairs, name)) is not None},
        won=tuple(new.asked.id for old, new in pairs if ended_well(new) and not ended_well(old)),
        lost=tuple(new.asked.id for old, new in pairs if ended_well(old) and not ended_well(new)),
        unexpected=tuple(sorted(bad - set(known))) if known is not None else (),
        mended=tuple(sorted(set(known) & set(later) - bad)) if known is not None else (),
    )


def by_id(run: Sequence[Labelled], *, name: str) -> dict[str, Scored]:
    """Return what came of each question of a run.

    :raises QuestionsInvalid: Naming both places of an id that comes twice.
    """
    first_at: dict[str, str] = {}
    for number, (asked, _) in enumerate(run, start=1):
        once(asked.id, first_at, where=f"{name}第 {number} 题")
    return {asked.id: scored(asked, given) for asked, given in run}


def check_same(earlier: dict[str, Scored], later: dict[str, Scored]) -> None:
    """Refuse runs over other questions.

    :raises QuestionsInvalid: Naming the first question that differs.
    """
    for id_ in sorted(earlier.keys() ^ later.keys()):
        raise QuestionsInvalid(f"两次评测的题目不同：{id_} 只在其中一次里；请对同一个问题文件评测")
    for id_, old in earlier.items():
        if (old.asked.question, old.asked.answers) != (later[id_].asked.question, later[id_].asked.answers):
            raise QuestionsInvalid(f"两次评测的题目不同：{id_} 的问题或答案变了；请对同一个问题文件评测")


def ended_well(each: Scored) -> bool:
    """Tell whether a question was answered or refused rightly, or its document came first."""
    if each.asked.relevant:
        return each.given.rank == 1
    return each.ending in {Ending.RIGHT, Ending.REFUSED_RIGHT}


def difference(pairs: Sequence[tuple[Scored, Scored]], name: str) -> Difference | None:
    """Return a measure in both runs; None where it is over no question.

    Both runs are drawn together, question by question, so that what they have in common weighs nothing.
    """
    values = ranking_values(pairs, name) if name in OF_RANKING else answer_values(pairs, name)
    within = interval([other - one for one, other in values])
    if within is None:
        return None
    low, high = within
    return Difference(
        before=fmean(one for one, _ in values), after=fmean(other for _, other in values), low=low, high=high
    )


def ranking_values(pairs: Sequence[tuple[Scored, Scored]], name: str) -> list[tuple[float, float]]:
    """Return the values of a measure of the ranking in both runs, as a report has them."""
    both = [pair for pair in pairs if all(is_measured(each.asked, each.given) for each in pair)]
    old, new = (retrieval_values([(pair[at].asked, pair[at].given) for pair in both])[name] for at in (0, 1))
    return list(zip(old, new, strict=True))


def answer_values(pairs: Sequence[tuple[Scored, Scored]], name: str) -> list[tuple[float, float]]:
    """Return the values of a measure of the answers in both runs."""
    return [
        (one, other)
        for old, new in pairs
        if (one := value_of(old, name)) is not None and (other := value_of(new, name)) is not None
    ]


def value_of(each: Scored, name: str) -> float | None:
    """Return the value of a measure of the answer to a question; None where the measure is not over it."""
    if each.asked.relevant:
        return None
    if name == "wrong":
        return float(each.misleads)
    if name == "refused_right":
        return None if each.answerable else float(each.given.abstained)
    answered = {"correct": float(each.right), "em": each.em, "f1": each.f1}
    return answered[name] if each.answerable else None
